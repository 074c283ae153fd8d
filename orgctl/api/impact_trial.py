"""One policy at one place, tried instead of what the manifest changes: `--policy FILE --target ou:/…`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, known_values
from orgctl.manifest.checks.placeholders import placeholder_problems
from orgctl.manifest.insertion import Values, insert
from orgctl.manifest.loaded import PolicyFile
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.policies import read_document
from orgctl.model.policy_types import RCP, SCP
from orgctl.model.resources import Account, Organization, Policy, Unit
from orgctl.model.state import State
from orgctl.policy.canonical import minify
from orgctl.policy.parser import parse, parse_source

_ROOT = "ou:/"


@dataclass(frozen=True, slots=True)
class Trial:
    """A policy with the file that it comes from, and the address of the target that it is tried at."""

    policy: Policy
    file: PolicyFile
    target: str


def trial(loaded: LoadedManifest, state: State, path: Path, target: str) -> Trial:
    """The policy of a file, with the manifest's values in it, at a target of the organization.

    What lies in a folder `rcp`, or names principals, is an RCP, else it is an SCP. Raises InvalidInputError for a file
    that holds no policy, and for a target that is not there.
    """
    file, document = _read(path, {**known_values(loaded), **_ids(state)})
    content = minify(document)
    if any(statement.principals for statement in parse(content).statements):
        file = PolicyFile(_name(path, RCP.folder), file.path, file.source, file.document)
    return Trial(Policy(file.name, content), file, _address(state, target))


def _read(path: Path, values: Values) -> tuple[PolicyFile, Mapping[str, object]]:
    """The file, and its policy with the values in it, which can be parsed."""
    problems: list[Diagnostic] = []
    file = read_document(path, _name(path, SCP.folder), str(path), problems)
    problems += placeholder_problems(file, values) if file else ()
    if file and not problems:
        document = insert(file.document, values)
        problems += _unparsed(file, document)
        if not problems:
            return file, document
    raise InvalidInputError(f"`{path}` cannot be used as a policy", diagnostics=tuple(problems))


def _unparsed(file: PolicyFile, document: Mapping[str, object]) -> tuple[Diagnostic, ...]:
    """What is wrong with the policy: with its place, if what is in the file is the whole of it."""
    is_whole = document == file.document
    try:
        parse_source(file.source) if is_whole else parse(document)
    except InvalidInputError as error:
        found = error.diagnostics
        return found if is_whole else tuple(replace(each, position=Position(str(file.path))) for each in found)
    return ()


def _name(path: Path, otherwise: str) -> str:
    folder = path.absolute().parent.name
    return f"{folder if folder in (SCP.folder, RCP.folder) else otherwise}/{path.stem}"


def _ids(state: State) -> dict[str, str]:
    organization = state.get(Organization, "organization")
    known = {f"accounts.{account.key}": account.id for account in state.each(Account) if account.id}
    return {**known, "organization.id": organization.id} if organization and organization.id else known


def _address(state: State, target: str) -> str:
    """The target's address; accounts may be named by key or id, too."""
    accounts = list(state.each(Account))
    known = {_ROOT: _ROOT, "root": _ROOT} | {unit.address: unit.address for unit in state.each(Unit)}
    known |= {name: account.address for account in accounts for name in (account.id, account.key) if name}
    known |= {account.address: account.address for account in accounts}
    if target not in known:
        hint = did_you_mean(target, known, "name an OU (`ou:/Workloads`), an account, or `root`")
        raise InvalidInputError(f"the organization has no target `{target}`", hint=hint)
    return known[target]
