"""What Lambda holds: functions, layers and code-signing configurations, by their ARNs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orgctl.sandbox.pending import Pending


@dataclass(slots=True)
class Function:
    """A function, $LATEST only. `settings` are the members of FunctionConfiguration that the caller chose; `code` is
    the zip in base64 (empty for an image); `signing` the ARN of its code-signing configuration; `statements` its
    resource policy; `pending` runs while its last change takes effect.
    """

    account: str
    region: str
    name: str
    settings: dict[str, Any]
    code: str
    modified: str
    revision: str
    created: float
    fresh: bool = True
    image: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    concurrency: int | None = None
    signing: str | None = None
    signed_by: str | None = None
    statements: list[dict[str, Any]] = field(default_factory=list)
    policy_revision: str = ""
    pending: Pending | None = None

    @property
    def arn(self) -> str:
        """Its ARN without a qualifier."""
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"


@dataclass(slots=True)
class LayerVersion:
    """One version of a layer; `content` is its zip in base64."""

    number: int
    content: str
    created: str
    settings: dict[str, Any]
    statements: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Layer:
    """A layer. Numbers are not used again, also not those of deleted versions: `last` counts."""

    account: str
    region: str
    name: str
    last: int = 0
    versions: dict[str, LayerVersion] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """Its ARN without a version."""
        return f"arn:aws:lambda:{self.region}:{self.account}:layer:{self.name}"


@dataclass(slots=True)
class SigningConfig:
    """A code-signing configuration, as the API gives it."""

    account: str
    region: str
    settings: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Lambda:
    """All of Lambda, in all accounts and regions, by ARN."""

    functions: dict[str, Function] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    signing: dict[str, SigningConfig] = field(default_factory=dict)
