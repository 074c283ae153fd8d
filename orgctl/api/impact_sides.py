"""The two sides that `impact` compares: the policies as they are, and as they are to be."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from orgctl.api.access import readable, unreadable
from orgctl.api.connection import Connection
from orgctl.api.planning import open_for, same_organization
from orgctl.aws.read.crew import Progress
from orgctl.aws.read.scope import Scope
from orgctl.aws.read.snapshot import read
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, load
from orgctl.model.policy_types import RCP, SCP
from orgctl.model.resources import Account, Attachment, Organization, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.diff import diff
from orgctl.reconcile.moves import apply_moves
from orgctl.reconcile.plan import Change
from orgctl.reconcile.resulting import resulting
from orgctl.state.actual import actual, ids
from orgctl.state.desired import desired
from orgctl.state.offline import offline
from orgctl.state.wanted import names_of

AWS, NONE, MANIFEST = "aws", "none", "manifest"
FULL_ACCESS = "scp/FullAWSAccess"


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides, and in words what `before` is.

    `nameless` are the accounts (by key) whose id nobody gave; `unread` the policies in AWS that nobody can read, which
    count as allowing everything.
    """

    before: State
    after: State
    words: str
    nameless: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def sides(loaded: LoadedManifest, connection: Connection, baseline: str, progress: Progress | None = None) -> Sides:
    """What is compared, by the word for the baseline: `aws`, `none`, `manifest` or `manifest@GITREF`.

    Raises InvalidInputError for another word or a reference that git does not know, AwsError for what AWS says.
    """
    word, at, reference = baseline.partition("@")
    if baseline == AWS:
        return _against_aws(loaded, connection, progress)
    after = offline(loaded)
    nameless = tuple(entry.key for entry in loaded.accounts if not entry.account.id)
    if baseline == NONE:
        return Sides(_bare(after), after, "no policies at all", nameless)
    if baseline == MANIFEST:
        return Sides(after, after, "the manifest as it is", nameless)
    if word == MANIFEST and at and reference:
        return Sides(_at(loaded.directory, reference, after), after, f"the manifest at `{reference}`", nameless)
    raise InvalidInputError(
        f"`{baseline}` is no baseline", hint="write `aws`, `none`, or `manifest@REF` with a reference of git"
    )


def trying(found: Sides, policy: Policy, target: str) -> Sides:
    """The sides for one policy at one target (by address) instead of what the manifest changes."""
    switch = PolicyTypeSwitch((RCP if policy.folder == RCP.folder else SCP).api_name)
    attachment = Attachment(policy.name, target)
    added = {each.address: each for each in (switch, policy, attachment)}
    base = found.before
    if policy.folder == SCP.folder and not _is_enabled(base, switch):
        base = State({**base.resources, **_full_access(base)})
    return replace(found, after=State({**base.resources, **added}))


def _is_enabled(state: State, switch: PolicyTypeSwitch) -> bool:
    found = state.get(PolicyTypeSwitch, switch.address)
    return found is not None and found.enabled


def _full_access(state: State) -> Mapping[str, Attachment]:
    """AWS attaches it everywhere when SCPs are enabled."""
    targets = [each.address for kind in (Unit, Account) for each in state.each(kind)]
    made = (Attachment(FULL_ACCESS, target) for target in targets)
    return {each.address: each for each in made}


def _bare(state: State) -> State:
    """The same organization without any policy."""
    kept = (Organization, Account, Unit)
    return State({address: each for address, each in state.resources.items() if isinstance(each, kept)})


def _against_aws(loaded: LoadedManifest, connection: Connection, progress: Progress | None) -> Sides:
    names = names_of(loaded)
    types = frozenset(name.upper() for name in loaded.manifest.organization.policy_types)
    snapshot = read(open_for(loaded, connection), Scope(policy_types=types), progress)
    same_organization(loaded, snapshot)
    moves = [(move.from_, move.to) for move in loaded.manifest.moved]
    present, renamed = apply_moves(actual(snapshot, names), moves)
    between = Comparison(
        desired=desired(loaded, ids(snapshot, names)),
        actual=present,
        renamed=renamed,
        limits=loaded.limits,
        access_role=loaded.manifest.organization.access_role,
        partition=snapshot.partition,
    )
    return between_sides(between, (difference.change for difference in diff(between)))


def between_sides(between: Comparison, changes: Iterable[Change]) -> Sides:
    """The sides of a comparison: what there is, and what there is once these changes of it are made."""
    return of_states(between.actual, resulting(between, changes))


def of_states(before: State, after: State) -> Sides:
    """What there is in AWS, and what there is to be, as sides; policies that nobody can read say nothing on them."""
    unread = unreadable(before, after)
    before, after = (_with_units(readable(state, unread), state) for state in (before, after))
    return Sides(before, after, "what is in force in AWS", unread=unread)


def _with_units(state: State, whole: State) -> State:
    return State({**state.resources, **{unit.address: unit for unit in whole.each(Unit)}})


def _at(directory: Path, reference: str, now: State) -> State:
    """The manifest at a reference of git, its accounts with the ids that they have now."""
    known = {account.key: account.id for account in now.each(Account) if account.id}
    with TemporaryDirectory(prefix="orgctl-") as folder:
        _extract(directory, reference, Path(folder))
        try:
            return offline(load(Path(folder)), known)
        except InvalidInputError as error:
            message = f"the manifest at `{reference}` cannot be used: {error.message.replace(folder, reference)}"
            raise InvalidInputError(message, hint=error.hint, diagnostics=error.diagnostics) from error


def _extract(directory: Path, reference: str, folder: Path) -> None:
    commit = _git(
        directory, reference, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}"
    )
    archive = _git(directory, reference, "archive", "--format=tar", commit.decode().strip())
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def _git(directory: Path, reference: str, *arguments: str) -> bytes:
    """What git says in the directory. Raises InvalidInputError if it does not know the reference, or is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=directory, capture_output=True, check=False)  # noqa: S607 - the user's git
    except OSError as error:
        hint = "install git, or use another `--baseline`"
        raise InvalidInputError(f"git cannot be run: {error.strerror}", hint=hint) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        hint = f"git says: {said[-1]}" if said else "`git log --oneline` shows the commits"
        raise InvalidInputError(f"git knows no manifest at `{reference}` in `{directory}`", hint=hint)
    return done.stdout
