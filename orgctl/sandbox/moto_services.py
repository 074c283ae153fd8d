"""moto: S3, IAM, STS, KMS, SNS, ECR and API Gateway's HTTP APIs. Imported when first needed.

Its state belongs to the process, not to a sandbox: two sandboxes in one process share it, so a process ought to have
one at a time (`process` starts its own).
"""

from __future__ import annotations

import io
import json
import re
import threading
from dataclasses import replace
from typing import Any

from orgctl.sandbox.messages import Answer, Request
from orgctl.sandbox.scope import Scope

_loading = threading.Lock()
_application: Any = None

TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},'
    '"Action":"sts:AssumeRole"}]}'
)
FULL_ACCESS = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


def application() -> Any:
    """moto's WSGI application."""
    global _application
    with _loading:
        if _application is None:
            from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
            from moto.s3.models import FakeBucket

            FakeBucket.get_permission = _permission  # type: ignore[method-assign,assignment] # a method of ours
            _application = DomainDispatcherApplication(create_backend_app)
    return _application


def _permission(bucket: Any, action: str, resource: str) -> Any:
    """What a bucket's policy says of a request to one of its objects.

    moto looks at no conditions: a Deny of requests without TLS, which is in every second policy, would deny all. Those
    to the sandbox count as made over TLS.
    """
    from moto.iam.access_control import IAMPolicy, PermissionResult

    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    document = json.loads(bucket.policy)
    statements = document.get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    kept = [each for each in statements if each.get("Condition") != _WITHOUT_TLS]
    return IAMPolicy(json.dumps({**document, "Statement": kept})).is_action_permitted(action, resource)


_WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def reset() -> None:
    """Forget all that moto holds, if it was loaded at all."""
    if _application is not None:
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data

        BackendDict.reset()
        reset_model_data()


def rest_operation(request: Request, service: str) -> tuple[str, dict[str, str]]:
    """The API's name of a REST request and the parameters of its path; ("", {}) if there is none."""
    from moto.core.request import Request as MotoRequest
    from moto.core.routing import get_service_router
    from werkzeug.exceptions import NotFound

    try:
        operation, parameters = get_service_router(service).match(MotoRequest(_environ(request, "")))
    except (NotFound, NotImplementedError):
        return "", {}
    return operation.name, {name: str(value) for name, value in parameters.items()}


