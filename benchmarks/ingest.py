"""How fast trails become a dataset, and in how much memory.

    python -m benchmarks.ingest [--events 1000000] [--per-file 20] [--runs 3]

The trail is that of `benchmarks.trails`; writing it is not measured. A run begins without a dataset, and ends when the
ledger knows all; finding the files is a part of it. Memory is the sum of what all processes have resident, shared pages
counted in each, at its highest. On a machine with other work, the processor's time tells more than the clock.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.trails import Kind, Written, write_trail
from orgctl.replay.ingest.run import ingested
from orgctl.replay.ingest.sources import find

_PAGE = os.sysconf("SC_PAGESIZE")
_EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds by the clock and of processors, and bytes."""

    clock: float
    processors: float
    memory: int


def measured(trail: Path, dataset: Path, written: Written) -> Measured:
    """Read the trail. Raises AssertionError if the sums are not those of what was written."""
    watch = _Watch()
    before, start = _processors(), time.perf_counter()
    with ingested(find([str(trail)]).sources, dataset) as done:
        counts = done.dataset.counts
    clock, processors = time.perf_counter() - start, _processors() - before
    assert (counts.records, counts.distinct) == (written.records, written.distinct)
    return Measured(clock, processors, watch.stop())


def _processors() -> float:
    """Seconds of processors, in this process and in those that it had."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


class _Watch:
    """Looks at the memory again and again, until it is told to stop."""

    def __init__(self) -> None:
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The most that there was, in bytes."""
        self._ended.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._ended.wait(_EVERY):
            self._most = max(self._most, _resident())


def _resident() -> int:
    """What this process and its children have in memory, by Linux's /proc."""
    own, total = Path("/proc/self"), 0
    children = [each for task in own.glob("task/*/children") for each in task.read_text().split()]
    for process in (own, *map(Path("/proc").joinpath, children)):
        with suppress(OSError):
            total += int((process / "statm").read_text().split()[1]) * _PAGE
    return total


def main() -> None:
    """Write a trail, read it a few times, and print the figures of each run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--per-file", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="orgctl-") as folder:
        written = write_trail(Path(folder, "trail"), Kind(events=given.events, per_file=given.per_file))
        print(f"{written.records:,} records in {written.files:,} files, {written.size / 1e6:,.0f} MB gzipped")
        for _ in range(given.runs):
            run = measured(Path(folder, "trail"), Path(folder, "dataset"), written)
            shutil.rmtree(Path(folder, "dataset"))
            print(
                f"{run.clock:.2f} s: {written.records / run.clock:,.0f} events/s by the clock;"
                f" {run.processors:.2f} s of processors: {2 * written.records / run.processors:,.0f} events/s on two"
                f" cores that do nothing else; {run.memory / 1e6:,.0f} MB"
            )


if __name__ == "__main__":
    main()
