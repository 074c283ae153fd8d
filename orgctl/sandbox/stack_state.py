"""What CloudFormation's StackSets hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orgctl.sandbox.pending import Pending


@dataclass(slots=True)
class Resource:
    """A resource of a stack: its type, the properties it was made with, and its name in AWS."""

    type: str
    properties: dict[str, Any]
    physical: str


@dataclass(slots=True)
class Instance:
    """A stack in one account and region. `status` is CURRENT, OUTDATED or INOPERABLE; `detail` how it came to it."""

    account: str
    region: str
    unit: str
    status: str = "OUTDATED"
    detail: str = "PENDING"
    reason: str | None = None
    operation: str = ""
    resources: dict[str, Resource] = field(default_factory=dict)


@dataclass(slots=True)
class Operation:
    """Something done to a StackSet's instances (`account/region`)."""

    id: str
    action: str
    created: float
    instances: list[str]
    status: str = "RUNNING"
    ended: float | None = None
    retain: bool = False
    pending: Pending | None = None
    results: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class StackSet:
    """A service-managed StackSet; `targets` are the regions by OU (or root) that it is deployed in."""

    name: str
    id: str
    owner: str
    region: str
    template: str
    parameters: dict[str, str]
    capabilities: list[str]
    automatic: dict[str, Any]
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    targets: dict[str, list[str]] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:cloudformation:{self.region}:{self.owner}:stackset/{self.id}"
