"""What a request is: service, region, access key, operation and parameters, read from its headers and path."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from orgctl.sandbox.messages import Request
from orgctl.sandbox.protocols import query, rest

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/([^/]*)/([^/]+)/aws4_request")
_BY_TARGET = {
    "AWSOrganizationsV20161128": "organizations",
    "CloudTrail_20131101": "cloudtrail",
    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101": "cloudtrail",
    "StarlingDoveService": "config",
    "AmazonSSM": "ssm",
    "AmazonAthena": "athena",
    "AWSGlue": "glue",
}
OURS = frozenset(
    {"organizations", "account", "athena", "cloudtrail", "cloudformation", "config", "glue", "lambda", "ssm"}
)


@dataclass(frozen=True, slots=True)
class Scope:
    """`service` is the signing name; `operation` is the API's name, empty where only moto can tell."""

    service: str
    region: str
    access_key: str
    operation: str
    parameters: Any


def scope_of(request: Request) -> Scope:
    """Read it. Raises ValueError if the body of one of our services is not JSON."""
    found = _CREDENTIAL.search(request.headers.get("authorization", ""))
    key, region, service = found.groups() if found else ("", "us-east-1", "")
    prefix, _, operation = request.headers.get("x-amz-target", "").rpartition(".")
    service = _BY_TARGET.get(prefix, service)
    if service == "account":
        operation = request.path.strip("/")[:1].upper() + request.path.strip("/")[1:]
    parameters: Any = None
    if service == "lambda":
        operation, parameters = rest.routed(service, request)
    elif service == "cloudformation":
        operation, parameters = query.routed(service, request)
    elif service in OURS:
        parameters = json.loads(request.body or b"{}")
    elif not operation:
        parameters = _form(request)
        operation = parameters.get("Action", "")
    return Scope(service, region, key, operation, parameters)


def _form(request: Request) -> dict[str, str]:
    """The parameters of the query protocol, by which IAM, STS and SNS are called."""
    if "form-urlencoded" not in request.headers.get("content-type", ""):
        return {}
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
