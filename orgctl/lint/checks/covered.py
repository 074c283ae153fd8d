"""Statements that another statement of the policy makes needless."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.globs import arn_includes, includes, overlap
from orgctl.lint.subject import Subject
from orgctl.policy.canonical import canonical_condition, canonical_principal
from orgctl.policy.conditions.operators import Family, parse_operator
from orgctl.policy.document import Condition, Pattern, Principals, Statement

Includes = Callable[[str, str], bool]


def covered(subject: Subject) -> Iterator[Finding]:
    """No statement matches only what another one of the same effect matches."""
    statements = subject.document.statements
    for statement in statements:
        cover = next((other for other in statements if _is_cover(other, statement)), None)
        if cover:
            message = f"`{statement.name}` does nothing that `{cover.name}` does not do already"
            hint = f"take it out, or look at line {subject.at(cover).line} for what was meant"
            yield Finding(subject.at(statement), message, hint)


def _is_cover(cover: Statement, statement: Statement) -> bool:
    """Of two that cover each other, the first stays."""
    if cover is statement or not _covers(cover, statement):
        return False
    return cover.index < statement.index or not _covers(statement, cover)


def _covers(cover: Statement, statement: Statement) -> bool:
    return (
        cover.effect is statement.effect
        and _pattern(cover.actions, statement.actions, _action)
        and _pattern(cover.resources, statement.resources, arn_includes)
        and _principals(cover.principals) == _principals(statement.principals)
        and all(any(_implies(given, asked) for given in statement.conditions) for asked in cover.conditions)
    )


def _action(wide: str, narrow: str) -> bool:
    return includes(wide.lower(), narrow.lower())


def _pattern(wide: Pattern | None, narrow: Pattern | None, covers: Includes) -> bool:
    if wide is None or narrow is None:
        return wide is narrow
    if not narrow.values:
        return False
    match wide.negated, narrow.negated:
        case False, False:
            return all(any(covers(each, value) for each in wide.values) for value in narrow.values)
        case True, True:
            return all(any(covers(each, value) for each in narrow.values) for value in wide.values)
        case True, False:
            return not any(overlap(one.lower(), other.lower()) for one in wide.values for other in narrow.values)
        case _:
            return "*" in wide.values


def _principals(principals: Principals | None) -> tuple[bool, frozenset[str]] | None:
    if principals is None:
        return None
    return principals.negated, frozenset(canonical_principal(kind, name) for kind, name in principals.members)


def _implies(given: Condition, asked: Condition) -> bool:
    """Whether a condition that holds makes another one hold too: of one operator and key, by the values alone."""
    if canonical_condition(given) == canonical_condition(asked):
        return True
    operator = parse_operator(asked.operator)
    if operator is None or operator.kind.family not in (Family.STRING, Family.ARN, Family.IP_ADDRESS):
        return False
    if (given.operator.lower(), given.key.lower()) != (asked.operator.lower(), asked.key.lower()):
        return False
    wide, narrow = (given, asked) if operator.kind.negated else (asked, given)
    return set(narrow.values) <= set(wide.values)


COVERED = Check("L403", "A statement that another one covers", covered)
