"""What AWS refuses as a MalformedPolicyDocumentException, by policy type.

Source: "SCP syntax" and "RCP syntax" (AWS Organizations User Guide, as of September 2025: SCPs take the full IAM
language), and the top-level keys of the management policies' syntax pages. What those pages leave open is accepted.
"""

from __future__ import annotations

import json
import re
from typing import Any

from orgctl.sandbox.messages import RefusalError

_TOP_LEVEL = {
    "TAG_POLICY": "tags",
    "BACKUP_POLICY": "plans",
    "AISERVICES_OPT_OUT_POLICY": "services",
    "CHATBOT_POLICY": "chatbot",
    "DECLARATIVE_POLICY_EC2": "ec2_attributes",
}
_STATEMENT_KEYS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


def refuse_malformed(policy_type: str, content: str) -> None:
    """Raise MalformedPolicyDocumentException if AWS would not take this content for the type."""
    try:
        document = json.loads(content)
    except ValueError:
        raise _malformed("it is not JSON") from None
    if not isinstance(document, dict):
        raise _malformed("it is not a JSON object")
    if policy_type in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        _refuse_iam(document, rcp=policy_type == "RESOURCE_CONTROL_POLICY")
    elif (key := _TOP_LEVEL.get(policy_type)) is not None and set(document) != {key}:
        raise _malformed(f"its one key has to be `{key}`")


def _malformed(why: str) -> RefusalError:
    return RefusalError("MalformedPolicyDocumentException", f"The provided policy document is not valid: {why}.")


def _refuse_iam(document: dict[str, Any], *, rcp: bool) -> None:
    if document.get("Version") != "2012-10-17":
        raise _malformed("Version has to be 2012-10-17")
    if unknown := set(document) - {"Version", "Id", "Statement"}:
        raise _malformed(f"there is no element `{min(unknown)}`")
    statements = document.get("Statement")
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not statements:
        raise _malformed("it has no Statement")
    for statement in statements:
        _refuse_statement(statement, rcp=rcp)
    sids = [s["Sid"] for s in statements if s.get("Sid")]
    if len(set(sids)) != len(sids):
        raise _malformed("a Sid is used twice")


def _refuse_statement(statement: Any, *, rcp: bool) -> None:
    if not isinstance(statement, dict):
        raise _malformed("a statement is not an object")
    if unknown := set(statement) - _STATEMENT_KEYS - ({"Principal"} if rcp else set()):
        raise _malformed(f"a statement cannot hold `{min(unknown)}`")
    if not re.fullmatch(r"[A-Za-z0-9]*", str(statement.get("Sid", ""))):
        raise _malformed("a Sid has letters and digits only")
    _refuse_pair(statement, "Action", "NotAction")
    _refuse_pair(statement, "Resource", "NotResource")
    if "Condition" in statement and not isinstance(statement["Condition"], dict):
        raise _malformed("a Condition is not an object")
    _refuse_actions(statement)
    if rcp:
        _refuse_rcp(statement)
    elif statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed("an Effect is Allow or Deny")


def _refuse_pair(statement: dict[str, Any], one: str, other: str) -> None:
    if (one in statement) == (other in statement):
        raise _malformed(f"a statement has to have {one} or {other}, and not both")
    value = statement.get(one, statement.get(other))
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
        raise _malformed(f"{one} is a string or a list of strings")


def _actions(statement: dict[str, Any]) -> list[str]:
    value = statement.get("Action", statement.get("NotAction"))
    return [value] if isinstance(value, str) else list(value or ())


def _refuse_actions(statement: dict[str, Any]) -> None:
    for action in _actions(statement):
        if action != "*" and not re.fullmatch(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+", action):
            raise _malformed(f"`{action}` is no action")


def _refuse_rcp(statement: dict[str, Any]) -> None:
    if statement.get("Effect") != "Deny":
        raise _malformed("a resource control policy can only deny")
    if statement.get("Principal") not in ("*", {"AWS": "*"}):
        raise _malformed('the Principal of a resource control policy is "*"')
    if "NotAction" in statement or "*" in _actions(statement):
        raise _malformed("the Action of a resource control policy names a service")
