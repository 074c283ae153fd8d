"""What the readers share: where to ask, what is asked for, and what has been found so far."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orgctl.aws.call import Answer, pages, read
from orgctl.aws.read.config_shapes import AggregatorInfo, DocumentInfo, FunctionInfo, PackInfo, RoleInfo, StackSetInfo
from orgctl.aws.read.crew import Crew
from orgctl.aws.read.query_shapes import QueryInfo
from orgctl.aws.read.scope import Scope
from orgctl.aws.read.shapes import (
    AttachmentInfo,
    BucketInfo,
    CreationInfo,
    DelegatedAdministratorInfo,
    HandshakeInfo,
    OrganizationInfo,
    ResourcePolicyInfo,
    TrailInfo,
)
from orgctl.aws.read.troubles import Trouble
from orgctl.aws.session import Aws
from orgctl.errors import AwsError
from orgctl.model.resources import Contact, ContactType, Tags
from orgctl.model.state import Finding

Raw = Mapping[str, Any]
"""A structure of AWS's, as botocore gives it."""


@dataclass(slots=True)
class ConfigReading:
    """What was found of AWS Config so far. `closed`: the administrator's account could not be entered."""

    roles: list[RoleInfo] = field(default_factory=list)
    functions: list[FunctionInfo] = field(default_factory=list)
    stack_set: StackSetInfo | None = None
    aggregators: list[AggregatorInfo] = field(default_factory=list)
    documents: list[DocumentInfo] = field(default_factory=list)
    packs: list[PackInfo] = field(default_factory=list)
    closed: bool = False


@dataclass(slots=True)
class Reading:
    """One reading under way. Lists are appended to and mappings set from many threads, each key once.

    `gone` holds the ids of things that were deleted while we read: they are left out, with all below them.
    `by_parent`: AWS does not give the accounts' places, so that each parent's accounts are listed; under `lock`.
    `bare`: only the tree is wanted, without tags and policies. `queries_closed`: the account in which the trail is
    queried could not be entered.
    """

    aws: Aws
    scope: Scope
    crew: Crew
    organization: OrganizationInfo | None = None
    root: Raw | None = None
    handshakes: list[HandshakeInfo] = field(default_factory=list)
    units: dict[str, tuple[str, str]] = field(default_factory=dict)
    accounts: dict[str, Raw] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    creations: list[CreationInfo] = field(default_factory=list)
    policies: dict[str, Raw] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    attachments: list[AttachmentInfo] = field(default_factory=list)
    tags: dict[str, Tags] = field(default_factory=dict)
    contacts: dict[str, dict[ContactType, Contact | None]] = field(default_factory=dict)
    trusted_access: list[str] = field(default_factory=list)
    delegated_administrators: list[DelegatedAdministratorInfo] = field(default_factory=list)
    resource_policy: ResourcePolicyInfo | None = None
    trail: TrailInfo | None = None
    bucket: BucketInfo | None = None
    config: ConfigReading = field(default_factory=ConfigReading)
    queries: QueryInfo | None = None
    queries_closed: bool = False
    gone: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    by_parent: bool = False
    bare: bool = False
    findings: list[Finding] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    def ask(self, operation: str, **parameters: object) -> Answer:
        """One answer of Organizations."""
        return read(self.aws, "organizations", operation, parameters)

    def each(self, operation: str, member: str, **parameters: object) -> Iterator[Raw]:
        """Every element of the list `member` on all pages of a list call of Organizations."""
        for page in pages(self.aws, "organizations", operation, parameters):
            yield from page.get(member, ())

    def find(self, address: str, error: AwsError, consequence: str) -> None:
        """Note that something could not be read, and go on."""
        self.findings.append(Finding(address, f"{consequence}: {error.message}", error.hint))

    def is_gone(self, node_id: str) -> bool:
        """Whether a root, OU or account, or an OU above it, was deleted while we read."""
        while node_id not in self.gone:
            above = self.units.get(node_id)
            if above is None:
                return False
            node_id = above[0]
        return True
