"""Who called, and whom SCPs do not bind."""

from __future__ import annotations

import pytest

from orgctl.policy.exemptions import binding_of_scps
from orgctl.policy.layers import Organization
from orgctl.policy.request import Request
from orgctl.replay.principals import Caller, Exemption, caller_of, exemption_of
from tests.replay.records import DEV, JANE, SESSION, SHOP, event, session

OURS = Organization("111111111111", frozenset({SHOP}))
LINKED = f"arn:aws:iam::{SHOP}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
SSO = f"arn:aws:iam::{SHOP}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
CALLERS = [
    (session(), SESSION, DEV, SHOP, None),
    (session(SSO), f"arn:aws:sts::{SHOP}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane", SSO, SHOP, None),
    (
        session(LINKED),
        f"arn:aws:sts::{SHOP}:assumed-role/AWSServiceRoleForECS/jane",
        LINKED,
        SHOP,
        Exemption.SERVICE_LINKED_ROLE,
    ),
    (session(sessionContext=None), SESSION, None, SHOP, None),
    (session(type=None), SESSION, DEV, SHOP, None),
    (JANE, JANE["arn"], JANE["arn"], SHOP, None),
    (
        {"type": "Root", "arn": f"arn:aws:iam::{SHOP}:root", "accountId": SHOP},
        f"arn:aws:iam::{SHOP}:root",
        f"arn:aws:iam::{SHOP}:root",
        SHOP,
        None,
    ),
    (
        {"type": "FederatedUser", "arn": f"arn:aws:sts::{SHOP}:federated-user/Bob", "accountId": SHOP},
        f"arn:aws:sts::{SHOP}:federated-user/Bob",
        f"arn:aws:sts::{SHOP}:federated-user/Bob",
        SHOP,
        None,
    ),
    (
        {"type": "Root", "arn": "arn:aws:iam::111111111111:root", "accountId": "111111111111"},
        "arn:aws:iam::111111111111:root",
        "arn:aws:iam::111111111111:root",
        "111111111111",
        Exemption.MANAGEMENT_ACCOUNT,
    ),
    (
        {"type": "IAMUser", "arn": "arn:aws:iam::999999999999:user/Eve", "accountId": "999999999999"},
        "arn:aws:iam::999999999999:user/Eve",
        "arn:aws:iam::999999999999:user/Eve",
        "999999999999",
        Exemption.OUTSIDE_IDENTITY,
    ),
    (
        {"type": "AWSService", "invokedBy": "events.amazonaws.com"},
        "events.amazonaws.com",
        None,
        "",
        Exemption.SERVICE_PRINCIPAL,
    ),
    ({"type": "AWSService", "invokedBy": "AWS Internal"}, "sqs.amazonaws.com", None, "", Exemption.SERVICE_PRINCIPAL),
    ({"invokedBy": "events.amazonaws.com"}, "events.amazonaws.com", None, "", Exemption.SERVICE_PRINCIPAL),
    (
        {"type": "WebIdentityUser", "principalId": "token.actions.githubusercontent.com:x:y", "userName": "y"},
        "*",
        None,
        "",
        Exemption.OUTSIDE_IDENTITY,
    ),
    ({"type": "SAMLUser", "principalId": "x:y", "userName": "y"}, "*", None, "", Exemption.OUTSIDE_IDENTITY),
    (
        {"type": "AWSAccount", "accountId": "999999999999", "principalId": "AIDA"},
        "arn:aws:iam::999999999999:role/not-recorded",
        None,
        "999999999999",
        Exemption.OUTSIDE_IDENTITY,
    ),
    ({"type": "AWSAccount", "accountId": SHOP}, f"arn:aws:iam::{SHOP}:role/not-recorded", None, SHOP, None),
]


@pytest.mark.parametrize(("who", "principal", "arn", "account", "exemption"), CALLERS)
def test_callers(
    who: dict[str, object], principal: str, arn: str | None, account: str, exemption: Exemption | None
) -> None:
    """A session is its role's, with the role's path; and each has its reason to be exempt, or none."""
    caller = caller_of(event(userIdentity=who))
    assert caller.principal is not None
    assert (principal, arn, account) == (caller.principal.text, caller.arn, caller.account)
    assert exemption is exemption_of(caller, OURS)


@pytest.mark.parametrize("who", [who for who, *_ in CALLERS])
def test_exemptions_are_the_evaluators(who: dict[str, object]) -> None:
    """Whoever is exempt by the record is exempt to the evaluator, and nobody else."""
    caller = caller_of(event(userIdentity=who))
    assert caller.principal is not None
    context = {"aws:PrincipalArn": caller.arn} if caller.arn else {}
    bound = binding_of_scps(Request.of("sqs:SendMessage", "*", caller.principal, context), OURS).bound
    assert (exemption_of(caller, OURS) is not None) is (bound is False)


NOBODY = [
    (None, "the record does not say who called"),
    ({}, "the record does not say who called"),
    ("root", "the record does not say who called"),
    ({"type": "Unknown"}, "a caller of the type `Unknown` without an ARN is nobody that IAM knows"),
    (
        {"type": "Directory", "accountId": "Anonymous"},
        "a caller of the type `Directory` without an ARN is nobody that IAM knows",
    ),
    ({"type": "IAMUser", "arn": "jane"}, "`jane` is nobody that IAM or STS knows"),
]


@pytest.mark.parametrize(("who", "reason"), NOBODY)
def test_callers_that_are_not_told(who: object, reason: str) -> None:
    """Where the record does not tell who called, there is a reason, and no exemption."""
    caller = caller_of(event(userIdentity=who))
    assert (None, reason) == (caller.principal, caller.reason)
    assert exemption_of(caller, OURS) is None


def test_everybody_is_bound_where_all_accounts_count() -> None:
    """Without a list of members, each account is one of the organization's."""
    assert exemption_of(Caller(caller_of(event()).principal, DEV, SHOP), Organization()) is None
