"""The functions of custom rules, in the administrator's account: created with their role, and for AWS Config alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from orgctl.model.config_resources import (
    ORGANIZATION_VARIABLE,
    ConformancePack,
    FunctionSettings,
    RuleFunction,
    role_address,
)
from orgctl.policy.canonical import same
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Join, Value, Wait
from orgctl.reconcile.tags import OWNER, owned

KIND = "function"
RESOURCE = RuleFunction

_NOTHING = FunctionSettings("", "", "", 0, 0)


def compare(before: RuleFunction | None, after: RuleFunction | None, between: Comparison) -> Change | None:
    """What differs. The function of a rule that no pack calls any more goes, after the packs."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if before is None:
        absent = RuleFunction(after.rule, after.region, after.account, _NOTHING, "")
        return Change(Action.CREATE, KIND, after.address, _differences(absent, after))
    return change_existing(
        KIND,
        after.address,
        _differences(before, after),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _differences(before: RuleFunction, after: RuleFunction) -> tuple[AttributeChange, ...]:
    changes = []
    if before.settings != after.settings:
        changes.append(AttributeChange("settings", _words(before.settings), _words(after.settings)))
    if before.sha256 != after.sha256:
        changes.append(AttributeChange("code", before.sha256 or None, after.sha256))
    if after.policy is not None and (before.policy is None or not same(before.policy, after.policy)):
        changes.append(AttributeChange("policy", before.policy, after.policy))
    return tuple(changes)


def _words(settings: FunctionSettings) -> str | None:
    if settings == _NOTHING:
        return None
    size = f"{settings.memory} MB, {settings.timeout} s"
    return f"{settings.runtime}, {size}, as role {settings.role}, for organization {settings.organization}"


def lower(
    change: Change, before: RuleFunction | None, after: RuleFunction | None, between: Comparison
) -> Iterator[Draft]:
    """The calls; code before settings, each waited for, as Lambda takes one change at a time."""
    if after is None:
        if before is not None:
            packs = tuple(pack.address for pack in between.actual.each(ConformancePack))
            yield _draft(before, between, "DeleteFunction", {"FunctionName": before.name}, packs)
        return
    changed = {attribute.name for attribute in change.attributes}
    name = {"FunctionName": after.name}
    if before is None:
        yield _waited(after, between, "CreateFunction", {**name, **_creation(after, between)})
    else:
        if "code" in changed:
            yield _waited(after, between, "UpdateFunctionCode", {**name, "ZipFile": after.code})
        if changed - {"code", "policy"}:
            yield _waited(after, between, "UpdateFunctionConfiguration", {**name, **_settings(after, between)})
    if "policy" in changed:
        policy = between.text(after.policy or "{}")
        parameters = {"ResourceArn": _arn(after, between), "Policy": policy}
        yield _draft(after, between, "PutResourcePolicy", parameters)
    if change.action is Action.ADOPT:
        yield _draft(after, between, "TagResource", {"Resource": _arn(after, between), "Tags": OWNER})


def _waited(function: RuleFunction, between: Comparison, action: str, parameters: Mapping[str, Value]) -> Draft:
    return replace(_draft(function, between, action, parameters), wait=Wait.FUNCTION_READY)


def _creation(function: RuleFunction, between: Comparison) -> dict[str, Value]:
    return {
        **_settings(function, between),
        "Description": f"The AWS Config rule {function.rule}",
        "Code": {"ZipFile": function.code},
        "Tags": owned(function.tags),
    }


def _settings(function: RuleFunction, between: Comparison) -> dict[str, Value]:
    settings = function.settings
    return {
        "Runtime": settings.runtime,
        "Role": between.joined(
            f"arn:{between.partition}:iam::", between.id_of(function.account), f":role/{settings.role}"
        ),
        "Handler": f"{function.rule}.lambda_handler",
        "Timeout": settings.timeout,
        "MemorySize": settings.memory,
        "Environment": {"Variables": {ORGANIZATION_VARIABLE: between.text(settings.organization)}},
    }


def _arn(function: RuleFunction, between: Comparison) -> str | Join:
    prefix = f"arn:{between.partition}:lambda:{function.region}:"
    return between.joined(prefix, between.id_of(function.account), f":function:{function.name}")


def _draft(
    function: RuleFunction,
    between: Comparison,
    action: str,
    parameters: Mapping[str, Value],
    packs: tuple[str, ...] = (),
) -> Draft:
    """A call. What makes or changes a function needs its role; what removes it, that the `packs` are gone."""
    role = role_address(function.settings.role, function.account)
    return Draft(
        function.address,
        "lambda",
        action,
        parameters,
        requires=("organization", function.account, *(packs if action == "DeleteFunction" else (role,))),
        account=between.account_of(function.account),
        region=function.region,
    )
