"""A run in a process of its own, step by step: `python -m tests.replay.ingest.reading DATASET PATH LIMIT`.

After each task it writes a line, and waits for one. LIMIT is how many bytes a file may have that it or its workers
write; 0: any.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from orgctl.errors import OrgctlError
from orgctl.replay.ingest.run import ingested
from orgctl.replay.ingest.sources import find


def main(folder: Path, path: str, limit: int) -> int:
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        with ingested(find([path]).sources, folder, workers=2, tell=lambda done, total: wait()):
            pass
    except OrgctlError as error:
        say(f"{type(error).__name__}: {error.message}")
        return error.exit_status
    return 0


def wait() -> None:
    say("step")
    sys.stdin.readline()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
