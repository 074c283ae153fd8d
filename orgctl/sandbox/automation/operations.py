"""All operations of Automation, gathered."""

from __future__ import annotations

from orgctl.sandbox.automation import documents, executions
from orgctl.sandbox.automation.registry import operation

__all__ = ["documents", "executions", "operation"]
