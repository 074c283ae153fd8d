"""What the readers found as one snapshot, in the order of ids; without what was deleted while we read."""

from __future__ import annotations

from dataclasses import replace

from orgctl.aws.read.config_shapes import ConfigInfo
from orgctl.aws.read.organization import root_info
from orgctl.aws.read.query_shapes import QueryInfo
from orgctl.aws.read.reading import Raw, Reading
from orgctl.aws.read.shapes import AccountInfo, PolicyInfo, Snapshot, UnitInfo
from orgctl.aws.read.troubles import findings
from orgctl.model.resources import AccountState


def assembled(reading: Reading) -> Snapshot:
    """The snapshot of a reading that has settled. Empty but for trail and bucket if there is no organization."""
    identity = reading.aws.identity
    reading.aws.account_names = {account_id: raw.get("Name", "") for account_id, raw in reading.accounts.items()}
    found = (*reading.findings, *findings(reading.troubles, reading.aws.account_names))
    outside = Snapshot(
        identity.account,
        identity.partition,
        trail=reading.trail,
        bucket=reading.bucket,
        config=_config(reading),
        queries=_queries(reading),
        findings=tuple(sorted(found, key=lambda finding: (finding.address, finding.message))),
    )
    if reading.organization is None or reading.root is None:
        return outside
    units, accounts, policies = _units(reading), _accounts(reading), _policies(reading)
    targets = {reading.root["Id"]} | {unit.id for unit in units} | {account.id for account in accounts}
    readable = {policy.id for policy in policies}
    resource_policy = reading.resource_policy
    return replace(
        outside,
        organization=reading.organization,
        handshakes=tuple(sorted(reading.handshakes, key=lambda handshake: handshake.id)),
        root=root_info(reading, reading.root),
        units=units,
        accounts=accounts,
        creations=tuple(sorted(reading.creations, key=lambda creation: creation.request_id)),
        policies=policies,
        attachments=tuple(
            sorted(
                (a for a in set(reading.attachments) if a.policy_id in readable and a.target_id in targets),
                key=lambda attachment: (attachment.policy_id, attachment.target_id),
            )
        ),
        trusted_access=frozenset(reading.trusted_access),
        delegated_administrators=tuple(
            sorted(
                (
                    administrator
                    for administrator in reading.delegated_administrators
                    if administrator.account_id in targets
                ),
                key=lambda administrator: administrator.account_id,
            )
        ),
        resource_policy=resource_policy and replace(resource_policy, tags=reading.tags.get(resource_policy.id, {})),
    )


def _config(reading: Reading) -> ConfigInfo | None:
    found = reading.config
    if reading.scope.config is None or found.closed:
        return None
    return ConfigInfo(
        roles=tuple(sorted(found.roles, key=lambda role: (role.account, role.name))),
        functions=tuple(sorted(found.functions, key=lambda function: (function.region, function.name))),
        stack_set=found.stack_set,
        aggregators=tuple(sorted(found.aggregators, key=lambda aggregator: aggregator.name)),
        documents=tuple(sorted(found.documents, key=lambda document: (document.region, document.name))),
        packs=tuple(sorted(found.packs, key=lambda pack: (pack.region, pack.name))),
    )


def _queries(reading: Reading) -> QueryInfo | None:
    scope = reading.scope.queries
    if scope is None or reading.queries_closed:
        return None
    return reading.queries or QueryInfo(scope.region)


def _units(reading: Reading) -> tuple[UnitInfo, ...]:
    return tuple(
        UnitInfo(unit_id, parent_id, name, reading.tags.get(unit_id, {}))
        for unit_id, (parent_id, name) in sorted(reading.units.items())
        if not reading.is_gone(unit_id)
    )


def _accounts(reading: Reading) -> tuple[AccountInfo, ...]:
    return tuple(
        _account(reading, raw) for account_id, raw in sorted(reading.accounts.items()) if account_id not in reading.gone
    )


def _account(reading: Reading, raw: Raw) -> AccountInfo:
    account_id = raw["Id"]
    return AccountInfo(
        id=account_id,
        name=raw.get("Name", ""),
        email=raw.get("Email", ""),
        state=AccountState(raw.get("State") or raw["Status"]),
        parent_id=reading.parents[account_id],
        tags=reading.tags.get(account_id),
        contacts=reading.contacts.get(account_id),
    )


def _policies(reading: Reading) -> tuple[PolicyInfo, ...]:
    return tuple(
        PolicyInfo(
            id=policy_id,
            arn=raw["Arn"],
            type=raw["Type"],
            name=raw["Name"],
            description=raw.get("Description", ""),
            content=reading.contents.get(policy_id),
            tags=reading.tags.get(policy_id, {}),
            aws_managed=raw["AwsManaged"],
        )
        for policy_id, raw in sorted(reading.policies.items())
        if policy_id not in reading.gone
    )
