"""What was read of AWS Config, as resources under the names that the manifest uses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from orgctl.aws.read.config_shapes import (
    AggregatorInfo,
    ConfigInfo,
    DocumentInfo,
    FunctionInfo,
    PackInfo,
    RoleInfo,
    StackSetInfo,
)
from orgctl.model import config_resources as model
from orgctl.model.address import account_address
from orgctl.policy.canonical import minify


def actual_config(info: ConfigInfo, keys: Mapping[str, str]) -> Iterator[model.ConfigResource]:
    """Everything that was read. `keys` gives the manifest's name of an account by its id."""
    yield from (_role(role, keys) for role in info.roles)
    yield from (_function(function, keys) for function in info.functions)
    if info.stack_set:
        yield _stack_set(info.stack_set)
    yield from (_aggregator(aggregator, keys) for aggregator in info.aggregators)
    yield from (_document(document, keys) for document in info.documents)
    yield from (_pack(pack, keys) for pack in info.packs)


def _account(account_id: str, keys: Mapping[str, str]) -> str:
    return account_address(keys.get(account_id, account_id))


def _role(info: RoleInfo, keys: Mapping[str, str]) -> model.Role:
    permissions = {name: minify(document) for name, document in info.permissions.items()}
    return model.Role(info.name, _account(info.account, keys), minify(info.trust), permissions, info.tags)


def _function(info: FunctionInfo, keys: Mapping[str, str]) -> model.RuleFunction:
    configuration = info.configuration
    environment = configuration.get("Environment")
    variables = environment.get("Variables", {}) if isinstance(environment, Mapping) else {}
    settings = model.FunctionSettings(
        role=_name(configuration.get("Role")),
        organization=str(variables.get(model.ORGANIZATION_VARIABLE, "")),
        runtime=str(configuration.get("Runtime")),
        timeout=_number(configuration.get("Timeout")),
        memory=_number(configuration.get("MemorySize")),
    )
    return model.RuleFunction(
        info.name.removeprefix(model.FUNCTION_PREFIX),
        info.region,
        _account(info.account, keys),
        settings,
        str(configuration.get("CodeSha256")),
        policy=info.policy,
        tags=info.tags,
    )


def _stack_set(info: StackSetInfo) -> model.RoleStackSet:
    stack_set = info.stack_set
    automatic = stack_set.get("AutoDeployment")
    units = stack_set.get("OrganizationalUnitIds")
    return model.RoleStackSet(
        info.name,
        info.region,
        _template(stack_set.get("TemplateBody")),
        everywhere=isinstance(units, list) and any(str(unit).startswith("r-") for unit in units),
        automatic=isinstance(automatic, Mapping) and automatic.get("Enabled") is True,
        tags=info.tags,
    )


def _template(text: object) -> str:
    """The template minified, where it is JSON as ours are."""
    try:
        return minify(json.loads(str(text)))
    except ValueError:
        return str(text)


def _aggregator(info: AggregatorInfo, keys: Mapping[str, str]) -> model.Aggregator:
    return model.Aggregator(
        info.name,
        info.region,
        _account(info.account, keys),
        _name(info.source.get("RoleArn")),
        all_regions=info.source.get("AllAwsRegions") is True,
        tags=info.tags,
        arn=info.arn,
    )


def _document(info: DocumentInfo, keys: Mapping[str, str]) -> model.AutomationDocument:
    shared = frozenset(_account(account, keys) for account in info.shared)
    account = _account(info.account, keys)
    return model.AutomationDocument(info.name, info.region, account, _template(info.content), shared, info.tags)


def _pack(info: PackInfo, keys: Mapping[str, str]) -> model.ConformancePack:
    return model.ConformancePack(
        info.name,
        info.region,
        _account(info.account, keys),
        info.tags.get(model.HASH_TAG),
        excluded=frozenset(_account(account, keys) for account in info.excluded),
        tags=info.tags,
    )


def _name(arn: object) -> str:
    """The name at the end of a role's ARN."""
    return str(arn or "").rpartition("/")[2]


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
