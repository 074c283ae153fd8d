"""What a manifest's conformance packs need to be deployed: the packs as built, and the code of their rules."""

from __future__ import annotations

from collections.abc import Sequence

from orgctl.api.packs import packs_of
from orgctl.diagnostics import Diagnostic, Severity
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest
from orgctl.packs.building import build_packs
from orgctl.packs.documents import load_documents
from orgctl.rules.building import build
from orgctl.state.watched import Watch


def watch_of(loaded: LoadedManifest) -> Watch | None:
    """What the packs need that the manifest deploys; None if it leaves AWS Config alone.

    Raises InvalidInputError for packs and rules with errors in them; OrgctlError if a rule cannot be built because
    rdklib is not installed.
    """
    config = loaded.manifest.config
    if config is None or not config.packs:
        return Watch() if config else None
    packs, problems = packs_of(loaded, None)  # a waiver that has expired is no reason not to deploy
    _refuse(problems)
    deployed = [pack for pack in packs if pack.name in config.packs]
    built = build_packs(deployed)
    used = {rule.custom.name: rule.custom for pack in deployed for rule in pack.rules if rule.custom}
    code = {name: build(used[name]) for name in sorted({name for pack in built for name in pack.functions})}
    documents = load_documents(loaded.directory).found
    named = {name for pack in built for name in pack.documents}
    return Watch(
        built,
        code,
        frozenset(action for name in code for action in used[name].permissions),
        {name: document.content for name, document in documents.items() if name in named},
    )


def _refuse(problems: Sequence[Diagnostic]) -> None:
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    if errors:
        what = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise InvalidInputError(f"the rules and conformance packs have {what}", diagnostics=errors)
