"""Who outside the organization a repository's policy lets in.

Source: "Condition operators: set operators, IfExists" and "AWS global condition context keys", IAM User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from organization_rule.arns import Arn, like
from organization_rule.policy_documents import Condition, Principal, Statement

_EQUAL = frozenset({"stringequals", "stringequalsignorecase", "stringlike"})
_ARN_EQUAL = frozenset({"arnequals", "arnlike"}) | _EQUAL
_DIFFERENT = frozenset({"stringnotequals", "stringnotequalsignorecase", "stringnotlike"})
_UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,}")
_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class Circle:
    """Who is inside: the organization, accounts that are trusted by number, and services that are trusted as such."""

    organization: str
    accounts: frozenset[str]
    services: frozenset[str] = frozenset()

    def lets_out(self, policy: Iterable[Statement]) -> tuple[Statement, Principal] | None:
        """The first statement by which somebody outside gets in, and who that is; None if there is none."""
        every = tuple(policy)
        for statement in every:
            for principal in _principals(statement) if statement.allows else ():
                if not (self._is_inside(principal) or self._is_kept_out(principal, statement, every)):
                    return statement, principal
        return None

    def _is_inside(self, principal: Principal) -> bool:
        """A principal that has been deleted stands as its unique id, by which nobody comes in."""
        kind, value = principal
        if kind == "Service":
            return value in self.services
        return account_of(value) in self.accounts or _UNIQUE_ID.fullmatch(value) is not None

    def _is_kept_out(self, principal: Principal, statement: Statement, every: tuple[Statement, ...]) -> bool:
        if any(self._restricts(condition) for condition in statement.conditions):
            return True
        service = principal[0] == "Service"
        return any(_answers(deny, statement) and self._denies(deny, service=service) for deny in every)

    def _restricts(self, condition: Condition) -> bool:
        """Whether nobody outside meets the condition.

        Services have the keys of who they act for (`aws:Source…`), all others those of who they are (`aws:Principal…`).
        A key that is absent fails the condition, but for IfExists and ForAllValues, so both kinds keep everybody out.
        """
        operator = condition.operator.removeprefix("foranyvalue:")
        values = condition.values
        match condition.key:
            case "aws:principalorgid" | "aws:sourceorgid":
                return operator in _EQUAL and self._are_organization(values)
            case "aws:principalaccount" | "aws:sourceaccount":
                return operator in _EQUAL and self._are_accounts(values)
            case "aws:principalorgpaths" | "aws:sourceorgpaths":
                return operator in _EQUAL and operator != condition.operator and self._are_paths(values)
            case "aws:principalarn" | "aws:sourcearn":
                return operator in _ARN_EQUAL and self._are_accounts(account_of(value) for value in values)
            case _:
                return False

    def _denies(self, deny: Statement, *, service: bool) -> bool:
        """Whether a denial meets everybody outside. A key that is absent is different, so that IfExists is harmless."""
        rest = [each for each in deny.conditions if not _is_service(each, "true" if service else "false")]
        return all(
            each.key in ("aws:principalorgid", "aws:sourceorgid")
            and each.operator.removesuffix("ifexists") in _DIFFERENT
            and self._are_organization(each.values)
            for each in rest
        )

    def _are_organization(self, values: Iterable[str]) -> bool:
        return set(values) == {self.organization}

    def _are_accounts(self, values: Iterable[str]) -> bool:
        found = set(values)
        return bool(found) and found <= self.accounts

    def _are_paths(self, values: tuple[str, ...]) -> bool:
        return bool(values) and all(value.startswith(f"{self.organization}/") for value in values)


def account_of(principal: str) -> str:
    """The account of an ARN, or the number that a principal is; empty for everybody and for what has none."""
    if _ACCOUNT.fullmatch(principal):
        return principal
    try:
        account = Arn.parse(principal).account
    except ValueError:
        return ""
    return account if _ACCOUNT.fullmatch(account) else ""


def _principals(statement: Statement) -> tuple[Principal, ...]:
    """Who a statement speaks of. NotPrincipal is everybody, as far as outsiders are concerned."""
    return (("*", "*"),) if statement.spares else statement.principals


def _answers(deny: Statement, allow: Statement) -> bool:
    """Whether a denial is for everybody, and takes all that the other statement gives."""
    if deny.allows or deny.spares or deny.spares_actions or ("*" not in {value for _, value in deny.principals}):
        return False
    given = ("*",) if allow.spares_actions else allow.actions
    denied = {"*" if each.lower() == "ecr:*" else each.lower() for each in deny.actions}
    return all(any(like(pattern, action.lower()) for pattern in denied) for action in given)


def _is_service(condition: Condition, value: str) -> bool:
    """Whether the condition says, of the caller, that it is a service of AWS's, or that it is none."""
    asked = condition.key == "aws:principalisawsservice" and condition.operator in ("bool", "boolifexists")
    return asked and condition.values == (value,)
