"""The example organization, and a sandbox to apply it to; time passes only when somebody waits for it."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orgctl.api.applying import Terms
from orgctl.api.connection import Connection
from orgctl.aws.clock import Clock
from orgctl.reconcile.plan import Plan
from orgctl.sandbox.embedded import Sandbox, running

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = ("organization.yaml", "organization.schema.json", "policies", "config_rules", "conformance_packs")


def instant() -> Clock:
    """A clock whose waits take no time but are seen to pass."""
    ticks = itertools.count()
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    return Clock(now=lambda: passed[0] + next(ticks) * 1e-6, sleep=sleep)


def copy_example(directory: Path) -> Path:
    """The repository's own manifest and policies, to be changed at will."""
    for name in EXAMPLE:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, directory / name)
        else:
            shutil.copy(source, directory / name)
    return directory


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return copy_example(tmp_path)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with running(seed=7, recording=True) as started:
        for name, value in started.environment().items():
            monkeypatch.setenv(name, value)
        yield started


@pytest.fixture
def connection() -> Connection:
    return Connection(paced=False, clock=instant())


def agree(plan: Plan) -> None:
    """Confirm whatever is planned."""


TERMS = Terms(confirm=agree)
