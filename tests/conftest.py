"""How many random cases properties try, and which; and what is not counted as covered by tests.

`make test` tries the same 100 every time, so that whoever changes nothing breaks nothing.
`ORGCTL_EXAMPLES=20000 pytest tests/policy` tries as many others.
"""

from __future__ import annotations

import ast
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_WANTED = os.environ.get("ORGCTL_EXAMPLES")
_PARSE, _ONE_AT_A_TIME = ast.parse, threading.RLock()


def _parsed(*arguments: Any, **more: Any) -> Any:
    """Python counts the depth of trees for all threads at once (CPython's issue 106905), and fails if two make some.

    Beside a test runs the sandbox, whose moto makes them of every route and template.
    """
    with _ONE_AT_A_TIME:
        return _PARSE(*arguments, **more)


ast.parse = _parsed

settings.register_profile(
    "orgctl",
    max_examples=int(_WANTED or "100"),
    derandomize=_WANTED is None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("orgctl")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What only random cases reach, or one of a hundred repetitions, is not covered; and counting costs much there.

    pytest-cov's own `no_cover` does nothing in workers of pytest-xdist: each has two counters, one behind the other.
    """
    if not (item.get_closest_marker("hypothesis") or item.get_closest_marker("slow")):
        return (yield)
    counting, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type] - as its own documentation has it
    try:
        return (yield)
    finally:
        sys.settrace(counting)
        threading.settrace(in_threads)  # type: ignore[arg-type]
