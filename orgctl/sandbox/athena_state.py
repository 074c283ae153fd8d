"""What Athena holds: workgroups, and the executions of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orgctl.sandbox.pending import Pending


@dataclass(slots=True)
class Workgroup:
    """A workgroup, with its configuration as the API has it."""

    account: str
    region: str
    name: str
    created: float
    configuration: dict[str, Any]
    description: str = ""
    state: str = "ENABLED"
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:athena:{self.region}:{self.account}:workgroup/{self.name}"


@dataclass(slots=True)
class Execution:
    """A query that was started. `scanned` is in bytes, `took` in seconds.

    `state` is how far it really is; whoever asks is told of it once `pending` is over. `rows` are what
    GetQueryResults gives, the header among them: texts, or None for NULL. `types` are the columns' types by name.
    `manifest` is the object that names the files that UNLOAD wrote.
    """

    id: str
    account: str
    region: str
    query: str
    workgroup: str
    database: str
    output: str
    configuration: dict[str, Any]
    submitted: float
    pending: Pending
    parameters: list[str] = field(default_factory=list)
    statement: str = "DML"
    state: str = "QUEUED"
    reason: str | None = None
    ended: float | None = None
    scanned: int = 0
    took: float = 0.0
    types: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    manifest: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("SUCCEEDED", "FAILED", "CANCELLED")


@dataclass(slots=True)
class Athena:
    """All workgroups by ARN. Executions by id, and their ids by client and token, are not kept beyond a restart."""

    workgroups: dict[str, Workgroup] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
