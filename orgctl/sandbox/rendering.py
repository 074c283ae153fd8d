"""Errors that are answered before, or instead of, a service: each protocol's form of them."""

from __future__ import annotations

import json
from html import escape

from orgctl.sandbox.credentials import Principal
from orgctl.sandbox.messages import Answer
from orgctl.sandbox.scope import Scope

_XML = (("Content-Type", "text/xml"),)
_STATUS = {
    "account": {"AccessDeniedException": 403, "TooManyRequestsException": 429},
    "lambda": {"AccessDeniedException": 403, "TooManyRequestsException": 429},
    "s3": {"AccessDenied": 403, "InvalidAccessKeyId": 403, "SignatureDoesNotMatch": 403, "SlowDown": 503},
    "query": {"AccessDenied": 403, "InvalidClientTokenId": 403, "SignatureDoesNotMatch": 403},
}
_S3_CODES = {
    "ThrottlingException": "SlowDown",
    "AccessDeniedException": "AccessDenied",
    "UnrecognizedClientException": "InvalidAccessKeyId",
    "InvalidSignatureException": "SignatureDoesNotMatch",
}
_QUERY_CODES = {
    "ThrottlingException": "Throttling",
    "AccessDeniedException": "AccessDenied",
    "UnrecognizedClientException": "InvalidClientTokenId",
    "InvalidSignatureException": "SignatureDoesNotMatch",
}
_QUERY_SERVICES = frozenset({"iam", "sts", "sns", "cloudformation"})


def error_answer(service: str, code: str, message: str, status: int | None = None) -> Answer:
    """An error in the form of the service's protocol; general codes become the ones that the service uses."""
    if service == "s3":
        code = _S3_CODES.get(code, code)
        body = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        return Answer(status or _STATUS["s3"].get(code, 400), body.encode(), _XML)
    if service in _QUERY_SERVICES:
        code = _QUERY_CODES.get(code, code)
        error = f"<Error><Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        body = f"<ErrorResponse>{error}<RequestId>sandbox</RequestId></ErrorResponse>"
        return Answer(status or _STATUS["query"].get(code, 400), body.encode(), _XML)
    headers = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code))
    found = status or _STATUS.get(service, {}).get(code, 400)
    return Answer(found, json.dumps({"__type": code, "message": message}).encode(), headers)


def refused(scope: Scope, code: str, message: str, status: int | None = None) -> tuple[Answer, str]:
    """An error, with its code as the outcome for the log."""
    return error_answer(scope.service, code, message, status), code


def caller_identity(principal: Principal) -> Answer:
    """STS's answer to who the caller is: moto does not know the sandbox's own keys."""
    members = f"<Arn>{escape(principal.arn)}</Arn><UserId>AIDASANDBOX</UserId><Account>{principal.account}</Account>"
    result = f"<GetCallerIdentityResult>{members}</GetCallerIdentityResult>"
    metadata = "<ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata>"
    body = f'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">{result}{metadata}'
    return Answer(200, f"{body}</GetCallerIdentityResponse>".encode(), _XML)
