"""All operations of AWS Config, gathered."""

from __future__ import annotations

from orgctl.sandbox.config import (
    aggregates,
    aggregators,
    compliance,
    items,
    organization_packs,
    packs,
    queries,
    recorders,
    remediation,
    results,
    rules,
    tags,
)
from orgctl.sandbox.config.registry import operation

__all__ = [
    "aggregates",
    "aggregators",
    "compliance",
    "items",
    "operation",
    "organization_packs",
    "packs",
    "queries",
    "recorders",
    "remediation",
    "results",
    "rules",
    "tags",
]
