"""`aws:MultiFactorAuthPresent`, which is often not there.

Source: "AWS global condition context keys", aws:MultiFactorAuthPresent (IAM User Guide): requests signed with long-term
keys do not carry it, and those of roles that services assume carry no true one.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Family, Operator
from orgctl.policy.document import Condition, Effect, Statement

_KEY = "aws:multifactorauthpresent"


def mfa(subject: Subject) -> Iterator[Finding]:
    """A condition on the key does what it is meant for when the key is absent."""
    for statement, condition, operator in subject.conditions:
        if condition.key.lower() == _KEY and operator.kind.family is Family.BOOL:
            found = _trap(statement, condition, operator)
            if found:
                yield Finding(subject.at_condition(condition), *found)


def _trap(statement: Statement, condition: Condition, operator: Operator) -> tuple[str, str] | None:
    wanted = {value.lower() for value in condition.values}
    key = condition.key
    match statement.effect:
        case Effect.DENY if wanted == {"false"} and not operator.if_exists:
            return (
                f"requests signed with long-term access keys do not carry `{key}`, and are not denied",
                "write `BoolIfExists` where they are to be denied, and mind the roles of services then",
            )
        case Effect.DENY if wanted == {"false"} and not _is_narrowed(statement):
            return (
                f"whoever has no `{key}` is denied too, as are the roles that services and CI assume",
                "narrow the statement by `aws:PrincipalArn` to the people's roles and users",
            )
        case Effect.ALLOW if wanted == {"true"} and operator.if_exists:
            return (
                f"requests signed with long-term access keys do not carry `{key}`, and are allowed without MFA",
                "write `Bool`",
            )
        case _:
            return None


def _is_narrowed(statement: Statement) -> bool:
    return any(condition.key.lower().startswith("aws:principal") for condition in statement.conditions)


MFA = Check("L306", "Multi-factor authentication is asked for where the key may be absent", mfa)
