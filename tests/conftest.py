"""How many random cases properties try, and which; and what is not counted as covered by tests.

`make test` tries the same 200 every time, so that whoever changes nothing breaks nothing.
`ORGCTL_EXAMPLES=20000 pytest tests/policy` tries as many others.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

_WANTED = os.environ.get("ORGCTL_EXAMPLES")

settings.register_profile(
    "orgctl",
    max_examples=int(_WANTED or "200"),
    derandomize=_WANTED is None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("orgctl")


@pytest.hookimpl(trylast=True)  # Hypothesis marks its tests here, too
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only random cases reach, or one of a hundred repetitions, is not covered; and counting costs much there."""
    for item in items:
        if item.get_closest_marker("hypothesis") or item.get_closest_marker("slow"):
            item.add_marker("no_cover")
