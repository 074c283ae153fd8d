"""Waiting for functions, stack sets and conformance packs; the latter two are done account by account.

What fails in one account does not hide the others: the wait goes on until every account is done, one way or the
other, and then raises one AwsError that names those that failed, with AWS's reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.aws.call import Answer, pages, read
from orgctl.aws.read.troubles import told
from orgctl.aws.session import Aws
from orgctl.aws.waiting import Say, poll
from orgctl.errors import AwsError

_FUNCTION_SECONDS = 300.0
_STACK_SET_SECONDS = 4 * 3600.0
_PACK_SECONDS = 4 * 3600.0
"""AWS takes a minute or two for an account, and does many at once; ten thousand take hours."""

_FEW = 5

_RECORDER = "start a configuration recorder there; AWS Config tries again by itself for seven hours"
_STATUS_HINT = "mend the accounts that are named, and run `orgctl plan`: it shows what is left"


@dataclass(frozen=True, slots=True)
class Place:
    """The account (None: the caller's own) and region in which to ask."""

    account: str | None
    region: str | None


def function_ready(aws: Aws, place: Place, name: str, say: Say | None = None) -> None:
    """Wait until the function is active and its last update is through. AwsError with Lambda's reason if it failed."""

    def ask() -> Answer | None:
        asked = {"FunctionName": name}
        found = read(aws, "lambda", "GetFunctionConfiguration", asked, account=place.account, region=place.region)
        state, update = found.get("State", "Active"), found.get("LastUpdateStatus", "Successful")
        if "Failed" in (state, update):
            reason = found.get("StateReason") or found.get("LastUpdateStatusReason") or "no reason"
            raise AwsError(f"function `{name}` failed: {reason}", operation="lambda:CreateFunction")
        return {} if (state, update) in (("Active", "Successful"), ("Inactive", "Successful")) else None

    poll(aws, ask, f"function `{name}` is not ready", "lambda:GetFunctionConfiguration", _FUNCTION_SECONDS, say)


def stack_set_operation(aws: Aws, place: Place, name: str, operation_id: str, say: Say | None = None) -> None:
    """Wait for the end of a stack set's operation. AwsError with the accounts where it failed."""
    asked = {"StackSetName": name, "OperationId": operation_id}

    def ask() -> Answer | None:
        answer = read(aws, "cloudformation", "DescribeStackSetOperation", asked, region=place.region)
        status: str = answer["StackSetOperation"]["Status"]
        if status in {"FAILED", "STOPPED", "STOPPING"}:
            listed = pages(aws, "cloudformation", "ListStackSetOperationResults", asked, region=place.region)
            results = [result for page in listed for result in page.get("Summaries", ())]
            failed = {r["Account"]: r.get("StatusReason", "") for r in results if r.get("Status") == "FAILED"}
            raise _failed(aws, f"stack set `{name}`", "cloudformation:CreateStackInstances", failed)
        return {} if status == "SUCCEEDED" else None

    poll(
        aws, ask, f"stack set `{name}` is not deployed", "cloudformation:CreateStackInstances", _STACK_SET_SECONDS, say
    )


def pack_deployed(aws: Aws, place: Place, name: str, say: Say | None = None) -> None:
    """Wait until the pack is deployed to, or has failed in, every account that it is for.

    The organization's overall status is not asked: for a delegated administrator it can stay in progress for ever.
    """

    def ask() -> Answer | None:
        statuses = pack_statuses(aws, place, name)
        if not statuses and _is_for_nobody(aws, place, name):
            return {}
        counts = Counter(str(status["Status"]).rpartition("_")[2] for status in statuses)
        if not statuses or counts["PROGRESS"]:
            if say and statuses:
                say(f"{len(statuses) - counts['PROGRESS']} of {len(statuses)} accounts done, {counts['FAILED']} failed")
            return None
        failed = {s["AccountId"]: failure(s) for s in statuses if str(s["Status"]).endswith("_FAILED")}
        if failed:
            raise _failed(aws, f"conformance pack `{name}`", "config:PutOrganizationConformancePack", failed)
        return {}

    unlike = f"conformance pack `{name}` is not in every account"
    poll(aws, ask, unlike, "config:PutOrganizationConformancePack", _PACK_SECONDS, None)


def _is_for_nobody(aws: Aws, place: Place, name: str) -> bool:
    """Whether AWS has finished with a pack that has no account to go to."""
    asked = {"OrganizationConformancePackNames": [name]}
    operation = "DescribeOrganizationConformancePackStatuses"
    answer = read(aws, "config", operation, asked, account=place.account, region=place.region)
    return any(str(s["Status"]).endswith("_SUCCESSFUL") for s in answer["OrganizationConformancePackStatuses"])


def pack_gone(aws: Aws, place: Place, name: str, say: Say | None = None) -> None:
    """Wait until the pack is gone from every account. AwsError with those where it cannot be removed."""

    def ask() -> Answer | None:
        try:
            statuses = pack_statuses(aws, place, name)
        except AwsError as error:
            if error.code == "NoSuchOrganizationConformancePackException":
                return {}
            raise
        failed = {s["AccountId"]: failure(s) for s in statuses if s["Status"] == "DELETE_FAILED"}
        if failed and len(failed) == len(statuses):
            raise _failed(aws, f"conformance pack `{name}`", "config:DeleteOrganizationConformancePack", failed)
        if say:
            say(f"{len(statuses)} accounts left")
        return None

    unlike = f"conformance pack `{name}` is not gone"
    poll(aws, ask, unlike, "config:DeleteOrganizationConformancePack", _PACK_SECONDS, None)


def pack_statuses(
    aws: Aws, place: Place, name: str, filters: Mapping[str, str] | None = None
) -> list[Mapping[str, str]]:
    """The pack's status in each account, or in those that `filters` (as the API takes them) selects."""
    asked: dict[str, object] = {"OrganizationConformancePackName": name}
    if filters:
        asked["Filters"] = filters
    operation, member = "GetOrganizationConformancePackDetailedStatus", "OrganizationConformancePackDetailedStatuses"
    listed = pages(aws, "config", operation, asked, account=place.account, region=place.region)
    return [status for page in listed for status in page.get(member, ())]


def failure(status: Mapping[str, str]) -> str:
    """Why the pack failed in one account, in AWS's words."""
    return status.get("ErrorMessage") or status.get("ErrorCode") or "no reason"


def _failed(aws: Aws, what: str, operation: str, failed: Mapping[str, str]) -> AwsError:
    """One error for all accounts that failed, grouped by AWS's reason, most frequent first."""
    if not failed:
        return AwsError(f"{what} failed, and AWS names no account", operation=operation, hint=_STATUS_HINT)
    by_reason: dict[str, list[str]] = {}
    for account, reason in sorted(failed.items()):
        by_reason.setdefault(reason, []).append(account)
    groups = sorted(by_reason.items(), key=lambda group: -len(group[1]))
    words = "; ".join(f"{told(accounts, aws.account_names)}: {reason}" for reason, accounts in groups[:_FEW])
    more = f"; and {len(groups) - _FEW} more reasons" if len(groups) > _FEW else ""
    hint = _RECORDER if any("recorder" in reason.lower() for reason in by_reason) else _STATUS_HINT
    return AwsError(f"{what} failed in {_accounts(len(failed))}: {words}{more}", operation=operation, hint=hint)


def _accounts(count: int) -> str:
    return "1 account" if count == 1 else f"{count} accounts"
