"""What conformance packs need of AWS, as resources: roles, functions, stack set, aggregator, and the packs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from orgctl.manifest.insertion import Values, insert
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.schema import AwsConfig
from orgctl.manifest.values import known_values
from orgctl.model import config_resources as model
from orgctl.model.address import account_address
from orgctl.model.partitions import partition_of
from orgctl.packs.built import BuiltPack
from orgctl.policy.canonical import minify
from orgctl.state import config_documents as documents


@dataclass(frozen=True, slots=True)
class Watch:
    """The packs as built, and what they need.

    `code` is the zip of each custom rule that they call, `permissions` the IAM actions that those rules need in a
    member account, `documents` the content of each remediation document of ours that they name.
    """

    packs: tuple[BuiltPack, ...] = ()
    code: Mapping[str, bytes] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset()
    documents: Mapping[str, str] = field(default_factory=dict)


def watched(loaded: LoadedManifest, watch: Watch, ids: Mapping[str, str]) -> Iterator[model.ConfigResource]:
    """The resources, in the order in which they come to be; nothing where the manifest leaves AWS Config alone.

    `ids` is that of `desired`. Without a pack there are only the aggregator and its role.
    """
    config = loaded.manifest.config
    if config is None:
        return
    place = _Place(loaded, config, {**known_values(loaded), **ids})
    if config.aggregator:
        yield _aggregator_role(place)
        yield model.Aggregator(config.aggregator, place.home_region, place.administrator, model.AGGREGATOR_ROLE)
    if watch.code:
        yield _rules_role(place)
        yield from _evaluation_role(place, watch.permissions)
        yield from _functions(place, watch, _account_ids(loaded, ids))
    yield from _documents(place, watch)
    for pack in watch.packs:
        yield _pack(place, pack)


@dataclass(frozen=True, slots=True)
class _Place:
    """The manifest's part in names and values."""

    loaded: LoadedManifest
    config: AwsConfig
    values: Values

    @property
    def home_region(self) -> str:
        return self.loaded.manifest.organization.home_region

    @property
    def partition(self) -> str:
        return partition_of(self.loaded.manifest.organization.home_region).name

    @property
    def administrator(self) -> str:
        return account_address(self.config.administrator)

    @property
    def administrator_id(self) -> str:
        """Its id, as the placeholder that will be filled in."""
        return f"@{{accounts.{self.config.administrator}}}"

    @property
    def management(self) -> str:
        management = self.loaded.manifest.organization.management_account
        return next(entry.address for entry in self.loaded.accounts if entry.account.id == management)

    def text(self, document: documents.Document) -> str:
        return minify(insert(document, self.values))


def _aggregator_role(place: _Place) -> model.Role:
    trust = place.text(documents.trusting("config.amazonaws.com"))
    permissions = {documents.POLICY: place.text(documents.aggregator_permissions())}
    return model.Role(model.AGGREGATOR_ROLE, place.administrator, trust, permissions)


def _rules_role(place: _Place) -> model.Role:
    trust = place.text(documents.trusting("lambda.amazonaws.com"))
    allowed = documents.rules_role_permissions(place.partition, place.administrator_id, place.config.evaluation_role)
    return model.Role(model.RULES_ROLE, place.administrator, trust, {documents.POLICY: place.text(allowed)})


def _evaluation_role(place: _Place, actions: Iterable[str]) -> Iterator[model.Role | model.RoleStackSet]:
    """In the members by the stack set; in the management account, which stack sets leave out, directly."""
    name = place.config.evaluation_role
    trust = documents.evaluation_trust(place.partition, place.administrator_id)
    permissions = documents.evaluation_permissions(actions)
    yield model.Role(name, place.management, place.text(trust), {documents.POLICY: place.text(permissions)})
    template = documents.evaluation_role_template(name, trust, permissions)
    yield model.RoleStackSet(name, place.home_region, place.text(template))


def _functions(place: _Place, watch: Watch, accounts: Iterable[str]) -> Iterator[model.RuleFunction]:
    organization = str(insert("@{organization.id}", place.values))
    settings = model.FunctionSettings(model.RULES_ROLE, organization)
    uses = {(rule, pack.region): None for pack in watch.packs for rule in pack.functions}
    for rule, region in sorted(uses):
        code = watch.code[rule]
        arn = f"arn:{place.partition}:lambda:{region}:{place.administrator_id}:function:{model.FUNCTION_PREFIX}{rule}"
        yield model.RuleFunction(
            rule,
            region,
            place.administrator,
            settings,
            base64.b64encode(hashlib.sha256(code).digest()).decode("ascii"),
            code,
            place.text(documents.function_policy(arn, accounts)),
        )


def _account_ids(loaded: LoadedManifest, ids: Mapping[str, str]) -> list[str]:
    """Of every account of the manifest that stays, and of every other that the organization has."""
    ours = {f"accounts.{e.key}" for e in loaded.accounts}
    active = [f"@{{accounts.{e.key}}}" for e in loaded.accounts if e.account.state == "active"]
    return active + [value for name, value in ids.items() if name.startswith("accounts.") and name not in ours]


def _documents(place: _Place, watch: Watch) -> Iterator[model.AutomationDocument]:
    """Each in every region where a pack names it, shared with the accounts that such a pack is for."""
    accounts = [entry for entry in place.loaded.accounts if entry.account.state == "active"]
    shared: dict[tuple[str, str], set[str]] = {}
    for pack in watch.packs:
        members = {entry.address for entry in accounts if entry.key not in pack.excluded} - {place.administrator}
        for name in pack.documents:
            shared.setdefault((name, pack.region), set()).update(members)
    for (name, region), addresses in sorted(shared.items()):
        content = watch.documents[name]
        yield model.AutomationDocument(name, region, place.administrator, content, frozenset(addresses))


def _pack(place: _Place, pack: BuiltPack) -> model.ConformancePack:
    """The hash is that of the template as built: it stays the same when AWS gives an account its id."""
    return model.ConformancePack(
        pack.name,
        pack.region,
        place.administrator,
        hashlib.sha256(pack.template.encode()).hexdigest(),
        str(insert(pack.template, place.values)),
        pack.targets,
        pack.exclude,
        functions=pack.functions,
        documents=pack.documents,
        bucket=place.config.bucket,
    )
