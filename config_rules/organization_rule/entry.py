"""The way in: an event of AWS Config's, the rule, and the results back to AWS Config."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rdklib import Evaluation, InvalidParametersError

from organization_rule.arns import Arn
from organization_rule.errors import EventError, OutsiderError, RefusedEvaluationsError, UndecidedError
from organization_rule.items import Item
from organization_rule.notice import Event, Message, Notice, read_notice
from organization_rule.oversized import read_item
from organization_rule.rule import Findings, OrganizationRule
from organization_rule.sessions import Clients
from organization_rule.verdicts import about, not_applicable

_AT_ONCE = 100
"""Evaluations in one call. Source: `PutEvaluations` in AWS Config's API reference."""

_JUDGED = ("OK", "ResourceDiscovered")
_KEPT = ["COMPLIANT", "NON_COMPLIANT"]

Result = dict[str, str]
"""An evaluation as it was sent."""
Connect = Callable[[str | None, str, str], Clients]


def handle(
    rule: OrganizationRule,
    resource_types: Sequence[str],
    event: Event,
    context: object = None,
    connect: Connect = Clients,
) -> list[Result]:
    """Evaluate, and give AWS Config the results, which are returned too.

    `resource_types` are those that the rule judges when they change; others are NOT_APPLICABLE. Raises what is in
    `errors.py`, InvalidParametersError, and botocore's errors: the invocation fails, and AWS Config shows why.
    """
    name = type(rule).__name__
    notice = read_notice(event)
    _refuse_own_account(notice, context)
    parameters = _parameters(rule, name, notice)
    clients = connect(notice.role_arn, notice.place.region, f"orgctl-{name}")
    try:
        findings = _findings(rule, resource_types, event, notice, clients, parameters)
    except (ClientError, BotoCoreError) as error:
        raise UndecidedError([f"{_subject(notice)}: {error}"]) from error
    results = [_result(each, notice) for each in findings]
    _put(clients.build_client("config"), notice, results)
    if undecided := getattr(findings, "undecided", ()):
        raise UndecidedError(undecided)
    return results


def _refuse_own_account(notice: Notice, context: object) -> None:
    """With the function's own credentials, only its own account can be seen: any other would be judged by that one."""
    own = str(getattr(context, "invoked_function_arn", "") or "")
    if notice.role_arn or notice.is_test or not own:
        return
    if Arn.parse(own).account != notice.place.account:
        message = f"`AssumeRoleMode` is false, so the account {notice.place.account} cannot be looked at"
        raise OutsiderError(message)


def _parameters(rule: OrganizationRule, name: str, notice: Notice) -> Any:
    try:
        return rule.evaluate_parameters(notice.parameters)
    except InvalidParametersError as error:
        message = f"{name} evaluates nothing: {error}"
        raise InvalidParametersError(message) from error


def _findings(
    rule: OrganizationRule,
    resource_types: Sequence[str],
    event: Event,
    notice: Notice,
    clients: Clients,
    parameters: Any,
) -> list[Evaluation]:
    if notice.message is Message.SCHEDULE:
        found = rule.evaluate_periodic(event, clients, parameters)
        return found if rule.keeps_old_results or notice.is_test else _with_forgotten(clients, notice, found)
    item = _item(notice, clients)
    if item.get("resourceType") not in resource_types:
        answers = [not_applicable(f"the rule does not look at `{item.get('resourceType')}`")]
    elif notice.left_scope or item.get("configurationItemStatus") not in _JUDGED:
        answers = [not_applicable()]
    else:
        answers = rule.evaluate_change(event, clients, item, parameters)
    for answer in answers:
        answer.import_fields_from_configuration_item(item)
    return answers


def _item(notice: Notice, clients: Clients) -> Item:
    key = "configurationItemSummary" if notice.message is Message.OVERSIZED_CHANGE else "configurationItem"
    item = notice.invoking.get(key)
    if not isinstance(item, dict):
        message = f"the event has no `{key}`"
        raise EventError(message)
    if notice.message is Message.CHANGE or notice.left_scope:
        return item
    return read_item(clients.build_client("config"), item)


def _with_forgotten(clients: Clients, notice: Notice, found: list[Evaluation]) -> list[Evaluation]:
    """Results, with a NOT_APPLICABLE for each earlier one on something that is not there any more."""
    undecided = getattr(found, "undecided", ())
    if undecided:
        return found
    named = {(each.complianceResourceType, each.complianceResourceId) for each in found}
    earlier = _earlier(clients.build_client("config"), notice.rule_name)
    return Findings([*found, *(about(not_applicable(), *each) for each in earlier if each not in named)])


def _earlier(config: Any, rule_name: str) -> Iterable[tuple[str, str]]:
    pages = config.get_paginator("get_compliance_details_by_config_rule").paginate(
        ConfigRuleName=rule_name, ComplianceTypes=_KEPT
    )
    for page in pages:
        for result in page["EvaluationResults"]:
            qualifier = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
            yield qualifier["ResourceType"], qualifier["ResourceId"]


def _result(evaluation: Evaluation, notice: Notice) -> Result:
    evaluation.orderingTimestamp = evaluation.orderingTimestamp or notice.created
    evaluation.is_valid()  # raises
    return {key: str(value) for key, value in evaluation.get_json().items()}


def _put(config: Any, notice: Notice, results: list[Result]) -> None:
    """Send the results; an empty answer too, or AWS Config would take it that the rule is still at work."""
    refused: list[Result] = []
    for start in range(0, len(results) or 1, _AT_ONCE):
        answer = config.put_evaluations(
            Evaluations=results[start : start + _AT_ONCE], ResultToken=notice.token, TestMode=notice.is_test
        )
        refused += answer.get("FailedEvaluations") or []
    if refused:
        names = ", ".join(f"`{each['ComplianceResourceId']}`" for each in refused)
        message = f"AWS Config did not take {len(refused)} of {len(results)} results: {names}"
        raise RefusedEvaluationsError(message)


def _subject(notice: Notice) -> str:
    item = notice.invoking.get("configurationItem") or notice.invoking.get("configurationItemSummary")
    named = f"`{item.get('resourceId')}` in " if isinstance(item, dict) else ""
    return f"{named}{notice.place.account}"
