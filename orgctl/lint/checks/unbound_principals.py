"""Principals that SCPs do not bind.

Source: "Service control policies (SCPs)", Tasks and entities not restricted by SCPs, AWS Organizations User Guide: the
management account, service-linked roles, and services that call on their own behalf.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import ONLY_SCP, Check, Finding
from orgctl.lint.globs import arn_fields
from orgctl.lint.subject import Subject
from orgctl.policy.conditions.operators import Operator
from orgctl.policy.document import Condition

_OF_SERVICES = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})
_ARNS = frozenset({"aws:principalarn"})
_ACCOUNTS = frozenset({"aws:principalaccount"})


def unbound_principals(subject: Subject) -> Iterator[Finding]:
    """No condition of an SCP is about principals that it does not bind."""
    for _, condition, operator in subject.conditions:
        key = condition.key.lower()
        if key in _OF_SERVICES or (key == "aws:principalisawsservice" and _only_services(condition, operator)):
            message = "SCPs do not bind AWS services that call on their own behalf"
            yield Finding(subject.at_condition(condition), message, "deny it to services by a resource control policy")
            continue
        for text in dict.fromkeys(condition.values if key in _ARNS | _ACCOUNTS else ()):
            exempt = _unbound(key, text, subject.setting.management_account)
            if exempt:
                hint = (
                    "take the value out: it is exempt anyway"
                    if operator.kind.negated
                    else "it is exempt whatever is denied"
                )
                yield Finding(subject.at_condition(condition, text), exempt, hint)


def _only_services(condition: Condition, operator: Operator) -> bool:
    return {value.lower() for value in condition.values} == {"true"} and not operator.if_exists


def _unbound(key: str, text: str, management: str | None) -> str | None:
    if ":role/aws-service-role/" in text:
        return f"SCPs do not bind service-linked roles such as `{text}`"
    account = text if key in _ACCOUNTS else "".join(arn_fields(text)[4:5])
    if management and account == management:
        return f"SCPs do not bind the management account `{management}`"
    return None


UNBOUND_PRINCIPALS = Check(
    "L701", "A principal that service control policies do not bind", unbound_principals, folders=ONLY_SCP
)
