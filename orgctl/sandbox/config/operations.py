"""All operations of AWS Config, gathered."""

from __future__ import annotations

from orgctl.sandbox.config import (
    compliance,
    items,
    organization_packs,
    packs,
    recorders,
    remediation,
    results,
    rules,
    tags,
)
from orgctl.sandbox.config.registry import operation

__all__ = [
    "compliance",
    "items",
    "operation",
    "organization_packs",
    "packs",
    "recorders",
    "remediation",
    "results",
    "rules",
    "tags",
]
