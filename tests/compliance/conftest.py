"""How many random cases the properties here try: `ORGCTL_EXAMPLES=20000 pytest tests/compliance` for a long run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from orgctl.api.connection import Connection
from orgctl.sandbox.embedded import Sandbox, running
from tests.functional.conftest import instant

settings.register_profile(
    "compliance",
    max_examples=int(os.environ.get("ORGCTL_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("compliance")


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
