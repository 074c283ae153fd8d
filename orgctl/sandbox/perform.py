"""What needs moto: its own services, CloudTrail (which looks at buckets), and everything once IAM is enforced.

It runs in the one thread that may touch moto, outside of the event loop.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from orgctl.sandbox import moto_services
from orgctl.sandbox.actions import Intent, condition_context, intent_of
from orgctl.sandbox.athena.executions import with_workgroup
from orgctl.sandbox.credentials import Principal
from orgctl.sandbox.faults import is_write
from orgctl.sandbox.messages import Answer, Request
from orgctl.sandbox.permissions import bucket_admits, denial
from orgctl.sandbox.recording.discovery import follow
from orgctl.sandbox.rendering import caller_identity, refused
from orgctl.sandbox.roles import assumed
from orgctl.sandbox.scope import OURS, Scope

if TYPE_CHECKING:
    from orgctl.sandbox.front import Front


def perform(front: Front, request: Request, scope: Scope, principal: Principal) -> tuple[Answer, str]:
    """The answer, and the outcome for the log."""
    moto_services.application()
    if message := _denied(front, request, scope, principal):
        return refused(scope, "AccessDeniedException", message)
    if scope.service in OURS:
        answer, outcome = front.ours(scope, principal)
    else:
        answer, outcome = _by_moto(front, request, scope, principal)
    if outcome == "ok" and is_write(scope.operation):
        with front.lock:
            follow(front.cloud, principal.account, scope.service, scope.region)
    return answer, outcome


def _denied(front: Front, request: Request, scope: Scope, principal: Principal) -> str | None:
    """AWS's message where the caller may not do this, None where it may."""
    parameters = scope.parameters if isinstance(scope.parameters, dict) else {}
    with front.lock:
        organization = front.cloud.organization
        if scope.service == "athena":
            parameters = with_workgroup(front.cloud, parameters)
        intent = intent_of(scope, scope.operation, parameters, organization, principal.account)
        context = condition_context(scope, principal, organization, intent.resources)
    if scope.service == "s3" and (message := _other_bucket(request, principal, intent, parameters)):
        return message
    if not front.settings.enforce_iam:
        return None
    return denial(principal, intent.action, intent.resources, context)


def _other_bucket(request: Request, principal: Principal, intent: Intent, parameters: dict[str, Any]) -> str | None:
    """The refusal of a bucket of another account than the caller expects, or of one whose policy does not let it in."""
    bucket, resource = str(parameters.get("Bucket", "")), intent.resources[0]
    owner = moto_services.bucket_owner(bucket)
    if owner and request.headers.get("x-amz-expected-bucket-owner", owner) != owner:
        return "Access Denied"
    if owner in (None, principal.account) or intent.action == "s3:CreateBucket":
        return None
    if bucket_admits(moto_services.bucket_policy(bucket), principal, intent.action, resource):
        return None
    return f"User: {principal.arn} is not authorized to perform: {intent.action} on resource: {resource}"


def _by_moto(front: Front, request: Request, scope: Scope, principal: Principal) -> tuple[Answer, str]:
    becomes = None
    if scope.service == "sts" and scope.operation == "AssumeRole":
        role = str(scope.parameters.get("RoleArn", ""))
        with front.lock:
            becomes = assumed(front.cloud, principal, role, str(scope.parameters.get("RoleSessionName", "")))
        if becomes is None:
            message = f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
            return refused(scope, "AccessDeniedException", message)
    if scope.service == "sts" and scope.operation == "GetCallerIdentity":
        return caller_identity(principal), "ok"
    if scope.service == "apigateway" and not moto_services.is_http_api(request):
        message = "The sandbox has API Gateway's HTTP and WebSocket APIs only."
        return refused(scope, "UnknownOperationException", message)
    answer = moto_services.answer(request, principal.account)
    if answer.status >= 400:
        return answer, moto_services.error_code(answer)
    if scope.operation == "CreateBucket":
        moto_services.complete_bucket(str(scope.parameters.get("Bucket", "")), request.body)
    front.journal.add(scope, scope.operation, principal.account, request)
    _remember_key(front, scope, principal, becomes, answer)
    return answer, "ok"


def _remember_key(front: Front, scope: Scope, principal: Principal, becomes: Principal | None, answer: Answer) -> None:
    """Note the access key that was given out, if one was."""
    if scope.operation == "CreateAccessKey":
        becomes = Principal(principal.account, "user", str(scope.parameters.get("UserName", principal.name)))
    if becomes is None:
        return
    text = unescape(answer.body.decode())
    key = re.search(r"<AccessKeyId>([^<]+)</AccessKeyId>", text)
    secret = re.search(r"<SecretAccessKey>([^<]+)</SecretAccessKey>", text)
    if key is not None and secret is not None:
        front.credentials.issue(key.group(1), secret.group(1), becomes)
