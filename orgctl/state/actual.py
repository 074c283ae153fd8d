"""What was read of AWS as a `State`: what there is, under the names that the manifest uses."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orgctl.aws.read.shapes import AccountInfo, BucketInfo, HandshakeInfo, Snapshot, TrailInfo
from orgctl.model import resources as model
from orgctl.model.address import ROOT, UnitPath, account_address
from orgctl.model.policy_name import file_stem
from orgctl.model.policy_types import by_api_name
from orgctl.model.rollout_mark import RolloutMark, mark_of
from orgctl.model.state import State
from orgctl.state.actual_config import actual_config
from orgctl.state.actual_queries import actual_queries


@dataclass(frozen=True, slots=True)
class AccountNames:
    """What the manifest calls its accounts: by id, by lower-case e-mail, and by the name that AWS gives a new one."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    by_email: Mapping[str, str] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)

    def key(self, account: AccountInfo) -> str:
        """The manifest's name, or AWS's with the id for an account that the manifest does not know."""
        known = self.by_id.get(account.id) or self.by_email.get(account.email.lower())
        return known or f"{account.name} ({account.id})"


def actual(snapshot: Snapshot, names: AccountNames) -> State:
    """What AWS has. Empty but for the trail and its bucket where there is no organization."""
    keys = {account.id: names.key(account) for account in snapshot.accounts}
    paths = _paths(snapshot)
    return State.of(
        (
            *_organization(snapshot, keys),
            *_units(snapshot, paths),
            *(_account(info, keys[info.id], paths) for info in snapshot.accounts),
            *_joining(snapshot, names, set(keys.values())),
            *_policies(snapshot, keys, paths),
            *(_bucket(bucket, keys) for bucket in (snapshot.bucket,) if bucket),
            *(_trail(trail) for trail in (snapshot.trail,) if trail),
            *(actual_config(snapshot.config, keys) if snapshot.config else ()),
            *(actual_queries(snapshot.queries, keys) if snapshot.queries else ()),
        ),
        snapshot.findings,
    )


def ids(snapshot: Snapshot, names: AccountNames) -> dict[str, str]:
    """What only AWS knows, by the names that policies insert: `accounts.audit`, `organization.id`."""
    known = {f"accounts.{names.key(account)}": account.id for account in snapshot.accounts}
    return {**known, "organization.id": snapshot.organization.id} if snapshot.organization else known


def _paths(snapshot: Snapshot) -> dict[str, UnitPath]:
    """The path of the root and of every OU, by id."""
    units = {unit.id: unit for unit in snapshot.units}
    paths: dict[str, UnitPath] = {snapshot.root.id: ROOT} if snapshot.root else {}

    def path(unit_id: str) -> UnitPath:
        if unit_id not in paths:
            paths[unit_id] = (*path(units[unit_id].parent_id), units[unit_id].name)
        return paths[unit_id]

    for unit_id in units:
        path(unit_id)
    return paths


def _organization(
    snapshot: Snapshot, keys: Mapping[str, str]
) -> Iterator[
    model.Organization
    | model.PolicyTypeSwitch
    | model.TrustedAccess
    | model.DelegatedAdministrators
    | model.DelegationPolicy
]:
    info, root = snapshot.organization, snapshot.root
    if info is None or root is None:
        return
    enabling = any(handshake.action == "ENABLE_ALL_FEATURES" for handshake in snapshot.handshakes)
    yield model.Organization(info.management_account, info.features, info.id, enabling)
    for api_name in sorted(root.enabled | root.pending_enable):
        yield model.PolicyTypeSwitch(api_name, pending=api_name in root.pending_enable)
    yield from (model.TrustedAccess(service) for service in sorted(snapshot.trusted_access))
    yield from _administrators(snapshot, keys)
    if snapshot.resource_policy:
        yield model.DelegationPolicy(snapshot.resource_policy.content, snapshot.resource_policy.tags)


def _administrators(snapshot: Snapshot, keys: Mapping[str, str]) -> Iterator[model.DelegatedAdministrators]:
    by_service: dict[str, set[str]] = defaultdict(set)
    for administrator in snapshot.delegated_administrators:
        for service in administrator.services:
            by_service[service].add(account_address(keys[administrator.account_id]))
    yield from (
        model.DelegatedAdministrators(service, frozenset(by_service[service])) for service in sorted(by_service)
    )


