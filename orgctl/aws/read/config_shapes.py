"""What AWS answered about AWS Config and what it needs, close to AWS's own shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.model.resources import Tags

Json = Mapping[str, object]
"""A structure as AWS answered it."""


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """GetRole with its inline policies, by name; documents are AWS's structures."""

    name: str
    account: str
    trust: Json
    permissions: Mapping[str, Json]
    tags: Tags


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """One function of ListFunctions with its tags; `policy` is its resource policy's text, None where it has none."""

    name: str
    account: str
    region: str
    configuration: Json
    policy: str | None
    tags: Tags


@dataclass(frozen=True, slots=True)
class StackSetInfo:
    """DescribeStackSet of the stack set in the management account."""

    name: str
    region: str
    stack_set: Json
    tags: Tags


@dataclass(frozen=True, slots=True)
class AggregatorInfo:
    """One organization aggregator of DescribeConfigurationAggregators, with its tags."""

    name: str
    account: str
    region: str
    arn: str
    source: Json
    tags: Tags


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """An Automation document: its default version's content, and the ids of the accounts that it is shared with."""

    name: str
    account: str
    region: str
    content: str
    shared: frozenset[str]
    tags: Tags


@dataclass(frozen=True, slots=True)
class PackInfo:
    """One pack of DescribeOrganizationConformancePacks, with its tags. `excluded` are account ids."""

    name: str
    account: str
    region: str
    arn: str
    excluded: frozenset[str]
    tags: Tags


@dataclass(frozen=True, slots=True)
class ConfigInfo:
    """All that was read of AWS Config, in the order of regions and names."""

    roles: tuple[RoleInfo, ...] = ()
    functions: tuple[FunctionInfo, ...] = ()
    stack_set: StackSetInfo | None = None
    aggregators: tuple[AggregatorInfo, ...] = ()
    documents: tuple[DocumentInfo, ...] = ()
    packs: tuple[PackInfo, ...] = ()
