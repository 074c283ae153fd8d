"""The log of every write, for audit: JSON lines, each on the disk before the call that it tells of goes on."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.reconcile.plan import Operation


class WriteLog:
    """An observer of an apply that appends to a file.

    Each call leaves two lines with its number: `"event": "sent"` with account, region and parameters, then `"done"`
    with AWS's answer or `"failed"` with the error. A call without a second line may or may not have happened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise InvalidInputError(f"the log `{path}` cannot be written: {error.strerror}") from error
        self._lock = threading.Lock()

    def __enter__(self) -> WriteLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def remark(self, sentence: str) -> None:
        """Something about the whole apply: a line with `"event": "remark"`, the time and the sentence."""
        self._append({"event": "remark", "message": sentence})

    def sent(self, operation: Operation, parameters: Mapping[str, object], account: str | None) -> None:
        """The call is about to be made."""
        self._write(
            operation,
            "sent",
            account=account,
            region=operation.region,
            address=operation.address,
            parameters=parameters,
        )

    def done(self, operation: Operation, answer: Mapping[str, object]) -> None:
        """The call was made."""
        self._write(operation, "done", answer=answer)

    def said(self, operation: Operation, sentence: str) -> None:
        """What the call waits for is not there yet: nothing that changes AWS."""

    def failed(self, operation: Operation, error: OrgctlError) -> None:
        """The call failed."""
        self._write(operation, "failed", error=error.message)

    def _write(self, operation: Operation, event: str, **more: Any) -> None:
        self._append({"event": event, "number": operation.number, "operation": operation.title, **more})

    def _append(self, line: Mapping[str, Any]) -> None:
        stamped = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **line}
        text = json.dumps(stamped, ensure_ascii=False, default=_in_words)
        with self._lock:
            self._file.write(text + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())


def _in_words(value: object) -> str:
    """What JSON has no type for: times as text, and of a zip only how long it is."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else str(value)
