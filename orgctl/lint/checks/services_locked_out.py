"""RCPs that lock out AWS services.

Source: "AWS global condition context keys" (IAM User Guide): requests that a service makes on its own behalf carry
neither the caller's account and organization nor a VPC endpoint's, and a negated operator holds where the key is not
there. RCPs do bind services; only service-linked roles are exempt ("Resource control policies (RCPs)", AWS
Organizations User Guide).
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import ONLY_RCP, Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Family, Operator, SetOperator
from orgctl.policy.document import Condition, Effect, Statement

_ABSENT = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    }
)
"""What the requests of services do not carry."""
_OF_PRINCIPALS = ("aws:principal", "aws:userid", "aws:username", "aws:federatedprovider", "aws:tokenissuetime")
_OF_TAGS = ("aws:tagkeys", "aws:requesttag/")
_FEDERATION = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
"""Actions that no service calls on its own behalf."""


def services_locked_out(subject: Subject) -> Iterator[Finding]:
    """A statement that denies whoever is not of the organization lets AWS services through."""
    for statement in subject.document.statements:
        conditions = [(c, o) for s, c, o in subject.conditions if s is statement]
        if statement.effect is not Effect.DENY or _is_federation(statement) or any(_spares(*c) for c in conditions):
            continue
        for condition, operator in conditions:
            if condition.key.lower() in _ABSENT and operator.kind.negated and _holds_when_absent(operator):
                message = f"AWS services that call on their own behalf carry no `{condition.key}`, and are denied too"
                hint = 'add `"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`'
                yield Finding(subject.at_condition(condition), message, hint)
                break


def _is_federation(statement: Statement) -> bool:
    return statement.actions is not None and {each.lower() for each in statement.actions.values} <= _FEDERATION


def _holds_when_absent(operator: Operator) -> bool:
    return operator.if_exists or operator.set_operator is not SetOperator.FOR_ANY_VALUE


def _spares(condition: Condition, operator: Operator) -> bool:
    """Whether the condition does not hold for a service: one that asks for something of a principal does not."""
    key, wanted = condition.key.lower(), {value.lower() for value in condition.values}
    if key.startswith(_OF_TAGS) and not operator.kind.negated:
        return True  # it is about certain tags, which are people's
    if key == "aws:principalisawsservice":
        return "false" in wanted
    if operator.kind.family is Family.NULL:
        of_service = key.startswith("aws:principalservicename")
        return wanted == {"true"} if of_service else wanted == {"false"} and key.startswith(_OF_PRINCIPALS)
    return key.startswith(_OF_PRINCIPALS) and not operator.kind.negated and not operator.if_exists


SERVICES_LOCKED_OUT = Check(
    "L705", "A resource control policy locks out AWS services", services_locked_out, folders=ONLY_RCP
)