def _units(snapshot: Snapshot, paths: Mapping[str, UnitPath]) -> Iterator[model.Unit]:
    if snapshot.root:
        yield model.Unit(ROOT, snapshot.root.tags, snapshot.root.id)
    yield from (model.Unit(paths[unit.id], unit.tags, unit.id) for unit in snapshot.units)


def _account(info: AccountInfo, key: str, paths: Mapping[str, UnitPath]) -> model.Account:
    return model.Account(
        key=key,
        name=info.name,
        email=info.email.lower(),
        id=info.id,
        parent=paths[info.parent_id],
        state=info.state,
        tags=info.tags,
        contacts=info.contacts,
    )


def _joining(snapshot: Snapshot, names: AccountNames, present: set[str]) -> Iterator[model.Account]:
    """Accounts on their way: creations go by the name (AWS does not tell the e-mail), invitations by id or e-mail."""
    for creation in snapshot.creations:
        key = names.by_name.get(creation.account_name)
        if key and key not in present:
            state = model.AccountState.CREATING
            yield model.Account(key, creation.account_name, state=state, request_id=creation.request_id)
    for handshake in snapshot.handshakes:
        key = _invited(handshake, names)
        if key and key not in present:
            yield model.Account(key, state=model.AccountState.INVITED, request_id=handshake.id)


def _invited(handshake: HandshakeInfo, names: AccountNames) -> str | None:
    if handshake.action != "INVITE":
        return None
    by_email = names.by_email.get(handshake.email.lower()) if handshake.email else None
    return by_email or (names.by_id.get(handshake.account) if handshake.account else None)


def _policies(
    snapshot: Snapshot, keys: Mapping[str, str], paths: Mapping[str, UnitPath]
) -> Iterator[model.Policy | model.Attachment | RolloutMark]:
    policies = {info.id: f"{by_api_name(info.type).folder}/{file_stem(info.name)}" for info in snapshot.policies}
    for info in snapshot.policies:
        yield model.Policy(policies[info.id], info.content, info.description, info.tags, info.id, info.aws_managed)
        mark = mark_of(policies[info.id], dict(info.tags or {})) if model.is_owned(info.tags) else None
        if mark:
            yield mark
    for attachment in snapshot.attachments:
        policy = policies.get(attachment.policy_id)
        path = paths.get(attachment.target_id)
        target = account_address(keys[attachment.target_id]) if path is None else model.Unit(path).address
        if policy:
            yield model.Attachment(policy, target)


def _bucket(info: BucketInfo, keys: Mapping[str, str]) -> model.Bucket:
    encryption = info.encryption or {}
    blocked = info.public_access_block or {}
    return model.Bucket(
        name=info.name,
        region=info.region,
        account=account_address(keys[info.account]) if info.account in keys else None,
        policy=info.policy,
        kms_key=_text(encryption.get("KMSMasterKeyID")),
        encrypted=bool(encryption),
        versioned=info.versioning == "Enabled",
        public_access_blocked=len(blocked) == 4 and all(blocked.values()),
        lifecycle_days=_lifecycle(info),
        tags=info.tags,
    )


def _lifecycle(info: BucketInfo) -> dict[str, int]:
    """Days of the rules as orgctl writes them; other rules of the bucket's are not ours and not seen."""
    days: dict[str, int] = {}
    for rule in info.lifecycle:
        transitions, expiration = rule.get("Transitions"), rule.get("Expiration")
        if rule.get("Status") != "Enabled":
            continue
        if rule.get("ID") == model.RESULTS_RULE and isinstance(expiration, dict) and "Days" in expiration:
            days["results"] = expiration["Days"]
        if rule.get("ID") != model.LIFECYCLE_RULE:
            continue
        if isinstance(transitions, list) and transitions:
            days["glacier"] = transitions[0]["Days"]
        if isinstance(expiration, dict) and "Days" in expiration:
            days["expire"] = expiration["Days"]
    return days


def _trail(info: TrailInfo) -> model.Trail:
    trail = info.trail
    selectors = info.event_selectors
    return model.Trail(
        name=info.name,
        region=info.region,
        bucket=_text(trail.get("S3BucketName")) or "",
        prefix=_text(trail.get("S3KeyPrefix")) or "",
        kms_key=_text(trail.get("KmsKeyId")),
        organization=trail.get("IsOrganizationTrail") is True,
        multi_region=trail.get("IsMultiRegionTrail") is True,
        validated=trail.get("LogFileValidationEnabled") is True,
        logging=info.logging,
        event_selectors=None if selectors is None else json.dumps(selectors, sort_keys=True, separators=(",", ":")),
        tags=info.tags,
        arn=info.arn,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
