"""What a manifest asks to be read of AWS, and what it calls its accounts."""

from __future__ import annotations

import json

from orgctl.aws.read.scope import BucketScope, ConfigScope, QueryScope, Scope, TrailScope
from orgctl.manifest.loaded import AccountEntry, LoadedManifest
from orgctl.model.config_resources import pack_address
from orgctl.packs.built import BuiltPack
from orgctl.state.actual import AccountNames
from orgctl.state.trail_queries import athena_of
from orgctl.state.watched import Watch


def scope_of(loaded: LoadedManifest, watch: Watch | None = None) -> Scope:
    """What to read for a manifest and, if it has conformance packs, for what they need.

    Tags and contacts only of accounts that declare some; the trail and its bucket by name.

    Policies are read of types that are still to be enabled too: some may be left from when they were before.
    """
    return Scope(
        tagged=frozenset(_identity(e) for e in loaded.accounts if e.account.tags is not None),
        contacts=frozenset(_identity(e) for e in loaded.accounts if e.account.contacts is not None),
        trail=_trail(loaded),
        bucket=_bucket(loaded),
        policy_types=frozenset(name.upper() for name in loaded.manifest.organization.policy_types),
        config=_config(loaded, watch),
        queries=_queries(loaded),
    )


def names_of(loaded: LoadedManifest) -> AccountNames:
    """The manifest's names, by everything that AWS may know an account by."""
    return AccountNames(
        by_id={e.account.id: e.key for e in loaded.accounts if e.account.id},
        by_email={e.account.email.lower(): e.key for e in loaded.accounts if e.account.email},
        by_name={e.account.name or e.key: e.key for e in loaded.accounts},
    )


def _identity(entry: AccountEntry) -> str:
    return entry.account.id or (entry.account.email or "").lower()


def _trail(loaded: LoadedManifest) -> TrailScope | None:
    trail = loaded.manifest.trail
    return TrailScope(trail.name, loaded.manifest.organization.home_region) if trail else None


def _bucket(loaded: LoadedManifest) -> BucketScope | None:
    trail = loaded.manifest.trail
    if trail is None:
        return None
    holder = loaded.account_by_key[trail.bucket.account]
    return BucketScope(trail.bucket.name, loaded.manifest.organization.home_region, _identity(holder))


def _queries(loaded: LoadedManifest) -> QueryScope | None:
    trail, athena = loaded.manifest.trail, athena_of(loaded.manifest)
    if trail is None or athena is None:
        return None
    return QueryScope(
        loaded.manifest.organization.home_region,
        athena.database,
        athena.table,
        athena.workgroup,
        _identity(loaded.account_by_key[trail.bucket.account]),
    )


def _config(loaded: LoadedManifest, watch: Watch | None) -> ConfigScope | None:
    """The regions are those in use and those that the manifest names otherwise: what is left there is to be found."""
    config, organization = loaded.manifest.config, loaded.manifest.organization
    if config is None:
        return None
    return ConfigScope(
        administrator=_identity(loaded.account_by_key[config.administrator]),
        home_region=organization.home_region,
        regions=tuple(sorted({*(config.regions or ()), *organization.regions})),
        evaluation_role=config.evaluation_role,
        packs=config.packs is not None,
        recorders=_watched(loaded, watch) if watch and config.check_recorders else frozenset(),
        documents=frozenset(watch.documents) if watch else frozenset(),
        aggregator=config.aggregator,
        rules={pack_address(p.name, p.region): _rule_counts(p) for p in watch.packs} if watch else {},
        recorded_regions=tuple(sorted({pack.region for pack in watch.packs})) if watch else (),
    )


def _watched(loaded: LoadedManifest, watch: Watch) -> frozenset[str]:
    """The accounts that a pack is for."""
    active = {entry.key: entry for entry in loaded.accounts if entry.account.state == "active"}
    return frozenset(
        _identity(entry) for pack in watch.packs for key, entry in active.items() if key not in pack.excluded
    )


def _rule_counts(pack: BuiltPack) -> tuple[int, ...]:
    """How many rules the pack may have in an account: those that run once in the organization are in one alone."""
    resources = json.loads(pack.template)["Resources"].values()
    rules = [resource for resource in resources if resource["Type"] == "AWS::Config::ConfigRule"]
    everywhere = sum("Condition" not in rule for rule in rules)
    return tuple(sorted({everywhere, len(rules)}))
