"""The resource policy of a function: statement by statement, or as a whole; and whom it lets in."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from orgctl.sandbox.bucket_policy import texts
from orgctl.sandbox.lambda_state import Function
from orgctl.sandbox.lambdas import find
from orgctl.sandbox.lambdas.registry import operation
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters

SIZE = 20_480


@operation("AddPermission", Access.ANYBODY)
def add(call: Call, params: Parameters) -> Members:
    """One more statement. It knows source account and ARN and the principal's organization; no source organization."""
    function, sid = find.function(call, params["FunctionName"]), params["StatementId"]
    if any(statement.get("Sid") == sid for statement in function.statements):
        message = f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove it."
        raise RefusalError("ResourceConflictException", message, Type="User")
    statement = {"Sid": sid, "Effect": "Allow", **_who(params), "Action": params["Action"], "Resource": function.arn}
    conditions: dict[str, dict[str, str]] = {}
    if "SourceAccount" in params:
        conditions.setdefault("StringEquals", {})["AWS:SourceAccount"] = params["SourceAccount"]
    if "PrincipalOrgID" in params:
        conditions.setdefault("StringEquals", {})["aws:PrincipalOrgID"] = params["PrincipalOrgID"]
    if "SourceArn" in params:
        conditions["ArnLike"] = {"AWS:SourceArn": params["SourceArn"]}
    if conditions:
        statement["Condition"] = conditions
    _replace(function, [*function.statements, statement])
    return {"Statement": json.dumps(statement)}


@operation("RemovePermission", Access.ANYBODY)
def remove(call: Call, params: Parameters) -> None:
    """One statement less."""
    function, sid = find.function(call, params["FunctionName"]), params["StatementId"]
    kept = [statement for statement in function.statements if statement.get("Sid") != sid]
    if len(kept) == len(function.statements):
        raise find.missing(f"Statement {sid} is not found in resource policy.")
    _replace(function, kept)


@operation("GetPolicy", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """The policy, if it has a statement."""
    return _view(find.function(call, params["FunctionName"]))


@operation("PutResourcePolicy", Access.ANYBODY)
def put(call: Call, params: Parameters) -> Members:
    """Replace the whole policy."""
    function = _by_arn(call, params)
    try:
        statements = json.loads(params["Policy"])["Statement"]
    except (ValueError, TypeError, KeyError):
        raise find.invalid("The resource policy is not a valid policy document.") from None
    statements = statements if isinstance(statements, list) else [statements]
    for statement in statements:
        if not isinstance(statement, dict) or not {"Effect", "Principal", "Action"} <= set(statement):
            raise find.invalid("Each statement of a resource policy needs Effect, Principal and Action.")
        if statement["Principal"] in ("*", {"AWS": "*"}) and "Condition" not in statement:
            message = "The resource policy lets everybody in, which the account's settings do not allow."
            raise RefusalError("PublicPolicyException", message, Type="User")
    _replace(function, statements)
    return _view(function)


@operation("GetResourcePolicy", Access.ANYBODY)
def get_resource_policy(call: Call, params: Parameters) -> Members:
    """The whole policy."""
    return _view(_by_arn(call, {**params, "RevisionId": None}))


@operation("DeleteResourcePolicy", Access.ANYBODY)
def delete_resource_policy(call: Call, params: Parameters) -> None:
    """No policy any longer."""
    function = _by_arn(call, params)
    if not function.statements:
        raise find.missing("The resource you requested does not exist.")
    _replace(function, [])


def lets_config_in(function: Function, account: str, organization: str | None) -> bool:
    """Whether config.amazonaws.com, for a rule of this account, may invoke the function.

    `organization` is the id of the account's organization, which a condition on aws:SourceOrgID may name. A condition
    on another key counts as not met. Functions of the account itself need the permission as well.
    """
    facts = {"aws:sourceaccount": account, "aws:sourceorgid": organization or ""}
    return any(_admits(statement, function.arn, facts) for statement in function.statements)


def _admits(statement: dict[str, Any], arn: str, facts: dict[str, str]) -> bool:
    who = statement.get("Principal")
    services = texts(who.get("Service")) if isinstance(who, dict) else texts(who)
    actions = [action.lower() for action in texts(statement.get("Action"))]
    return (
        statement.get("Effect") == "Allow"
        and ("config.amazonaws.com" in services or "*" in services)
        and any(fnmatchcase("lambda:invokefunction", action) for action in actions)
        and any(fnmatchcase(arn, resource) for resource in texts(statement.get("Resource", arn)))
        and all(_met(test, facts) for test in statement.get("Condition", {}).values())
    )


def _met(test: dict[str, Any], facts: dict[str, str]) -> bool:
    """One operator's block; of an ARN the account is what counts (`arn:aws:config:*:<account>:*`)."""
    for key, wanted in test.items():
        name = key.lower()
        value = facts.get(name)
        if name == "aws:sourcearn":
            value, wanted = facts["aws:sourceaccount"], [arn.split(":")[4] for arn in texts(wanted)]
        if value is None or not any(fnmatchcase(value, pattern) for pattern in texts(wanted)):
            return False
    return True


def _who(params: Parameters) -> dict[str, Any]:
    principal = params["Principal"]
    if principal == "*":
        return {"Principal": "*"}
    if principal.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return {"Principal": {"Service": principal}}
    if principal.isdigit() and len(principal) == 12:
        return {"Principal": {"AWS": f"arn:aws:iam::{principal}:root"}}
    if principal.startswith("arn:"):
        return {"Principal": {"AWS": principal}}
    raise find.invalid(f"The provided principal was invalid: {principal}")


def _replace(function: Function, statements: list[dict[str, Any]]) -> None:
    if len(json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))) > SIZE:
        message = f"The final policy size is bigger than the limit ({SIZE})."
        raise RefusalError("PolicyLengthExceededException", message, Type="User")
    function.statements, function.policy_revision = statements, find.revision()


def _by_arn(call: Call, params: Parameters) -> Function:
    found = call.cloud.lambdas.functions.get(params["ResourceArn"])
    if found is None or found.account != call.caller:
        raise find.missing("The resource you requested does not exist.")
    if params.get("RevisionId") not in (None, found.policy_revision):
        raise RefusalError("PreconditionFailedException", "The Revision Id provided does not match.", Type="User")
    return found


def _view(function: Function) -> Members:
    if not function.statements:
        raise find.missing("The resource you requested does not exist.")
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": function.statements}
    return {"Policy": json.dumps(policy), "RevisionId": function.policy_revision}
