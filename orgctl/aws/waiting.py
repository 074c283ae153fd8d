"""Waiting for what AWS only promised: polling, at the pace of the API that is asked.

Each function returns when it has come, and raises AwsError when it failed or takes longer than it ever should;
StoppedError if orgctl is asked to stop meanwhile. `say` is told in words what AWS answers, each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from orgctl.aws.call import Answer, pages, read
from orgctl.aws.session import Aws
from orgctl.errors import AwsError

Say = Callable[[str], None]
Found = TypeVar("Found")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
_ORGANIZATION_SECONDS = 3600.0
_POLICY_TYPE_SECONDS = 900.0
_CREATION_SECONDS = 1800.0
_CLOSURE_SECONDS = 1800.0

_FINALIZING = frozenset({"FinalizingOrganizationException", "AWSOrganizationsNotInUseException"})
_PAYMENT = "correct the payment method in the management account's billing console"
_BUSINESS = "complete the business verification of the management account, or ask AWS Support"
_AGAIN = "run `orgctl plan` and `orgctl apply` again in a while; ask AWS Support if it stays so"

CREATION_FAILURES: Mapping[str, tuple[str, str]] = {
    "ACCOUNT_LIMIT_EXCEEDED": (
        "the organization has as many accounts as its quota allows",
        "ask for more in the Service Quotas console (`AWS Organizations`, `Default maximum number of accounts`)",
    ),
    "EMAIL_ALREADY_EXISTS": (
        "another AWS account has this e-mail address",
        "give the account an address of its own, or invite the existing account (`invite: true`)",
    ),
    "INVALID_ADDRESS": ("AWS does not accept the management account's postal address", "correct it in the console"),
    "INVALID_EMAIL": ("AWS does not accept the e-mail address", "correct `email` in the manifest"),
    "CONCURRENT_ACCOUNT_MODIFICATION": ("the same request is already under way", _AGAIN),
    "INTERNAL_FAILURE": ("AWS failed internally", _AGAIN),
    "GOVCLOUD_ACCOUNT_ALREADY_EXISTS": (
        "an account in AWS GovCloud (US) has this e-mail address",
        "give the account an address of its own",
    ),
    "MISSING_BUSINESS_VALIDATION": ("the management account has not been verified as a business", _BUSINESS),
    "FAILED_BUSINESS_VALIDATION": ("the management account failed its verification as a business", _BUSINESS),
    "PENDING_BUSINESS_VALIDATION": ("the management account is still being verified as a business", _AGAIN),
    "INVALID_IDENTITY_FOR_BUSINESS_VALIDATION": (
        "the management account's identity data do not serve to verify the business",
        _BUSINESS,
    ),
    "UNKNOWN_BUSINESS_VALIDATION": ("the verification of the management account's business has a problem", _BUSINESS),
    "MISSING_PAYMENT_INSTRUMENT": ("the management account has no payment method", _PAYMENT),
    "INVALID_PAYMENT_INSTRUMENT": ("AWS does not accept the management account's payment method", _PAYMENT),
    "UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED": (
        "AWS does not accept tags for this request",
        "remove the account's `tags`, create it, and add them then",
    ),
}
"""FailureReason of CreateAccountStatus, in words, and what to do. Source: botocore's model of Organizations."""


def organization_ready(aws: Aws, say: Say | None = None) -> Answer:
    """Wait until a new organization answers; gives its `OrganizationId` and `RootId`."""

    def ask() -> Answer | None:
        try:
            organization = read(aws, "organizations", "DescribeOrganization", {})["Organization"]
            roots = _roots(aws)
        except AwsError as error:
            if error.code in _FINALIZING:
                return None
            raise
        return {"OrganizationId": organization["Id"], "RootId": roots[0]["Id"]} if roots else None

    return poll(aws, ask, "the organization is not ready", "CreateOrganization", _ORGANIZATION_SECONDS, say)


