"""`import`: read an organization, and write the manifest by which it is as wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from orgctl.api.connection import Connection
from orgctl.api.planning import work_out
from orgctl.api.staging import put, staged, write
from orgctl.aws.call import read as call
from orgctl.aws.read.crew import Progress
from orgctl.aws.read.scope import Scope
from orgctl.aws.read.searching import with_bucket_of_trail
from orgctl.aws.read.shapes import Snapshot
from orgctl.aws.read.snapshot import read
from orgctl.aws.session import Aws
from orgctl.diagnostics import Diagnostic, Severity
from orgctl.errors import AwsError, InvalidInputError, RefusedError
from orgctl.manifest import LoadedManifest, codes, load
from orgctl.manifest.loaded import MANIFEST
from orgctl.manifest.policies import policy_files
from orgctl.manifest.schema import Organization
from orgctl.manifest.writing import files as texts
from orgctl.manifest.writing import policy_file
from orgctl.model.address import policy_address
from orgctl.model.limits import Limits
from orgctl.reconcile.plan import Action, Change
from orgctl.state.account_keys import account_keys
from orgctl.state.actual import actual
from orgctl.state.declared import DELEGATION_POLICY, Choices, Declared, declared, home_region

_NO_ORGANIZATION = "AWSOrganizationsNotInUseException"
_OF_THE_TRAIL = frozenset({codes.BUCKET_NAME, codes.TRAIL_NAME, codes.LIFECYCLE_ORDER})
_KINDS_OF_THE_TRAIL = frozenset({"trail", "bucket", "trusted-access"})
_ADOPT = "uncomment it, and `orgctl plan --adopt` shows what taking it over would change"


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: the files by their names relative to the directory, and what they say (with remarks)."""

    files: tuple[str, ...]
    declared: Declared


