import pytest

from orgctl.policy.implied import implied
from orgctl.policy.principal import Principal

A = "222222222222"

ROWS = [
    # caller, aws:PrincipalArn, aws:PrincipalType, aws:PrincipalAccount, unknown keys, number of assumptions
    (f"arn:aws:iam::{A}:user/path/ann", f"arn:aws:iam::{A}:user/path/ann", "User", A, (), 0),
    (f"arn:aws:iam::{A}:role/path/Dev", f"arn:aws:iam::{A}:role/path/Dev", "AssumedRole", A, (), 0),
    (f"arn:aws-cn:sts::{A}:assumed-role/Dev/s", f"arn:aws-cn:iam::{A}:role/Dev", "AssumedRole", A, (), 1),
    (f"arn:aws:sts::{A}:assumed-role/AWSReservedSSO_X_1/s", None, "AssumedRole", A, ("aws:PrincipalArn",), 0),
    (f"arn:aws:iam::{A}:root", f"arn:aws:iam::{A}:root", "Account", A, (), 0),
    (A, f"arn:aws:iam::{A}:root", "Account", A, (), 1),
    (f"arn:aws:sts::{A}:federated-user/ann", f"arn:aws:sts::{A}:federated-user/ann", "FederatedUser", A, (), 0),
    ("lambda.amazonaws.com", None, None, None, (), 0),
    ("*", None, "Anonymous", None, (), 0),
    ("something", None, None, None, (), 0),
]


@pytest.mark.parametrize(("caller", "arn", "kind", "account", "unknown", "assumptions"), ROWS)
def test_what_a_caller_implies(
    caller: str, arn: str | None, kind: str | None, account: str | None, unknown: tuple[str, ...], assumptions: int
) -> None:
    """The keys about the principal follow from its ARN; what had to be assumed is said."""
    found = implied(Principal.parse(caller))
    keys = ("aws:PrincipalArn", "aws:PrincipalType", "aws:PrincipalAccount")
    assert (arn, kind, account) == tuple(map(found.context.get, keys))
    assert (unknown, assumptions) == (found.unknown, len(found.assumptions))


def test_services_and_owners() -> None:
    """A service principal says that it is one, and the resource's account is a key too."""
    expected = {
        "aws:ResourceAccount": A,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": "lambda.amazonaws.com",
    }
    assert expected == implied(Principal.parse("lambda.amazonaws.com"), A).context


def test_users_have_a_name() -> None:
    """`aws:username` is the user's name without its path."""
    assert implied(Principal.parse(f"arn:aws:iam::{A}:user/path/ann")).context["aws:username"] == "ann"
