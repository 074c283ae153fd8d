"""The two sides that `impact` compares: the policies as they are, and as they are to be."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, load
from orgctl.model.address import account_address
from orgctl.model.policy_types import RCP, SCP
from orgctl.model.resources import Account, Attachment, Organization, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.state.offline import offline

if TYPE_CHECKING:
    from orgctl.api.connection import Connection
    from orgctl.aws.read.crew import Progress

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

    def id_of(self, key: str) -> str | None:
        """The id of an account, by its name in the manifest; None if nobody knows it."""
        found = self.after.get(Account, account_address(key))
        return found.id if found and key not in self.nameless else None


def sides(loaded: LoadedManifest, connection: Connection, baseline: str, progress: Progress | None = None) -> Sides:
    """What is compared, by the word for the baseline: `aws`, `none`, `manifest` or `manifest@GITREF`.

    Raises InvalidInputError for another word or a reference that git does not know, AwsError for what AWS says.
    """
    word, at, reference = baseline.partition("@")
    if baseline == AWS:
        from orgctl.api.impact_in_aws import against_aws  # with what reads AWS, which no other baseline needs

        return against_aws(loaded, connection, progress)
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
