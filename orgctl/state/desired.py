"""The manifest as a `State`: what there is to be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from orgctl.manifest import schema
from orgctl.manifest.insertion import insert
from orgctl.manifest.loaded import AccountEntry, LoadedManifest, PolicyFile, UnitEntry
from orgctl.manifest.values import known_values
from orgctl.model import resources as model
from orgctl.model.address import account_address
from orgctl.model.partitions import partition_of
from orgctl.model.policy_types import SCP
from orgctl.model.state import State
from orgctl.policy.canonical import minify
from orgctl.state.log_bucket import bucket_policy
from orgctl.state.queried import queried
from orgctl.state.trail_queries import results_lifecycle, trail_queries
from orgctl.state.watched import Watch, watched

_TRAIL_SERVICE = "cloudtrail.amazonaws.com"
_STACK_SETS_SERVICE = "member.org.stacksets.cloudformation.amazonaws.com"
_FULL_AWS_ACCESS = "scp/FullAWSAccess"


def desired(
    loaded: LoadedManifest, ids: Mapping[str, str], watch: Watch | None = None, *, with_queries: bool = False
) -> State:
    """What the manifest wants. `watch` is what its conformance packs need; None: AWS Config is left alone.

    `with_queries`: and what the trail is queried by.

    `ids` gives what only AWS knows, by the names that policies insert: `accounts.audit`, `organization.id`. What is
    not in it stays a placeholder in policy texts.
    """
    values = {**known_values(loaded), **ids}
    manifest = loaded.manifest
    queries = trail_queries(loaded, ids) if with_queries else None
    return State.of(
        (
            model.Organization(manifest.organization.management_account),
            *_switches(manifest.organization),
            *(model.TrustedAccess(service) for service in _trusted(manifest, watch)),
            *_administrators(manifest.organization),
            *(_delegation_policy(file, values) for file in (loaded.delegation_policy,) if file),
            *(_unit(entry) for entry in loaded.units),
            *(_account(entry) for entry in loaded.accounts),
            *(_policy(file, manifest, values) for file in loaded.policies.values()),
            *_attachments(loaded),
            *_trail(manifest, values),
            *(watched(loaded, watch, ids) if watch else ()),
            *(queried(queries) if queries else ()),
        )
    )


def _switches(organization: schema.Organization) -> Iterator[model.PolicyTypeSwitch]:
    for enabled, names in ((True, organization.policy_types), (False, organization.disabled_policy_types)):
        yield from (model.PolicyTypeSwitch(name.upper(), enabled) for name in names)


def _trusted(manifest: schema.Manifest, watch: Watch | None) -> list[str]:
    """The services named, and those that something else in the manifest needs."""
    needed = [_TRAIL_SERVICE] if manifest.trail else []
    needed += [_STACK_SETS_SERVICE] if watch and watch.code else []
    organization = manifest.organization
    return list(dict.fromkeys([*organization.trusted_access, *organization.delegated_administrators, *needed]))


def _administrators(organization: schema.Organization) -> Iterator[model.DelegatedAdministrators]:
    for service, accounts in organization.delegated_administrators.items():
        yield model.DelegatedAdministrators(service, frozenset(map(account_address, accounts)))


def _delegation_policy(file: PolicyFile, values: Mapping[str, str | list[str]]) -> model.DelegationPolicy:
    return model.DelegationPolicy(minify(insert(file.document, values)))


def _unit(entry: UnitEntry) -> model.Unit:
    return model.Unit(entry.path, entry.unit.tags, adopt=entry.unit.adopt)


def _account(entry: AccountEntry) -> model.Account:
    account = entry.account
    return model.Account(
        key=entry.key,
        name=account.name,
        email=account.email.lower() if account.email else None,
        id=account.id,
        parent=entry.parent,
        state=model.AccountState.CLOSED if account.state == "closed" else model.AccountState.ACTIVE,
        tags=account.tags,
        contacts=_contacts(account.contacts) if account.contacts else None,
        join="invite" if account.invite else "none" if account.id else "create",
    )


def _contacts(contacts: schema.Contacts) -> dict[model.ContactType, model.Contact | None]:
    return {
        model.ContactType(name.upper()): contact and model.Contact(**contact.model_dump())
        for name in contacts.model_fields_set
        for contact in (getattr(contacts, name),)
    }


def _policy(file: PolicyFile, manifest: schema.Manifest, values: Mapping[str, str | list[str]]) -> model.Policy:
    options = manifest.policies.get(file.name, schema.PolicyOptions())
    content = minify(insert(file.document, values))
    return model.Policy(file.name, content, options.description, options.tags, adopt=options.adopt)


def _attachments(loaded: LoadedManifest) -> Iterator[model.Attachment]:
    scps = SCP.manifest_name in loaded.manifest.organization.policy_types
    nodes: list[tuple[str, schema.Guarded]] = [(entry.address, entry.unit) for entry in loaded.units]
    nodes += [(entry.address, entry.account) for entry in loaded.accounts if entry.account.state == "active"]
    for address, node in nodes:
        yield from (model.Attachment(policy, address) for policy in node.policies)
        if scps and node.full_aws_access:
            yield model.Attachment(_FULL_AWS_ACCESS, address)


def _trail(manifest: schema.Manifest, values: Mapping[str, str | list[str]]) -> Iterator[model.Bucket | model.Trail]:
    trail, region = manifest.trail, manifest.organization.home_region
    if trail is None:
        return
    bucket = trail.bucket
    yield model.Bucket(
        name=bucket.name,
        region=region,
        account=account_address(bucket.account),
        policy=minify(
            insert(
                bucket_policy(
                    bucket=bucket.name,
                    prefix=trail.prefix,
                    trail=trail.name,
                    region=region,
                    partition=partition_of(region).name,
                    management_account=manifest.organization.management_account,
                ),
                values,
            )
        ),
        kms_key=bucket.kms_key,
        lifecycle_days={**_lifecycle(bucket.lifecycle), **results_lifecycle(manifest)},
        tags=bucket.tags,
        adopt=bucket.adopt,
    )
    selectors = trail.event_selectors
    yield model.Trail(
        name=trail.name,
        region=region,
        bucket=bucket.name,
        prefix=trail.prefix,
        kms_key=trail.kms_key,
        logging=trail.logging,
        event_selectors=None if selectors is None else json.dumps(selectors, sort_keys=True, separators=(",", ":")),
        tags=trail.tags,
        adopt=trail.adopt,
    )


def _lifecycle(lifecycle: schema.Lifecycle | None) -> dict[str, int]:
    if lifecycle is None:
        return {}
    days = {"glacier": lifecycle.glacier_after_days, "expire": lifecycle.expire_after_days}
    return {name: value for name, value in days.items() if value is not None}
