"""The process of a background sandbox: `python -m orgctl.sandbox.daemon`, as `process.start` runs it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from orgctl.sandbox import process
from orgctl.sandbox.application import application
from orgctl.sandbox.front import Front
from orgctl.sandbox.server import HOST, serve
from orgctl.sandbox.settings import Settings
from orgctl.sandbox.snapshot import restore


def main() -> None:
    """Serve until told to end. What goes wrong is the last line on stderr, which is the log."""
    options = _options()
    try:
        asyncio.run(_serve(options))
    except (OSError, ValueError, TypeError, KeyError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--settings", type=json.loads, required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--load", type=Path)
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    front = Front(Settings().changed(options.settings), token=options.token)
    if options.load is not None:
        restore(front, json.loads(options.load.read_text(encoding="utf-8")))
        front.change(options.settings)
    server = await serve(application(front), options.port)
    port = server.sockets[0].getsockname()[1]
    front.endpoint_url = f"http://{HOST}:{port}"
    management = front.settings.management_account
    instance = process.Instance(
        options.name, os.getpid(), port, options.token, management, options.log, front.settings.throttle
    )
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    process.write_note(instance)
    await ended.wait()
    process.remove_note(instance)
    server.close()
    front.runtimes.end()
    os._exit(0)  # connections that are kept alive would hold the loop


if __name__ == "__main__":
    main()
