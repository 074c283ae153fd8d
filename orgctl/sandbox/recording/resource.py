"""A resource as the recorder sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

GLOBAL = frozenset({"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Policy"})
"""Types that are recorded only by recorders that include global resource types."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. `configuration` and `supplementary` are JSON-shaped, in the form of its configuration item."""

    type: str
    id: str
    name: str
    arn: str
    region: str
    configuration: dict[str, Any]
    created: float | None = None
    tags: dict[str, str] = field(default_factory=dict)
    supplementary: dict[str, Any] = field(default_factory=dict)
    relationships: tuple[dict[str, str], ...] = ()

    @property
    def key(self) -> str:
        """`type|id`."""
        return f"{self.type}|{self.id}"
