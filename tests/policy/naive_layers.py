"""The second evaluator, continued: who is bound, and what all layers make of a request together.

Written from the AWS documents alone ("Service control policies", "Resource control policies", "Policy evaluation
logic", "AWS JSON policy elements: Principal" and "NotPrincipal"). Policies are a mapping of layers: `scp` and `rcp` as
levels, `identity`, `boundary` and `session` as lists of documents, `resource` as one; what is None is not asked.
"""

import re
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tests.policy.naive import Request, Truth, all_of, as_list, one_of, statement_matches, truths

RCP_SERVICES = ("s3", "kms", "sts", "sqs", "secretsmanager", "dynamodb")
"""Of the services that the random requests are about, those that support RCPs."""


@dataclass
class World:
    """The organization: its management account and its members."""

    management: str
    members: set[str] = field(default_factory=set)

    def has(self, account: str) -> bool:
        return account == self.management or account in self.members


def kind_of(principal: str) -> str:
    if principal == "*":
        return "anonymous"
    if re.fullmatch(r"\d{12}|arn:[a-z-]+:iam::\d{12}:root", principal):
        return "root"
    for kind, pattern in (
        ("user", r"arn:[a-z-]+:iam::\d{12}:user/.+"),
        ("role", r"arn:[a-z-]+:iam::\d{12}:role/.+"),
        ("session", r"arn:[a-z-]+:sts::\d{12}:assumed-role/.+"),
        ("federated", r"arn:[a-z-]+:sts::\d{12}:federated-user/.+"),
        ("service", r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?"),
    ):
        if re.fullmatch(pattern, principal):
            return kind
    return "other"


def account_of(principal: str) -> str:
    found = re.search(r"\d{12}", principal)
    return found[0] if found and kind_of(principal) not in ("service", "anonymous", "other") else ""


def service_linked(request: Request) -> Truth:
    principal, arn = request["principal"], request["context"].get("aws:principalarn")
    if kind_of(principal) == "role":
        return ":role/aws-service-role/" in principal
    if kind_of(principal) == "session" and ":assumed-role/AWSServiceRoleFor" in principal:
        return ":role/aws-service-role/" in arn if isinstance(arn, str) else None
    return False


def scps_bind(request: Request, world: World) -> Truth:
    principal = request["principal"]
    if kind_of(principal) == "service" or request["context"].get("aws:principalisawsservice") == "true":
        return False
    if kind_of(principal) == "other":
        return None
    account = account_of(principal)
    if account == world.management or not world.has(account):
        return False
    return {True: False, False: True, None: None}[service_linked(request)]


def rcps_bind(request: Request, world: World) -> Truth:
    owner, action = request["owner"], request["action"].lower()
    if owner and (owner == world.management or not world.has(owner)):
        return False
    if action.split(":")[0] not in RCP_SERVICES or action == "kms:retiregrant":
        return False
    aliases = as_list(request["context"].get("kms:resourcealiases", []))
    if action.startswith("kms:") and any(alias.startswith("alias/aws/") for alias in aliases):
        return False
    return {True: False, False: True, None: None}[service_linked(request)]


# --- principals ------------------------------------------------------------------------------------------------------


def pairs(element: Any) -> list[tuple[str, str]]:
    if element == "*":
        return [("AWS", "*")]
    return [(kind, name) for kind, names in element.items() for name in as_list(names)]


def named_as(element: Any, principal: str) -> dict[str, Truth]:
    """As what a Principal element names the caller; None where only a session that it may not be is named."""
    found: dict[str, Truth] = {}
    for kind, name in pairs(element):
        for way, truth in one_name(kind, name, principal):
            found[way] = one_of([found.get(way, False), truth])
    return found


def one_name(kind: str, name: str, principal: str) -> list[tuple[str, Truth]]:
    account, caller = account_of(principal), kind_of(principal)
    if (kind, name) == ("AWS", "*"):
        return [("everyone", True)]
    if kind != "AWS":
        return [("itself", True)] if name == principal else []
    if kind_of(name) == "root":
        same = bool(account) and account_of(name) == account
        return [("itself" if caller == "root" else "account", True)] if same else []
    if kind_of(name) == "role" and caller in ("role", "session"):
        return [("role", True)] if role_of(name) == role_of(principal) else []
    if name == principal:
        return [("itself", True)]
    if kind_of(name) == "session" and caller == "role":
        return [("itself", None)] if role_of(name) == role_of(principal) else []
    if kind_of(name) == "user" and caller == "federated":
        same = account_of(name) == account and name.split("/")[-1] == principal.split("/")[-1]
        return [("user behind it", True)] if same else []
    return []


def role_of(arn: str) -> tuple[str, str]:
    """The account and the name of a role, by its ARN or a session's."""
    return account_of(arn), arn.split("/")[1] if kind_of(arn) == "session" else arn.split("/")[-1]


def names(statement: dict[str, Any], principal: str) -> Truth:
    """Whether a Deny of a resource policy is about the caller."""
    if "Principal" in statement:
        return one_of(named_as(statement["Principal"], principal).values())
    found = named_as(statement["NotPrincipal"], principal)
    wanted = {
        "user": ("itself", "account"),
        "federated": ("itself", "account"),
        "session": ("itself", "role", "account"),
        "role": ("itself", "role", "account"),
    }.get(kind_of(principal), ("itself",))
    if not found:
        return True
    if "everyone" in found or all(found.get(way) is True for way in wanted):
        return False
    return None


# --- all together ----------------------------------------------------------------------------------------------------


def decisions(policies: dict[str, Any], request: Request, world: World) -> set[str]:
    """The decisions that the documents leave possible."""
    scps = scps_bind(request, world) if policies["scp"] is not None else False
    rcps = rcps_bind(request, world) if policies["rcp"] is not None else False
    ways = product(*({None: (True, False)}.get(bound, (bound,)) for bound in (scps, rcps)))
    return {decision for by_scps, by_rcps in ways for decision in decided(policies, request, by_scps, by_rcps)}


def decided(policies: dict[str, Any], request: Request, by_scps: Truth, by_rcps: Truth) -> set[str]:
    groups = [
        *(policies["scp"] if by_scps else []),
        *(policies["rcp"] if by_rcps else []),
        *(policies[layer] for layer in ("identity", "boundary", "session") if policies[layer] is not None),
    ]
    denies = [truth for group in groups for truth in truths(group, "Deny", request)]
    resource = policies["resource"]
    for statement in as_list(resource["Statement"]) if resource else []:
        if statement["Effect"] == "Deny":
            matches = statement_matches(statement, resource, request)
            denies.append(all_of([matches, names(statement, request["principal"])]))
    denied = one_of(denies)
    if denied:
        return {"EXPLICIT_DENY"}
    levels = [one_of(truths(level, "Allow", request)) for level in (policies["scp"] if by_scps else [])]
    allowed = all_of([*levels, granted(policies, request)])
    return {
        *({"EXPLICIT_DENY"} if denied is None else ()),
        *({"ALLOWED"} if allowed is not False else ()),
        *({"IMPLICIT_DENY"} if allowed is not True else ()),
    }


def granted(policies: dict[str, Any], request: Request) -> Truth:
    """What identity policies, boundary, session policies and resource policy give, beside SCPs."""
    principal = request["principal"]
    root = kind_of(principal) == "root"
    identity, boundary, session = (
        True if root or policies[layer] is None else one_of(truths(policies[layer], "Allow", request))
        for layer in ("identity", "boundary", "session")
    )
    limits = all_of([boundary, session])
    own = all_of([identity, limits])
    if policies["resource"] is None:
        return own
    ways = allowances(policies["resource"], request)
    if not account_of(principal):
        return one_of(ways.values())
    if account_of(principal) != request["owner"]:
        return all_of([one_of(ways.values()), own])
    must = request["action"].lower().startswith(("kms:", "sts:assumerole"))
    delegated = identity if must else identity or None
    by_resource = one_of(
        [
            ways.get("itself", False),
            all_of([ways.get("role", False), limits]),
            all_of([ways.get("user behind it", False), limits]),
            all_of([ways.get("account", False), limits, delegated]),
            all_of([ways.get("everyone", False), limits or None]),
        ]
    )
    asked = root or policies["identity"] is not None
    return by_resource if must or not asked else one_of([by_resource, own])


def allowances(resource: dict[str, Any], request: Request) -> dict[str, Truth]:
    """As what the resource policy's Allows name the caller, each with whether one of them matches."""
    found: dict[str, Truth] = {}
    for statement in as_list(resource["Statement"]):
        if statement["Effect"] == "Deny":
            continue
        matches = statement_matches(statement, resource, request)
        keys = {key.lower() for block in statement.get("Condition", {}).values() for key in block}
        for way, truth in named_as(statement["Principal"], request["principal"]).items():
            to = "itself" if way == "everyone" and "aws:principalarn" in keys else way
            found[to] = one_of([found.get(to, False), all_of([matches, truth])])
    return found
