"""What orgctl itself needs in member accounts, from the IAM policies that are generated from its table of calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.aws.permissions import Document
from orgctl.policytest.setting import ACCOUNT
from orgctl.policytest.tables import Table

_ARN = re.compile(r"(arn:[^:]*:[^:]*):([^:]*):([^:]*):(.*)")


@dataclass(frozen=True, slots=True)
class Need:
    """An IAM policy (of orgctl's own) that the access role needs in an account, by the account's key; None: in all."""

    account: str | None
    document: Document


def tables_of(need: Need, principal: str, region: str) -> Iterator[Table]:
    """The requests that the policy allows, one table a statement; wildcards become something that fits."""
    for statement in need.document["Statement"]:
        resources = statement["Resource"]
        named = [resources] if isinstance(resources, str) else resources
        chosen = tuple(dict.fromkeys(_single(resource, region) for resource in named))
        yield Table(tuple(statement["Action"]), (principal,), chosen)


def entering(access_role: str, management_account: str, partition: str) -> Table:
    """orgctl enters an account from the management account, by its access role."""
    caller = f"arn:{partition}:iam::{management_account}:role/orgctl"
    return Table(("sts:AssumeRole",), (caller,), (f"arn:{partition}:iam::{ACCOUNT}:role/{access_role}",))


def _single(resource: str, region: str) -> str:
    found = _ARN.fullmatch(resource)
    if found is None:
        return resource
    service, where, account, rest = found.groups()
    owner = ACCOUNT if account == "*" else account
    return f"{service}:{region if where == '*' else where}:{owner}:{rest.replace('*', 'any')}"
