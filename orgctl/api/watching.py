"""What a manifest's conformance packs need to be deployed: the packs as built, and the code of their rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest
from orgctl.packs.building import build_packs
from orgctl.packs.documents import load_documents
from orgctl.packs.source import load_packs
from orgctl.rules.building import build
from orgctl.rules.catalog import load_rules
from orgctl.rules.rule import Rule
from orgctl.state.watched import Watch


def watch_of(loaded: LoadedManifest) -> Watch | None:
    """What the packs need that the manifest deploys; None if it leaves AWS Config alone.

    Raises InvalidInputError for packs and rules with errors in them; OrgctlError if a rule cannot be built because
    rdklib is not installed.
    """
    config = loaded.manifest.config
    if config is None or not config.packs:
        return Watch() if config else None
    rules, wrong_rules = load_rules(loaded.directory)
    packs, wrong_packs = load_packs(loaded, rules, datetime.now(UTC).date())
    _refuse((*wrong_rules, *wrong_packs))
    built = build_packs(pack for pack in packs if pack.name in config.packs)
    used = _used(rules, {name for pack in built for name in pack.functions})
    documents = load_documents(loaded.directory).found
    named = {name for pack in built for name in pack.documents}
    return Watch(
        built,
        {rule.name: build(rule) for rule in used},
        frozenset(action for rule in used for action in rule.permissions),
        {name: document.content for name, document in documents.items() if name in named},
    )


def _used(rules: Sequence[Rule], names: set[str]) -> list[Rule]:
    return [rule for rule in rules if rule.name in names]


def _refuse(problems: Sequence[Diagnostic]) -> None:
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    if errors:
        what = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise InvalidInputError(f"the rules and conformance packs have {what}", diagnostics=errors)
