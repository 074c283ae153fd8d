"""What cfn-lint says of built templates, at the lines of the pack that they come from.

cfn-lint is in the extra `rules`. Importing it takes seconds, and so does a template: `packs build` uses it, `validate`
does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec

from orgctl.diagnostics import Diagnostic
from orgctl.packs import codes
from orgctl.packs.built import BuiltPack
from orgctl.packs.pack import Pack
from orgctl.packs.template import logical_ids
from orgctl.source import Place

_KEYS = {
    "ComplianceResourceTypes": "resource_types",
    "ConfigRuleName": "name",
    "InputParameters": "parameters",
    "MaximumExecutionFrequency": "frequency",
}
"""Which key of a pack's rule a property comes from."""


def installed() -> bool:
    """Whether there is a cfn-lint to ask."""
    return find_spec("cfnlint") is not None


def lint(pack: Pack, built: BuiltPack) -> tuple[Diagnostic, ...]:
    """What cfn-lint takes for errors in one of the pack's templates. Raises ImportError without cfn-lint."""
    places = _places(pack, built.region)
    found = (_diagnostic(pack, places, *match) for match in _matches(built.template, built.region))
    return tuple(dict.fromkeys(found))


def _places(pack: Pack, region: str) -> dict[str, Place]:
    """Where in the pack's file each resource of the template comes from."""
    rules = [rule for rule in pack.rules if region in rule.regions]
    return {name: rule.place for name, rule in zip(logical_ids(rules), rules, strict=True)}


def _diagnostic(pack: Pack, places: dict[str, Place], rule: str, message: str, path: Sequence[object]) -> Diagnostic:
    resource = str(path[1]) if len(path) > 1 else ""
    place = places.get(resource, ())
    if resource not in places and resource.removesuffix("Remediation") in places:
        place = (*places[resource.removesuffix("Remediation")], "remediation")
    key = next((_KEYS[str(step)] for step in path if str(step) in _KEYS), None)
    where = (*place, key) if key and place else place
    hint = "see cfn-lint's page of rules"
    return Diagnostic(codes.LINTED, f"cfn-lint {rule}: {_plain(message)}", pack.source.at(where), hint)


def _plain(message: str) -> str:
    """Our manner of naming what the user wrote: in backticks."""
    return re.sub(r"'([^']*)'", r"`\1`", message[:1].lower() + message[1:])


@cache
def _matches(template: str, region: str) -> tuple[tuple[str, str, tuple[object, ...]], ...]:
    """Rule, message and path of each error. A pack is often the same in several regions: it is asked for once."""
    return tuple(_errors(template, region))


def _errors(template: str, region: str) -> Iterator[tuple[str, str, tuple[object, ...]]]:
    from cfnlint.api import lint as lint_template
    from cfnlint.config import ManualArgs

    for match in lint_template(template, config=ManualArgs(regions=[region])):
        if match.rule.severity == "error":
            yield match.rule.id, match.message, tuple(match.path or ())
