"""The callers of generated trails: roles with their sessions, users, services, service-linked roles, outsiders.

A caller's identity is the same for as long as its session lasts, as in real trails, where most records repeat one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

Fields = dict[str, object]

_ROLES = (
    ("/", "AWSReservedSSO_Admin_0123456789abcdef", "jane@example.com"),
    ("/", "AWSReservedSSO_ReadOnly_0123456789abcdef", "joe@example.com"),
    ("/ci/", "deploy", "pipeline"),
    ("/app/", "api", "api-worker"),
    ("/app/", "etl", "nightly"),
    ("/service-role/", "orders-lambda", "orders"),
    ("/", "OrganizationAccountAccessRole", "platform"),
    ("/eks/", "nodes", "i-0123456789abcdef0"),
)
_LINKED = (
    ("config.amazonaws.com", "AWSServiceRoleForConfig"),
    ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
    ("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
)
_SERVICES = ("ec2.amazonaws.com", "lambda.amazonaws.com", "cloudtrail.amazonaws.com", "delivery.logs.amazonaws.com")
_AGENTS = (
    "aws-cli/2.31.5 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython",
    "Boto3/1.40.35 md/Botocore#1.40.35 ua/2.1 os/linux#5.10.240 md/arch#aarch64 lang/python#3.12.11",
    "APN/1.0 HashiCorp/1.0 Terraform/1.13.2 terraform-provider-aws/6.14.0 aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go",
    "aws-sdk-java/2.33.9 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#21.0.8",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
)
_KINDS = ("role", "linked", "service", "via", "user", "outside", "federated", "root")
_WEIGHTS = (620, 120, 90, 100, 50, 10, 8, 2)


@dataclass(frozen=True, slots=True)
class Caller:
    """`userIdentity` and what else a record says of where the call came from."""

    identity: Fields
    address: str
    agent: str
    endpoint: str | None = None
    by_service: bool = False


@lru_cache(maxsize=65536)
def caller(account: str, hour: str, number: int, seed: int) -> Caller:
    """The caller with that number of an account since an hour (`2026-11-02T06`): the same one at every asking."""
    dice = random.Random(f"{seed}/{account}/{hour}/{number}")  # noqa: S311 - not a secret
    kind = dice.choices(_KINDS, _WEIGHTS)[0]
    address = f"{dice.choice((10, 52, 54, 203))}.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"
    endpoint = f"vpce-{dice.getrandbits(68):017x}" if address.startswith("10.") else None
    agent = dice.choice(_AGENTS)
    match kind:
        case "role":
            return Caller(_session(account, hour, *dice.choice(_ROLES), dice), address, agent, endpoint)
        case "linked":
            service, role = dice.choice(_LINKED)
            identity = _session(account, hour, f"/aws-service-role/{service}/", role, role, dice)
            return Caller({**identity, "invokedBy": service}, service, service, None, True)
        case "service":
            service = dice.choice(_SERVICES)
            return Caller({"type": "AWSService", "invokedBy": service}, service, service, None, True)
        case "via":
            identity = _session(account, hour, *dice.choice(_ROLES), dice)
            return Caller({**identity, "invokedBy": "AWS Internal"}, "AWS Internal", "AWS Internal", None, True)
        case _:
            return Caller(_lasting(account, kind, dice), address, agent)


def _session(account: str, hour: str, path: str, role: str, name: str, dice: random.Random) -> Fields:
    unique = f"AROA{dice.getrandbits(64):016X}"
    issuer = {
        "type": "Role",
        "principalId": unique,
        "arn": f"arn:aws:iam::{account}:role{path}{role}",
        "accountId": account,
        "userName": role,
    }
    attributes = {"creationDate": f"{hour}:00:00Z", "mfaAuthenticated": str(dice.random() < 0.1).lower()}
    return {
        "type": "AssumedRole",
        "principalId": f"{unique}:{name}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
        "accountId": account,
        "accessKeyId": f"ASIA{dice.getrandbits(64):016X}",
        "sessionContext": {"sessionIssuer": issuer, "attributes": attributes},
    }


def _lasting(account: str, kind: str, dice: random.Random) -> Fields:
    """Who calls without a session of ours."""
    key = f"AKIA{dice.getrandbits(64):016X}"
    if kind == "user":
        name = dice.choice(("backup", "legacy-ci", "jane"))
        arn = f"arn:aws:iam::{account}:user/people/{name}"
        who = {"type": "IAMUser", "principalId": f"AIDA{dice.getrandbits(64):016X}", "arn": arn, "accountId": account}
        return {**who, "accessKeyId": key, "userName": name}
    if kind == "root":
        arn = f"arn:aws:iam::{account}:root"
        return {"type": "Root", "principalId": account, "arn": arn, "accountId": account, "accessKeyId": ""}
    if kind == "federated":
        provider = "token.actions.githubusercontent.com"
        return {"type": "WebIdentityUser", "principalId": f"{provider}:org/app", "userName": "org/app"}
    return {"type": "AWSAccount", "principalId": f"AROA{dice.getrandbits(64):016X}:x", "accountId": "999999999999"}
