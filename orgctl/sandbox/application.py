"""The whole application of a server: control endpoints under `/_sandbox/`, AWS everywhere else."""

from __future__ import annotations

import asyncio

from orgctl.sandbox.control import PREFIX, control, settle
from orgctl.sandbox.front import Front
from orgctl.sandbox.messages import Answer, Request
from orgctl.sandbox.server import Application


def application(front: Front) -> Application:
    """What the server asks for each request."""

    async def answer(request: Request) -> Answer | None:
        if (request.method, request.path) == ("POST", f"{PREFIX}settle"):
            return await asyncio.to_thread(settle, front, request)
        if request.path.startswith(PREFIX):
            return await front.in_moto(control, front, request)
        return await front.answer(request)

    return answer
