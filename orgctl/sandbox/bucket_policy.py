"""Whether a bucket's policy lets CloudTrail deliver a trail's log files, as CreateTrail checks it."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

_SERVICE = "cloudtrail.amazonaws.com"


def permits_cloudtrail(
    policy: str | None, bucket: str, prefix: str, trail_arn: str, account: str, organization: str | None
) -> bool:
    """Whether the policy lets CloudTrail read the bucket's ACL and write under the trail's prefixes.

    `organization` is the organization's id for an organization trail: its logs go to `AWSLogs/<id>/` too. A condition
    on aws:SourceArn or aws:SourceAccount has to fit the trail; one on s3:x-amz-acl is met by CloudTrail.
    """
    statements = _statements(policy)
    base = f"arn:aws:s3:::{bucket}"
    folder = f"{base}/{prefix}/AWSLogs" if prefix else f"{base}/AWSLogs"
    needed = [("s3:GetBucketAcl", base), ("s3:PutObject", f"{folder}/{account}/x")]
    if organization is not None:
        needed.append(("s3:PutObject", f"{folder}/{organization}/x"))
    context = {"aws:sourcearn": trail_arn, "aws:sourceaccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}
    if organization is not None:
        context["aws:sourceorgid"] = organization
    return all(_allowed(statements, action, resource, context) for action, resource in needed)


def _statements(policy: str | None) -> list[dict[str, Any]]:
    found = json.loads(policy).get("Statement", []) if policy else []
    return [found] if isinstance(found, dict) else list(found)


def _allowed(statements: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]) -> bool:
    effects = {s.get("Effect") for s in statements if _applies(s, action, resource, context)}
    return effects == {"Allow"}


def _applies(statement: dict[str, Any], action: str, resource: str, context: dict[str, str]) -> bool:
    principal = statement.get("Principal")
    services = texts(principal.get("Service")) if isinstance(principal, dict) else []
    return (
        (principal == "*" or principal == {"AWS": "*"} or _SERVICE in services)
        and any(fnmatchcase(action.lower(), pattern.lower()) for pattern in texts(statement.get("Action")))
        and any(fnmatchcase(resource, pattern) for pattern in texts(statement.get("Resource")))
        and all(_met(op, test, context) for op, test in statement.get("Condition", {}).items())
    )


def _met(operator: str, test: dict[str, Any], context: dict[str, str]) -> bool:
    """One operator's block. Over TLS, from a service principal: Bool blocks are met as CloudTrail's requests are."""
    facts = {"aws:securetransport": "true", "aws:principalisawsservice": "true"} | context
    for key, wanted in test.items():
        value = facts.get(key.lower())
        if value is None:
            return operator.endswith("IfExists")
        hit = any(fnmatchcase(value.lower(), pattern.lower()) for pattern in texts(wanted))
        if hit == ("Not" in operator):
            return False
    return True


def texts(value: Any) -> list[str]:
    """A policy element as a list of strings; `true` is written `true`."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in values]
