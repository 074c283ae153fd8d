"""The front: every request passes here, on its way to a service of ours or to moto.

In order: who calls, what is called, throttling, faults, latency, conflicts, permissions, the operation, the log.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from orgctl.sandbox import account, cloudtrail, moto_services, organizations
from orgctl.sandbox.actions import Intent, condition_context, intent_of
from orgctl.sandbox.calls import Calls, Entry
from orgctl.sandbox.clock import Clock
from orgctl.sandbox.credentials import Credentials, Principal
from orgctl.sandbox.faults import Fault, Faults, Kind, When, is_write
from orgctl.sandbox.ids import Ids
from orgctl.sandbox.journal import Journal
from orgctl.sandbox.messages import Answer, InvalidAnswerError, RefusalError, Request
from orgctl.sandbox.moto_services import named
from orgctl.sandbox.operations import Call
from orgctl.sandbox.organizations.lifecycle import found
from orgctl.sandbox.permissions import bucket_admits, denial
from orgctl.sandbox.rendering import error_answer
from orgctl.sandbox.roles import assumed
from orgctl.sandbox.scope import OURS, Scope, scope_of
from orgctl.sandbox.service import Service
from orgctl.sandbox.settings import Settings
from orgctl.sandbox.state import Account, Cloud
from orgctl.sandbox.throttle import Throttle

T = TypeVar("T")


class Front:
    """One sandbox: its state, its switches, and the way of a request through them.

    `lock` guards everything in `cloud`: hold it to look at the organization from another thread.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = Clock()
        self.faults = Faults()
        self.calls = Calls()
        self.journal = Journal()
        self.throttle = Throttle(self.clock)
        self.services = {
            "organizations": Service.of("organizations", organizations.operation),
            "account": Service.of("account", account.operation),
            "cloudtrail": Service.of("cloudtrail", cloudtrail.operation),
        }
        self._moto = ThreadPoolExecutor(1, "sandbox-moto")
        self._in_flight: set[str] = set()
        self._begin(settings or Settings())

    def reset(self, settings: Settings | None = None) -> None:
        """Begin anew: an empty cloud, with an organization if the settings say so; no faults, no log."""
        with self.lock:
            self._begin(settings or self.settings)
            self.faults.set()
            self.calls.reset()
            self.journal.clear()
            self.throttle.reset()

    def _begin(self, settings: Settings) -> None:
        self.cloud: Cloud = Cloud(settings, self.clock, Ids(settings.seed))
        self.credentials = Credentials()
        management = settings.management_account
        self.cloud.outside[management] = Account(management, "aws@example.com", "management", self.clock.now())
        if settings.organization:
            found(self.cloud, self.cloud.outside[management])

    def close(self) -> None:
        """End the thread that moto runs in."""
        self._moto.shutdown()

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.cloud.settings

    @property
    def invalid_answers(self) -> list[str]:
        """What the sandbox said against the model: always empty, or there is a bug in it."""
        return [what for service in self.services.values() for what in service.invalid_answers]

    def change(self, changes: dict[str, Any]) -> None:
        """Change settings while running. Raises ValueError on a setting that there is not."""
        with self.lock:
            self.cloud.settings = self.settings.changed(changes)

    async def answer(self, request: Request) -> Answer | None:
        """The answer to one request; None where the connection is to break."""
        try:
            scope = scope_of(request)
        except ValueError:
            return error_answer("organizations", "SerializationException", "The body is not JSON.")
        if not scope.operation:
            scope = await self._in_moto(named, scope, request)
        known = self.credentials.principal(scope.access_key)
        principal = known or Principal(self.settings.management_account)
        answer: Answer | None
        if known is None and self.settings.enforce_iam:
            answer, outcome = self._refused(scope, "UnrecognizedClientException", "The security token is invalid.")
        else:
            answer, outcome = await self._admitted(request, scope, principal)
        parameters = scope.parameters if scope.service in OURS else None
        entry = Entry(self.clock.now(), principal.account, scope.service, scope.operation, parameters, outcome)
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
            return self._refused(
                scope, "ConcurrentModificationException", "The target is being changed by another request."
            )
        self._in_flight |= touched
        try:
            if settings.latency_ms:
                await asyncio.sleep(settings.latency_ms / 1000)
            answer, outcome = await self._performed(request, scope, principal)
        finally:
            self._in_flight -= touched
        return self._struck(scope, fault) if fault is not None else (answer, outcome)

    async def _performed(self, request: Request, scope: Scope, principal: Principal) -> tuple[Answer, str]:
        if scope.service in ("organizations", "account") and not self.settings.enforce_iam:
            return self._ours(scope, principal)
        return await self._in_moto(self._with_moto, request, scope, principal)

    async def _in_moto(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run in the one thread that may touch moto."""
        return await asyncio.get_running_loop().run_in_executor(self._moto, function, *arguments)

    def _with_moto(self, request: Request, scope: Scope, principal: Principal) -> tuple[Answer, str]:
        moto_services.application()
        if refusal := self._denied(scope, principal):
            return self._refused(scope, "AccessDeniedException", refusal)
        if scope.service in OURS:
            return self._ours(scope, principal)
        return self._motos(request, scope, principal)

    def _denied(self, scope: Scope, principal: Principal) -> str | None:
        """AWS's message where the caller may not do this, None where it may."""
        parameters = scope.parameters if isinstance(scope.parameters, dict) else {}
        with self.lock:
            intent = intent_of(scope, scope.operation, parameters, self.cloud.organization, principal.account)
        if scope.service == "s3" and (message := _other_bucket(principal, intent, parameters)):
            return message
        if not self.settings.enforce_iam:
            return None
        context = condition_context(scope, principal, self.cloud.organization)
        return denial(principal, intent.action, intent.resources, context)

    def _motos(self, request: Request, scope: Scope, principal: Principal) -> tuple[Answer, str]:
        becomes = None
        if scope.service == "sts" and scope.operation == "AssumeRole":
            role = str(scope.parameters.get("RoleArn", ""))
            with self.lock:
                becomes = assumed(self.cloud, principal, role, str(scope.parameters.get("RoleSessionName", "")))
            if becomes is None:
                message = f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
                return self._refused(scope, "AccessDeniedException", message)
        answer = moto_services.answer(request, principal.account)
        if answer.status >= 400:
            return answer, moto_services.error_code(answer)
        self._remember(request, scope, principal, becomes, answer)
        return answer, "ok"

    def _remember(
        self, request: Request, scope: Scope, principal: Principal, becomes: Principal | None, answer: Answer
    ) -> None:
        """Note the keys that were given out, and the writes that are to be saved."""
        self.journal.add(scope, scope.operation, principal.account, request)
        if scope.operation == "CreateAccessKey":
            becomes = Principal(principal.account, "user", str(scope.parameters.get("UserName", principal.name)))
        key = re.search(rb"<AccessKeyId>([^<]+)</AccessKeyId>", answer.body)
        if becomes is not None and key is not None:
            self.credentials.issued[key.group(1).decode()] = becomes

    def _ours(self, scope: Scope, principal: Principal) -> tuple[Answer, str]:
        service = self.services[scope.service]
        with self.lock:
            try:
                call = Call(self.cloud, principal.account, scope.region)
                answer = service.answer(service.run(call, scope.operation, scope.parameters))
            except RefusalError as refusal:
                return service.refusal_answer(scope.operation, refusal), refusal.code
            except InvalidAnswerError as mistake:
                return Answer(500, json.dumps({"__type": "SandboxBug", "message": str(mistake)}).encode()), "SandboxBug"
        return answer, "ok"

    def _throttled(self, scope: Scope) -> tuple[Answer, str]:
        code = "TooManyRequestsException" if scope.service in ("organizations", "account") else "ThrottlingException"
        return self._refused(scope, code, "Rate exceeded")

    def _struck(self, scope: Scope, fault: Fault) -> tuple[Answer | None, str]:
        match fault.kind:
            case Kind.DROP:
                return None, "dropped"
            case Kind.THROTTLE:
                return self._throttled(scope)
            case Kind.ERROR:
                return self._refused(scope, fault.code, "A fault of the sandbox.", fault.status)

    def _refused(self, scope: Scope, code: str, message: str, status: int | None = None) -> tuple[Answer, str]:
        return error_answer(scope.service, code, message, status), code


def _touched(scope: Scope) -> frozenset[str]:
    """The ids that a write of Organizations is about; two writes on one of them conflict."""
    if scope.service != "organizations" or not is_write(scope.operation):
        return frozenset()
    parameters = scope.parameters if isinstance(scope.parameters, dict) else {}
    return frozenset(v for name, v in parameters.items() if name.endswith("Id") and isinstance(v, str))


def _other_bucket(principal: Principal, intent: Intent, parameters: dict[str, Any]) -> str | None:
    """The refusal of a bucket that belongs to another account and whose policy does not let the caller in."""
    bucket = str(parameters.get("Bucket", ""))
    owner = moto_services.bucket_owner(bucket)
    if owner in (None, principal.account) or intent.action == "s3:CreateBucket":
        return None
    if bucket_admits(moto_services.bucket_policy(bucket), principal, intent.action, intent.resources[0]):
        return None
    return f"User: {principal.arn} is not authorized to perform: {intent.action} on resource: {intent.resources[0]}"
