"""A query is run: its objects read, its statement executed by DuckDB, its results written."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orgctl.sandbox.athena.ended import Ended
from orgctl.sandbox.athena.failure import QueryError, ScanLimitError
from orgctl.sandbox.athena_state import Execution
from orgctl.sandbox.state import Cloud

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front

_MISSING = "the sandbox executes queries with what `orgctl[impact]` brings: `pip install 'orgctl[impact,sandbox]'`"


@dataclass(slots=True)
class Run:
    """The job of one execution, in a thread of the background."""

    cloud: Cloud
    execution: Execution

    def __call__(self, front: Front) -> None:
        """Execute it, unless it has been cancelled."""
        execution = self.execution
        with front.lock:
            if execution.is_over:
                return
            execution.state = "RUNNING"
        began = time.perf_counter()
        ended = Ended("FAILED", "GENERIC_INTERNAL_ERROR: a mistake of the sandbox's; its log tells more")
        try:
            ended = self._ended(front)
        finally:
            with front.lock:
                if not execution.is_over:
                    execution.state, execution.reason, execution.scanned = ended.state, ended.reason, ended.scanned
                    execution.types, execution.rows, execution.manifest = ended.types, ended.rows, ended.manifest
                    execution.took, execution.ended = time.perf_counter() - began, self.cloud.clock.now()

    def _ended(self, front: Front) -> Ended:
        try:
            return self._run(front)
        except ScanLimitError as limit:
            return Ended("CANCELLED", str(limit), limit.scanned)
        except QueryError as error:
            return Ended("FAILED", str(error))

    def _run(self, front: Front) -> Ended:
        try:
            from orgctl.sandbox.athena.engine import Engine
        except ImportError:
            raise QueryError(f"NOT_SUPPORTED: {_MISSING}") from None
        today = datetime.fromtimestamp(self.cloud.clock.now(), UTC).date()
        return Engine(front, self.execution, today).run()
