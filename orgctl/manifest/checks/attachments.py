"""Policies on targets: they exist, their type is enabled, they fit into the slots, and an SCP is always left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic, Position, Severity
from orgctl.manifest import codes
from orgctl.manifest.loaded import AccountEntry, LoadedManifest, UnitEntry
from orgctl.manifest.nearest import did_you_mean, nearest
from orgctl.manifest.schema import Guarded
from orgctl.model.policy_types import BY_FOLDER, RCP, SCP, PolicyType
from orgctl.source import Place, Source

_DEFAULTS = {"FullAWSAccess": "it is attached unless the node says `full_aws_access: false`"}
_DEFAULTS["RCPFullAWSAccess"] = "AWS attaches it everywhere, and lets nobody detach it"


def attached_policies(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Every policy that is attached, or has options, has a file, and its type is to be enabled."""
    names = {*loaded.policies, *loaded.broken_policies}
    enabled = set(loaded.manifest.organization.policy_types)
    for name, source, place in _references(loaded):
        if name in names:
            yield from _type_enabled(name, enabled, source, place)
        else:
            yield _unknown(name, names, source.at(place) if isinstance(place[-1], int) else source.key_at(place))


def _references(loaded: LoadedManifest) -> Iterator[tuple[str, Source, Place]]:
    for name in loaded.manifest.policies:
        yield name, loaded.source, ("policies", name)
    for entry in loaded.targets:
        for index, name in enumerate(entry.declared.policies):
            yield name, entry.source, (*entry.place, "policies", index)


def _unknown(name: str, names: set[str], position: Position) -> Diagnostic:
    folder, _, stem = name.partition("/")
    if folder not in BY_FOLDER:
        folders = ", ".join(f"`{known}`" for known in BY_FOLDER)
        hint = did_you_mean(folder, BY_FOLDER, f"the folders are {folders}")
        return Diagnostic(codes.UNKNOWN_POLICY_FOLDER, f"`{folder}` is not the folder of a policy type", position, hint)
    hint = _DEFAULTS.get(stem) or _similar(folder, stem, names)
    return Diagnostic(codes.UNKNOWN_POLICY, f"there is no policy `{name}`", position, hint)


def _similar(folder: str, stem: str, names: set[str]) -> str:
    """A hint at the nearest name in the folder, or at the same name in another."""
    stems = {name.partition("/")[2]: name for name in names if name.startswith(f"{folder}/")}
    elsewhere = next((name for name in sorted(names) if name.partition("/")[2] == stem), None)
    found = stems.get(nearest(stem, stems) or "") or elsewhere
    return f"did you mean `{found}`?" if found else f"write it to `policies/{folder}/{stem}.json` or `.yaml`"


def _type_enabled(name: str, enabled: set[str], source: Source, place: Place) -> Iterator[Diagnostic]:
    policy_type = BY_FOLDER[name.partition("/")[0]]
    if policy_type.manifest_name not in enabled and isinstance(place[-1], int):
        message = f"`{name}` is attached, but its policy type is not enabled"
        hint = f"add `{policy_type.manifest_name}` to `organization.policy_types`"
        yield Diagnostic(codes.POLICY_TYPE_NOT_ENABLED, message, source.at(place), hint)


def policies_in_use(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """A policy that is attached nowhere is worth a warning: somebody believes in it."""
    used = {name for entry in loaded.targets for name in entry.declared.policies}
    hint = "name it in the `policies` of the root, an OU or an account"
    for name, policy in loaded.policies.items():
        if name not in used:
            message, position = f"`{name}` is attached nowhere", policy.source.at(())
            yield Diagnostic(codes.POLICY_UNUSED, message, position, hint, Severity.WARNING)


def attachment_counts(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """No target has more policies of a type than AWS accepts, AWS's own included."""
    for entry in loaded.targets:
        guarded = entry.declared
        for folder, count in Counter(name.partition("/")[0] for name in guarded.policies).items():
            policy_type = BY_FOLDER.get(folder)
            if policy_type:
                yield from _count(loaded, entry, policy_type, count)


def _count(
    loaded: LoadedManifest, entry: UnitEntry | AccountEntry, policy_type: PolicyType, count: int
) -> Iterator[Diagnostic]:
    quota = f"{policy_type.folder}_attached"
    limit = loaded.limits.quota(quota)
    own = _aws_own(policy_type, entry.declared)
    if limit is None or count + len(own) <= limit:
        return
    with_own = f", with {own[0]}" if own else ""
    message = f"{count + len(own)} `{policy_type.folder}` policies are attached here{with_own}; {limit} is the most"
    hint = f"join policies, or attach some higher up; if AWS allows you more, set `limits.quotas.{quota}`"
    yield Diagnostic(codes.TOO_MANY_ATTACHED, message, entry.source.key_at((*entry.place, "policies")), hint)


def _aws_own(policy_type: PolicyType, guarded: Guarded) -> tuple[str, ...]:
    """The names of AWS's own policies that take a slot on this target."""
    if policy_type is SCP and guarded.full_aws_access:
        return ("FullAWSAccess",)
    return ("RCPFullAWSAccess",) if policy_type is RCP else ()


def scp_left(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Where FullAWSAccess is detached, another SCP is attached: AWS refuses to detach the last one."""
    for entry in loaded.targets:
        guarded = entry.declared
        if not guarded.full_aws_access and not any(name.startswith("scp/") for name in guarded.policies):
            message = "without FullAWSAccess no service control policy is left here, and AWS keeps at least one"
            hint = "attach an SCP that allows what is to be allowed, or take `full_aws_access` out"
            position = entry.source.at((*entry.place, "full_aws_access"))
            yield Diagnostic(codes.NO_SCP_LEFT, message, position, hint)
