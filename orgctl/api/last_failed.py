"""Which cases failed when they were last run: a file under `.orgctl/`, which nobody commits."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FILE = Path(".orgctl") / "last-failed.json"


def read(directory: Path) -> frozenset[str]:
    """The ids of the cases that failed last; none if nothing is known, or if the file is not ours."""
    try:
        saved = json.loads((directory / FILE).read_bytes())
    except (OSError, ValueError):
        return frozenset()
    failed = saved.get("failed") if isinstance(saved, dict) else None
    return frozenset(each for each in failed if isinstance(each, str)) if isinstance(failed, list) else frozenset()


def update(directory: Path, ran: Iterable[str], failed: Iterable[str]) -> None:
    """Remember what failed; what did not run this time stays as it was.

    The file is replaced as a whole. A directory that cannot be written to is no reason to fail: then nothing is kept.
    """
    before = read(directory)
    after = (before - set(ran)) | set(failed)
    if after != before:
        with suppress(OSError):
            _write(directory / FILE, json.dumps({"format_version": 1, "failed": sorted(after)}, indent=2) + "\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)  # noqa: PTH105 - `name` is what mkstemp gives
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise
