"""Processes of functions: whenever one is closed, it ends."""

from __future__ import annotations

import base64
import io
import threading
import zipfile

import pytest

from orgctl.sandbox.runtime.process import Program, Runner


def endless() -> Program:
    """A function that never returns, and may take ten minutes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("one.py", "def handler(event, context):\n    while True: pass")
    code = base64.b64encode(held.getvalue()).decode()
    return Program("arn:aws:lambda:us-east-1:111111111111:function:one", code, "one.handler", {}, 600, "")


@pytest.mark.parametrize("milliseconds", range(0, 60, 3))
def test_a_process_ends_whenever_it_is_closed(milliseconds: int) -> None:
    """Before it is started, while it is being started, and while it runs."""
    runner = Runner(endless())
    said: list[object] = []
    invoking = threading.Thread(target=lambda: said.append(runner.invoke({}).error), daemon=True)
    invoking.start()
    threading.Event().wait(milliseconds / 1000)
    runner.close()
    invoking.join(30)
    assert not invoking.is_alive()
    assert said[0] is not None
