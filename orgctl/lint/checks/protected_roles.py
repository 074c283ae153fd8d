"""Broad denials that stop the roles which must go on working."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import ONLY_SCP, Check, Finding
from orgctl.lint.globs import arn_includes, arn_overlap, includes
from orgctl.lint.subject import Subject, texts
from orgctl.policy.conditions.operators import Family, Operator
from orgctl.policy.document import Condition, Effect, Statement

NEEDED = ("sts:AssumeRole", "sts:GetCallerIdentity", "iam:GetRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy")
"""What every role needs to be entered, and to repair access: a denial of these is broad enough to lock a role out."""


_OF_SOME = ("aws:principal", "aws:resource")
"""How keys begin that are about certain principals, or certain resources."""


def protected_roles(subject: Subject) -> Iterator[Finding]:
    """A statement that denies what every role needs exempts the roles that the manifest protects."""
    for statement in subject.document.statements:
        if statement.effect is not Effect.DENY or not _is_broad(statement):
            continue
        conditions = [(c, o) for s, c, o in subject.conditions if s is statement]
        stopped = [role for role in subject.setting.protected_roles if not _is_exempt(role, conditions)]
        if stopped:
            shown = ", ".join(f"`{role}`" for role in stopped)
            message = (
                f"{shown} must go on working, and {'is' if len(stopped) == 1 else 'are'} not exempt from this Deny"
            )
            hint = "add the condition `ArnNotLike` on `aws:PrincipalArn` with these patterns"
            yield Finding(subject.at(statement), message, hint)


def _is_broad(statement: Statement) -> bool:
    """Whether all that a role needs may be denied, on any resource."""
    if statement.resources is None or "*" not in statement.resources.values or statement.resources.negated:
        return False
    patterns = [action.lower() for action in texts(statement.actions)]
    negated = statement.actions is not None and statement.actions.negated
    named = {action for action in NEEDED if any(includes(pattern, action.lower()) for pattern in patterns)}
    return len(named) < len(NEEDED) if negated else bool(named)


def _is_exempt(role: str, conditions: list[tuple[Condition, Operator]]) -> bool:
    return any(_spares(role, condition, operator) for condition, operator in conditions)


def _spares(role: str, condition: Condition, operator: Operator) -> bool:
    """Whether the role can go on working beside the condition: it is not meant, or only some of what it does."""
    if condition.key.lower() != "aws:principalarn" or operator.kind.family not in (Family.ARN, Family.STRING):
        return _leaves_room(condition, operator)
    if any("@{" in value for value in condition.values):
        return True
    if operator.kind.negated:
        return any(_excludes(value, role) for value in condition.values)
    return not any(arn_overlap(value, role) for value in condition.values)


def _leaves_room(condition: Condition, operator: Operator) -> bool:
    """Whether a condition may spare principals, or asks for requests of some kind: regions are the matter of L703."""
    key = condition.key.lower()
    if key.startswith(_OF_SOME) or key in ("aws:userid", "aws:username", "aws:assumedroot", "aws:requestedregion"):
        return True
    if operator.kind.family is Family.NULL:
        return {value.lower() for value in condition.values} == {"false"}
    return not operator.kind.negated and not operator.if_exists


def _excludes(value: str, role: str) -> bool:
    """Whether an exempted pattern covers the role; partitions are not told apart."""
    return arn_includes(_any_partition(value), _any_partition(role)) or includes(value, role)


def _any_partition(arn: str) -> str:
    fields = arn.split(":", 2)
    return ":".join(("arn", "*", fields[2])) if len(fields) == 3 else arn


PROTECTED_ROLES = Check(
    "L704", "A broad Deny does not exempt the roles that must go on working", protected_roles, folders=ONLY_SCP
)
