"""All operations of AWS Config, gathered."""

from __future__ import annotations

from orgctl.sandbox.config import compliance, items, recorders, results, rules
from orgctl.sandbox.config.registry import operation

__all__ = ["compliance", "items", "operation", "recorders", "results", "rules"]
