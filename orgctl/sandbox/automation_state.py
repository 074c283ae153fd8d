"""What Systems Manager's Automation holds: documents, and their executions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Document:
    """A document: the texts of its versions by number, which is the default, and the accounts it is shared with."""

    account: str
    region: str
    name: str
    format: str
    created: float
    versions: dict[str, str] = field(default_factory=dict)
    default: str = "1"
    shared: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:ssm:{self.region}:{self.account}:document/{self.name}"

    @property
    def latest(self) -> str:
        """The number of the newest version."""
        return str(max(int(number) for number in self.versions))


@dataclass(slots=True)
class Step:
    """A step that was begun."""

    name: str
    action: str
    status: str
    started: float
    ended: float | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    failure: str | None = None


@dataclass(slots=True)
class Execution:
    """A document that was started in an account. `parameters` are as given: lists of strings."""

    id: str
    account: str
    region: str
    document: str
    version: str
    content: str
    parameters: dict[str, list[str]]
    started: float
    status: str = "Pending"
    ended: float | None = None
    steps: list[Step] = field(default_factory=list)
    failure: str | None = None
    outputs: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Automation:
    """All documents by ARN, all executions by id."""

    documents: dict[str, Document] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
