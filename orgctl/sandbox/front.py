"""The front: every request passes here, on its way to a service of ours or to moto.

In order: who calls, what is called, throttling, faults, latency, conflicts, permissions, the operation, the log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from orgctl.sandbox import account, athena, cloudtrail, glue, lambdas, organizations, stacksets
from orgctl.sandbox.automation import operations as automation
from orgctl.sandbox.background import Background
from orgctl.sandbox.backstage import Backstage
from orgctl.sandbox.calls import Calls, Entry
from orgctl.sandbox.clock import Clock
from orgctl.sandbox.config import operations as config
from orgctl.sandbox.config.fanout import settle_all
from orgctl.sandbox.config.rules import run_due
from orgctl.sandbox.credentials import Credentials, Principal
from orgctl.sandbox.faults import Fault, Faults, Kind, When, is_write
from orgctl.sandbox.following import follow, is_behind
from orgctl.sandbox.ids import Ids
from orgctl.sandbox.journal import Journal
from orgctl.sandbox.messages import Answer, InvalidAnswerError, RefusalError, Request
from orgctl.sandbox.moto_services import named
from orgctl.sandbox.operations import Call, Deferred
from orgctl.sandbox.organizations.lifecycle import found
from orgctl.sandbox.perform import perform
from orgctl.sandbox.rendering import error_answer, refused
from orgctl.sandbox.runtime.runtimes import Runtimes
from orgctl.sandbox.scope import OURS, Scope, scope_of
from orgctl.sandbox.service import Service
from orgctl.sandbox.settings import Settings
from orgctl.sandbox.signature import is_signed_with
from orgctl.sandbox.state import Account, Cloud
from orgctl.sandbox.throttle import Throttle

T = TypeVar("T")


class Front:
    """One sandbox: its state, its switches, and the way of a request through them.

    `lock` guards everything in `cloud`: hold it to look at the organization from another thread. `token` is told to
    whoever asks for the status, so that a process can be told from another one on its port.
    """

    def __init__(self, settings: Settings | None = None, *, token: str = "") -> None:
        self.token = token
        self.lock = threading.RLock()
        self.clock = Clock()
        self.faults = Faults()
        self.calls = Calls()
        self.journal = Journal()
        self.throttle = Throttle(self.clock)
        self.services = {
            "organizations": Service.of("organizations", organizations.operation),
            "account": Service.of("account", account.operation),
            "athena": Service.of("athena", athena.operation),
            "cloudtrail": Service.of("cloudtrail", cloudtrail.operation),
            "cloudformation": Service.of("cloudformation", stacksets.operation),
            "config": Service.of("config", config.operation),
            "glue": Service.of("glue", glue.operation),
            "lambda": Service.of("lambda", lambdas.operation),
            "ssm": Service.of("ssm", automation.operation),
        }
        self.endpoint_url = ""
        self.runtimes = Runtimes()
        self._moto = ThreadPoolExecutor(1, "sandbox-moto")
        self._in_flight: set[str] = set()
        self.failures: list[str] = []
        self.background = Background(self.failures)
        self._log = logging.getLogger("orgctl.sandbox")
        self._begin(settings or Settings())

    def reset(self, settings: Settings | None = None) -> None:
        """Begin anew: an empty cloud, with an organization if the settings say so; no faults, no log."""
        self.runtimes.close()
        with self.lock:
            self._begin(settings or self.settings)
            self.faults.set()
            self.calls.reset()
            self.journal.clear()
            self.throttle.reset()

    def _begin(self, settings: Settings) -> None:
        self.cloud: Cloud = Cloud(settings, self.clock, Ids(settings.seed))
        self.cloud.backstage = Backstage(self.journal)
        self.credentials = Credentials()
        management = settings.management_account
        self.cloud.outside[management] = Account(management, "aws@example.com", "management", self.clock.now())
        if settings.organization:
            found(self.cloud, self.cloud.outside[management])

    def close(self) -> None:
        """End the threads, and the processes of functions, those too that began while the others ended."""
        self.runtimes.end()
        self.background.close()
        self.runtimes.close()
        self._moto.shutdown()

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.cloud.settings

    @property
    def invalid_answers(self) -> list[str]:
        """What the sandbox said against the model: always empty, or there is a bug in it."""
        return [*self.failures, *(what for service in self.services.values() for what in service.invalid_answers)]

    def change(self, changes: dict[str, Any]) -> None:
        """Change settings while running. Raises ValueError on a setting that there is not."""
        with self.lock:
            self.cloud.settings = self.settings.changed(changes)

    async def answer(self, request: Request) -> Answer | None:
        """The answer to one request; None where the connection is to break."""
        try:
            answer = await self._answer(request)
        except Exception as mistake:  # noqa: BLE001 (a server answers whatever happens, and says so at the end)
            self._log.exception("the sandbox failed at %s %s", request.method, request.target)
            self.failures.append(repr(mistake))
            answer = _mistake(repr(mistake))
        return answer and replace(answer, headers=(*answer.headers, ("x-amzn-RequestId", str(uuid4()))))

    async def _answer(self, request: Request) -> Answer | None:
        try:
            scope = scope_of(request)
        except ValueError:
            return error_answer("organizations", "SerializationException", "The body is not JSON.")
        if not scope.operation:
            scope = await self.in_moto(named, scope, request)
        known = self.credentials.principal(scope.access_key)
        principal = known or Principal(self.settings.management_account)
        answer: Answer | None
        if known is None and self.settings.enforce_iam:
            answer, outcome = refused(scope, "UnrecognizedClientException", "The security token is invalid.")
        elif self.settings.enforce_iam and not is_signed_with(request, self.credentials.secret(scope.access_key)):
            answer, outcome = refused(scope, "InvalidSignatureException", "The signature does not match the request.")
        else:
            answer, outcome = await self._admitted(request, scope, principal)
        parameters = scope.parameters if scope.service in OURS else None
        entry = Entry(self.clock.now(), principal.account, scope.service, scope.operation, parameters, outcome)
        with self.lock:
            self.calls.add(entry)
        return answer

    async def _admitted(self, request: Request, scope: Scope, principal: Principal) -> tuple[Answer | None, str]:
        settings = self.settings
        if settings.throttle and not self.throttle.allows(
            settings.limits, principal.account, scope.service, scope.operation
        ):
            return self._throttled(scope)
        fault = self.faults.next(scope.service, scope.operation)
        if fault is not None and (fault.when is When.BEFORE or fault.kind is Kind.THROTTLE):
            return self._struck(scope, fault)
        touched = _touched(scope) if settings.latency_ms and settings.conflicts else frozenset()
        if touched & self._in_flight:
            return refused(scope, "ConcurrentModificationException", "The target is being changed by another request.")
        self._in_flight |= touched
        try:
            if settings.latency_ms:
                await asyncio.sleep(settings.latency_ms / 1000)
            answer, outcome = await self._performed(request, scope, principal)
        finally:
            self._in_flight -= touched
        return self._struck(scope, fault) if fault is not None else (answer, outcome)

    async def _performed(self, request: Request, scope: Scope, principal: Principal) -> tuple[Answer, str]:
        try:
            if scope.service in ("organizations", "account") and not self.settings.enforce_iam:
                return self.ours(scope, principal)
            return await self.in_moto(perform, self, request, scope, principal)
        except Deferred as deferred:
            members = await asyncio.to_thread(deferred.finish, self)
            return self.services[scope.service].answer(scope.operation, members), "ok"
        finally:
            if is_behind(self.cloud):
                await self.in_moto(self._follow)
            self._begin_jobs()

    def tick(self) -> None:
        """Let happen what is due by the clock: periodic rules, packs that wait for their accounts."""
        with self.lock:
            run_due(self.cloud)
            settle_all(self.cloud)
        self._begin_jobs()

    def _follow(self) -> None:
        with self.lock:
            follow(self.cloud)

    def _begin_jobs(self) -> None:
        """Hand over what operations want to be done after their answers."""
        with self.lock:
            jobs, self.cloud.jobs = self.cloud.jobs, []
        for job in jobs:
            self.background.submit(partial(job, self))

    async def in_moto(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run in the one thread that may touch moto."""
        return await asyncio.get_running_loop().run_in_executor(self._moto, function, *arguments)

    def ask_moto(self, function: Callable[..., T], *arguments: Any) -> T:
        """The same from a thread of the background, which must not hold the lock."""
        return self._moto.submit(function, *arguments).result()

    def ours(self, scope: Scope, principal: Principal) -> tuple[Answer, str]:
        """The answer of a service of ours, and the outcome for the log."""
        service = self.services[scope.service]
        with self.lock:
            try:
                call = Call(self.cloud, principal.account, scope.region)
                answer = service.answer(scope.operation, service.run(call, scope.operation, scope.parameters))
            except RefusalError as refusal:
                return service.refusal_answer(scope.operation, refusal), refusal.code
            except InvalidAnswerError as mistake:
                return _mistake(str(mistake)), "SandboxBug"
        return answer, "ok"

    def _throttled(self, scope: Scope) -> tuple[Answer, str]:
        named = scope.service in ("organizations", "account", "lambda")
        code = "TooManyRequestsException" if named else "ThrottlingException"
        return refused(scope, code, "Rate exceeded")

    def _struck(self, scope: Scope, fault: Fault) -> tuple[Answer | None, str]:
        match fault.kind:
            case Kind.DROP:
                return None, "dropped"
            case Kind.THROTTLE:
                return self._throttled(scope)
            case Kind.ERROR:
                return refused(scope, fault.code, "A fault of the sandbox.", fault.status)


def _mistake(what: str) -> Answer:
    return Answer(500, json.dumps({"__type": "SandboxBug", "message": what}).encode())


def _touched(scope: Scope) -> frozenset[str]:
    """The ids that a write of Organizations is about; two writes on one of them conflict."""
    if scope.service != "organizations" or not is_write(scope.operation):
        return frozenset()
    parameters = scope.parameters if isinstance(scope.parameters, dict) else {}
    return frozenset(v for name, v in parameters.items() if name.endswith("Id") and isinstance(v, str))