def import_organization(
    directory: Path,
    connection: Connection,
    *,
    home_region: str | None = None,
    access_role: str | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Write the manifest and the policies of the organization that the credentials manage into `directory`.

    `home_region` is where a trail would live if there is none; by default the session's. `access_role` is the role
    by which member accounts are entered. `force` overwrites files. All is written or nothing, and only if a plan of
    it is empty. Raises RefusedError if the organization is not the caller's, or files are in the way; AwsError.
    """
    _refuse_manifest(directory, force=force)
    aws = connection.reach(access_role or Organization.model_fields["access_role"].default, Limits())
    _refuse_other_accounts(aws)
    snapshot = with_bucket_of_trail(aws, read(aws, Scope(everything=True), progress))
    with staged(directory) as stage:
        found = write_fitting(snapshot, stage, home_region or aws.region, access_role)
        written = tuple(sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()))
        _refuse_clashes(directory, written, force=force)
        put(written, stage, directory)
    return Imported(written, found)


def write_fitting(snapshot: Snapshot, stage: Path, region: str, access_role: str | None = None) -> Declared:
    """Write what fits into `stage`: of foreign policies and the trail, what would need a change is left out.

    `region` is the home region if there is no trail. Raises RefusedError if the plan is not empty for another reason.
    """
    _refuse_unsettled(snapshot)
    state = actual(snapshot, account_keys(snapshot.accounts))
    choices = Choices(home_region(state, region), access_role)
    while True:
        found = declared(state, choices)
        write(stage, texts(found.contents))
        try:
            misfits = _differing(load(stage), snapshot)
        except InvalidInputError as error:
            misfits = _unusable(error, found)
        if not misfits:
            return replace(found, remarks=(*state.findings, *found.remarks))
        choices = replace(choices, without={**choices.without, **misfits})


def _unusable(error: InvalidInputError, found: Declared) -> dict[str, str]:
    """By address what the loader does not take, with its first problem. Raises `error` if it is not ours to drop."""
    addresses = {policy_file(name): policy_address(name) for name in found.contents.policies}
    addresses[DELEGATION_POLICY] = "delegation-policy"
    misfits: dict[str, str] = {}
    for problem in error.diagnostics:
        if problem.severity is Severity.ERROR:
            misfits.setdefault(_address(problem, addresses, found, error), problem.message)
    return misfits


def _address(problem: Diagnostic, addresses: dict[str, str], found: Declared, error: InvalidInputError) -> str:
    trail = found.contents.manifest.trail
    if problem.code in _OF_THE_TRAIL and trail:
        return f"trail:{trail.name}"
    if problem.position.file not in addresses:
        raise RefusedError(
            f"the organization cannot be written as a manifest: {problem.message}",
            hint="nothing was written; correct it in AWS, and import again",
        ) from error
    return addresses[problem.position.file]


def _differing(loaded: LoadedManifest, snapshot: Snapshot) -> dict[str, str]:
    """The trail, with why, if a plan would change it, its bucket or its trusted access; empty if the plan is empty.

    An organization for billing alone is the exception, which a manifest cannot want, and so is the mark of a policy's
    stage, which is left out with a remark. Raises RefusedError for others.
    """
    changes = [c for c in work_out(loaded, snapshot).changes if c.action is not Action.NO_OP or c.problem]
    changes = [change for change in changes if change.kind not in ("organization", "rollout")]
    trail = loaded.manifest.trail
    if changes and (trail is None or any(change.kind not in _KINDS_OF_THE_TRAIL for change in changes)):
        few = ", ".join(f"`{change.address}`" for change in changes[:5])
        raise RefusedError(
            f"a plan of what was read would change {few}", hint="nothing was written; please report this as a defect"
        )
    if not changes or trail is None:
        return {}
    why = f"the trail `{trail.name}` is left out, as it is not as orgctl makes one ({_aspects(changes)}): {_ADOPT}"
    return {f"trail:{trail.name}": why}


def _aspects(changes: Iterable[Change]) -> str:
    """`bucket: policy, versioned; trail: multi_region`."""
    return "; ".join(f"{c.kind}: {', '.join(attribute.name for attribute in c.attributes)}" for c in changes)


def _refuse_other_accounts(aws: Aws) -> None:
    try:
        organization = call(aws, "organizations", "DescribeOrganization", {})["Organization"]
    except AwsError as error:
        if error.code != _NO_ORGANIZATION:
            raise
        raise RefusedError(
            f"the account `{aws.identity.account}` is in no organization",
            hint="write a manifest, and `orgctl apply` creates the organization from it",
        ) from error
    if organization["MasterAccountId"] != aws.identity.account:
        raise RefusedError(
            f"the credentials are of account `{aws.identity.account}`, and the management account of its organization"
            f" is `{organization['MasterAccountId']}`",
            hint="use credentials of the management account: `--profile`, or AWS_PROFILE",
        )


def _refuse_unsettled(snapshot: Snapshot) -> None:
    pending = sorted(snapshot.root.pending_enable | snapshot.root.pending_disable) if snapshot.root else []
    if pending:
        raise RefusedError(
            f"AWS is still switching the policy type `{pending[0].lower()}`", hint="import again in a minute"
        )


def _refuse_manifest(directory: Path, *, force: bool) -> None:
    if (directory / MANIFEST).exists() and not force:
        raise RefusedError(
            f"there is a `{MANIFEST}` in `{directory}` already",
            hint="write to another directory with `--out DIR`, or overwrite it with `--force`",
        )


def _refuse_clashes(directory: Path, written: tuple[str, ...], *, force: bool) -> None:
    """Refuse to overwrite; and, forced or not, to stand beside policies that AWS does not have."""
    clashes = [name for name in written if (directory / name).exists()]
    if clashes and not force:
        raise RefusedError(
            f"`{directory / clashes[0]}` exists" + (f", and {len(clashes) - 1} more" if clashes[1:] else ""),
            hint="write to another directory with `--out DIR`, or overwrite it with `--force`",
        )
    strangers = [name for name in policy_files(directory) if name not in written]
    if strangers:
        raise RefusedError(
            f"`{directory / strangers[0]}` is a policy that AWS does not have: a plan would create it",
            hint="move it away, and import again",
        )
