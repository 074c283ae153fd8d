"""A sandbox in a thread of this process, for tests.

with running(Settings(throttle=True)) as sandbox:
    client = boto3.client("organizations", endpoint_url=sandbox.endpoint_url, **sandbox.credentials())
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.application import application
from orgctl.sandbox.credentials import SECRET, access_key
from orgctl.sandbox.environment import environment
from orgctl.sandbox.faults import Fault
from orgctl.sandbox.front import Front
from orgctl.sandbox.seed import Seeding, seeded
from orgctl.sandbox.server import HOST, serve
from orgctl.sandbox.settings import Settings
from orgctl.sandbox.state import Cloud, Organization


class Sandbox:
    """A running sandbox. `front` is all of it; the methods are what tests mostly want."""

    def __init__(self, front: Front, port: int) -> None:
        self.front = front
        self.port = port

    @property
    def endpoint_url(self) -> str:
        """`http://127.0.0.1:<port>`."""
        return f"http://{HOST}:{self.port}"

    @property
    def cloud(self) -> Cloud:
        """The state. Hold `front.lock` to change it while calls may come in."""
        return self.front.cloud

    @property
    def organization(self) -> Organization:
        """The organization in memory. Raises LookupError if there is none."""
        if self.cloud.organization is None:
            raise LookupError("the sandbox has no organization")
        return self.cloud.organization

    def environment(self, account: str | None = None) -> dict[str, str]:
        """The variables that point an SDK here, as the administrator of an account (default: management)."""
        settings = self.front.settings
        return environment(self.endpoint_url, account or settings.management_account, throttled=settings.throttle)

    def credentials(self, account: str | None = None, region: str = "us-east-1") -> dict[str, str]:
        """The same as arguments of a boto3 client, without the endpoint."""
        return {
            "aws_access_key_id": access_key(account or self.front.settings.management_account),
            "aws_secret_access_key": SECRET,
            "region_name": region,
        }

    def calls(self) -> dict[str, int]:
        """How often each `service:Operation` was called, failures included."""
        with self.front.lock:
            return dict(self.front.calls.counts)

    def configure(self, **changes: Any) -> None:
        """Change settings: `sandbox.configure(throttle=True)`."""
        self.front.change(changes)

    def fault(self, *faults: Fault) -> None:
        """Replace all faults; none: take them away."""
        self.front.faults.set(*faults)

    def seed(self, seeding: Seeding) -> Organization:
        """Fill the organization in memory, replacing the one there is."""
        with self.front.lock:
            return seeded(self.cloud, seeding)

    def settled(self, seconds: float = 60) -> bool:
        """Wait until everything that calls set going is done (functions, documents), at most so long; whether it is."""
        return self.front.background.settled(seconds)

    def logs(self, function_arn: str) -> list[str]:
        """What a function printed."""
        return list(self.front.runtimes.logs.get(function_arn, ()))

    def advance(self, seconds: float) -> None:
        """Let time go by at once; periodic rules that are due are invoked."""
        self.front.clock.advance(seconds)
        self.front.tick()


@contextmanager
def running(settings: Settings | None = None, **changes: Any) -> Iterator[Sandbox]:
    """Run a sandbox on a free port until the block ends; `changes` are settings too.

    moto's part starts empty, too. Raises AssertionError at the end if the sandbox gave an answer that botocore's model
    does not allow.
    """
    settings = replace(settings or Settings(), **changes)
    moto_services.reset()
    front = Front(settings)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(serve(application(front)))
    port = server.sockets[0].getsockname()[1]
    front.endpoint_url = f"http://{HOST}:{port}"
    thread = threading.Thread(target=loop.run_forever, name=f"sandbox-{port}", daemon=True)
    thread.start()
    try:
        yield Sandbox(front, port)
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        front.close()
    if front.invalid_answers:
        raise AssertionError(f"the sandbox gave invalid answers: {front.invalid_answers}")


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