def policy_type_enabled(aws: Aws, root_id: str, policy_type: str, say: Say | None = None) -> Answer:
    """Wait until ListRoots says that the type (`TAG_POLICY`) is ENABLED; nothing to give."""

    def ask() -> Answer | None:
        return {} if _policy_type_status(aws, root_id, policy_type) == "ENABLED" else None

    unlike = f"policy type `{policy_type.lower()}` is not enabled"
    return poll(aws, ask, unlike, "EnablePolicyType", _POLICY_TYPE_SECONDS, say)


def policy_type_disabled(aws: Aws, root_id: str, policy_type: str, say: Say | None = None) -> Answer:
    """Wait until ListRoots no longer has the type, on or on its way out; nothing to give."""

    def ask() -> Answer | None:
        return {} if _policy_type_status(aws, root_id, policy_type) is None else None

    unlike = f"policy type `{policy_type.lower()}` is not disabled"
    return poll(aws, ask, unlike, "DisablePolicyType", _POLICY_TYPE_SECONDS, say)


def account_created(aws: Aws, request_id: str, say: Say | None = None) -> Answer:
    """Wait for the end of a CreateAccount; gives the `AccountId`. AwsError with the reason in words if it FAILED."""

    def ask() -> Answer | None:
        request = {"CreateAccountRequestId": request_id}
        status = read(aws, "organizations", "DescribeCreateAccountStatus", request)["CreateAccountStatus"]
        if status["State"] == "FAILED":
            raise _creation_failed(status.get("AccountName", ""), status.get("FailureReason", ""))
        return {"AccountId": status["AccountId"]} if status["State"] == "SUCCEEDED" else None

    return poll(aws, ask, "the account is not created", "CreateAccount", _CREATION_SECONDS, say)


def account_closed(aws: Aws, account_id: str, say: Say | None = None) -> Answer:
    """Wait until the account is closed: CLOSED, or SUSPENDED as AWS used to say; nothing to give."""

    def ask() -> Answer | None:
        account = read(aws, "organizations", "DescribeAccount", {"AccountId": account_id})["Account"]
        return {} if (account.get("State") or account["Status"]) in {"CLOSED", "SUSPENDED"} else None

    return poll(aws, ask, f"account `{account_id}` is not closed", "CloseAccount", _CLOSURE_SECONDS, say)


def _policy_type_status(aws: Aws, root_id: str, policy_type: str) -> str | None:
    types = next((root.get("PolicyTypes", ()) for root in _roots(aws) if root["Id"] == root_id), ())
    return next((str(kind["Status"]) for kind in types if kind["Type"] == policy_type), None)


def _roots(aws: Aws) -> list[Mapping[str, Any]]:
    return [root for page in pages(aws, "organizations", "ListRoots", {}) for root in page["Roots"]]


def _creation_failed(name: str, reason: str) -> AwsError:
    words, hint = CREATION_FAILURES.get(reason, (f"AWS says {reason or 'no reason'}", _AGAIN))
    message = f"account `{name}` could not be created: {words}"
    return AwsError(message, operation="organizations:CreateAccount", code=reason, hint=hint)


def poll(
    aws: Aws, ask: Callable[[], Found | None], unlike: str, operation: str, seconds: float, say: Say | None
) -> Found:
    """Ask until there is an answer, with growing pauses, for `seconds`; `unlike` says what is not so yet."""
    clock = aws.clock
    start, pause = clock.now(), _FIRST_PAUSE
    while (found := ask()) is None:
        waited = clock.now() - start
        if waited >= seconds:
            raise AwsError(
                f"{unlike} after {waited / 60:.0f} minutes",
                operation=operation if ":" in operation else f"organizations:{operation}",
                hint="AWS may still complete it: run `orgctl plan` later, which shows what is left to do",
            )
        if say:
            say(f"{unlike} yet, after {waited:.0f} s")
        clock.wait(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    return found
