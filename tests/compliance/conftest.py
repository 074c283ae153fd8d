"""A sandbox to report on, and a connection on which waiting takes no time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from orgctl.api.connection import Connection
from orgctl.sandbox.embedded import Sandbox, running
from tests.functional.conftest import instant


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """One in which accounts record only where somebody sees to it."""
    with running(seed=7) as started:
        for name, value in started.environment().items():
            monkeypatch.setenv(name, value)
        yield started


@pytest.fixture
def connection() -> Connection:
    return Connection(paced=False, clock=instant())