def answer(request: Request, account: str) -> Answer:
    """moto's answer to a request of this account."""
    status, headers, body = 500, [], []

    def start(line: str, found: list[tuple[str, str]], _: Any = None) -> None:
        nonlocal status, headers
        status, headers = int(line.split()[0]), found

    environ = _environ(request, account)
    app = _http_apis() if is_http_api(request) else application().get_application(environ)
    chunks = app(environ, start)
    try:
        body = list(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    kept = tuple((k, v) for k, v in headers if k.lower() not in ("connection", "transfer-encoding"))
    return Answer(status, b"".join(body), kept)


def is_http_api(request: Request) -> bool:
    """Whether it is about API Gateway's HTTP and WebSocket APIs, whose signing name is that of the REST APIs."""
    return "/apigateway/aws4_request" in request.headers.get("authorization", "") and request.path.startswith("/v2/")


def _http_apis() -> Any:
    """moto's application for them; moto itself would load the one for REST APIs, with more dependencies."""
    found, name = application().app_instances, "apigatewayv2"
    if name not in found:
        found[name] = application().create_app(name)
    return found[name]


def _environ(request: Request, account: str) -> dict[str, Any]:
    host = request.headers.get("host", "127.0.0.1")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode().decode("latin-1"),
        "QUERY_STRING": request.query,
        "RAW_URI": request.target,
        "REQUEST_URI": request.target,
        "SERVER_NAME": host.partition(":")[0],
        "SERVER_PORT": host.partition(":")[2] or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    dropped = ("content-type", "content-length", "transfer-encoding", "expect")
    for name, value in request.headers.items():
        if name not in dropped:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    if account:
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
    return environ


def iam(account: str) -> Any:
    """moto's IAM of one account."""
    from moto.iam.models import iam_backends

    return iam_backends[account]["aws"]


def make_role(account: str, name: str, management: str) -> None:
    """Make the access role that Organizations puts into a new account, unless it is there."""
    backend = iam(account)
    if any(role.name == name for role in backend.get_roles()):
        return
    backend.create_role(
        role_name=name,
        assume_role_policy_document=TRUST % management,
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    backend.put_role_policy(name, "AdministratorAccess", FULL_ACCESS)


def role_trust(account: str, name: str) -> str | None:
    """The trust policy of a role, or None if there is no such role."""
    for role in iam(account).get_roles():
        if role.name == name:
            return str(role.assume_role_policy_document)
    return None


def bucket_owner(name: str) -> str | None:
    """The account that owns a bucket, or None if there is no such bucket."""
    from moto.s3.models import s3_backends

    found = s3_backends.bucket_accounts.get(name)
    return found[1] if found else None


def bucket_policy(name: str) -> str | None:
    """The policy of a bucket, if it has one."""
    from moto.s3.models import s3_backends

    owner = bucket_owner(name)
    if owner is None:
        return None
    policy = s3_backends[owner]["aws"].get_bucket(name).policy
    return policy.decode() if isinstance(policy, bytes) else policy


def s3_object(bucket: str, key: str) -> bytes | None:
    """What an object holds, or None if there is no such object. Whose it is does not matter."""
    from moto.s3.models import s3_backends

    owner = bucket_owner(bucket)
    found: Any = s3_backends[owner]["aws"].get_object(bucket, key) if owner else None
    return None if found is None else bytes(found.value)


def s3_size(bucket: str, key: str) -> int | None:
    """How many bytes an object holds, or None if there is none, or none any more."""
    from moto.s3.models import s3_backends

    owner = bucket_owner(bucket)
    found: Any = s3_backends[owner]["aws"].get_bucket(bucket).keys.get(key) if owner else None
    return getattr(found, "size", None)  # what marks an object as deleted has no size


def complete_bucket(name: str, body: bytes) -> None:
    """Give a new bucket what AWS gives it and moto does not: since April 2023 encryption by S3's own key, all public
    access blocked and ownership by the bucket's owner, and the tags that CreateBucket's `body` names."""
    from moto.s3.models import PublicAccessBlock, s3_backends

    owner = bucket_owner(name)
    if owner is None:
        return
    bucket: Any = s3_backends[owner]["aws"].get_bucket(name)
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    bucket.encryption = bucket.encryption or {"Rule": default}
    bucket.public_access_block = bucket.public_access_block or PublicAccessBlock(*["true"] * 4)
    bucket.ownership_rule = bucket.ownership_rule or "BucketOwnerEnforced"
    tags = _bucket_tags(body)
    if tags:
        s3_backends[owner]["aws"].put_bucket_tagging(name, tags)


def _bucket_tags(body: bytes) -> dict[str, str]:
    """The tags in a CreateBucketConfiguration."""
    import xmltodict

    if not body:
        return {}
    wanted = xmltodict.parse(body, force_list=("Tag",)).get("CreateBucketConfiguration") or {}
    return {tag["Key"]: tag.get("Value") or "" for tag in (wanted.get("Tags") or {}).get("Tag", ())}


def key_exists(account: str, key: str, region: str) -> bool:
    """Whether the KMS key that an ARN, id or alias names exists in the account and region (or in the ARN's)."""
    from moto.kms.models import kms_backends

    if key.startswith("arn:"):
        _, _, _, region, account, key = key.split(":", 5)
        key = key.removeprefix("key/")
    backend = kms_backends[account][region]
    return key in backend.keys or backend.get_key_id_from_alias(key) is not None


def named(scope: Scope, request: Request) -> Scope:
    """The scope of a REST request with its operation, and with the parameters of its path."""
    application()
    service = scope.service or "s3"
    operation, parameters = rest_operation(request, "apigatewayv2" if is_http_api(request) else service)
    return replace(scope, service=service, operation=operation, parameters=parameters)


def error_code(answer: Answer) -> str:
    """The error code in an answer of moto, for the log."""
    found = re.search(rb"<Code>([^<]+)</Code>", answer.body) or re.search(rb'"__type": ?"([^"]+)"', answer.body)
    return found.group(1).decode() if found else str(answer.status)
