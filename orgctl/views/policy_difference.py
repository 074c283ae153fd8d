"""A semantic difference of two policies, line by line; each line says whether it comes, goes or is changed."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.policy.difference import ABSENT, Difference, ElementChange, StatementChange, difference
from orgctl.policy.document import Statement
from orgctl.views.wording import value

Line = tuple[str, str]
"""A sign (`+`, `-`, `~` or a blank) and the text, indented."""


def policy_lines(before: object, after: object) -> Iterator[Line]:
    """What differs between two policy texts; nothing for None and None."""
    differs = difference(before, after)
    if differs.is_empty and before is not None:
        yield "~", "only the names of statements"
    yield from difference_lines(differs)


def difference_lines(differs: Difference) -> Iterator[Line]:
    """The lines of a difference that has been made."""
    for change in differs.statements:
        yield from _statement(change)
    for path in differs.paths:
        name = ".".join(map(str, path.path))
        if path.before is not ABSENT:
            yield "-", _labelled(name, path.before)
        if path.after is not ABSENT:
            yield "+", _labelled(name, path.after)


def _labelled(name: str, item: object) -> str:
    return f"{name}: {value(item)}" if name else value(item)


def _statement(change: StatementChange) -> Iterator[Line]:
    if change.before and change.after:
        yield "~", change.name
        for element in change.elements:
            yield from _element(element)
        return
    sign = "+" if change.after else "-"
    statement = change.after or change.before
    if statement:
        yield sign, f"{change.name}: {_gist(statement)}"


def _element(element: ElementChange) -> Iterator[Line]:
    yield from (("-", f"  {element.element}: {item}") for item in element.removed)
    yield from (("+", f"  {element.element}: {item}") for item in element.added)


def _gist(statement: Statement) -> str:
    """The statement in one line: effect, actions and the keys that its conditions look at."""
    actions = statement.actions
    what = f"{'every action but ' if actions and actions.negated else ''}{_few(actions.values if actions else ())}"
    conditions = [f"{condition.operator} {condition.key}" for condition in statement.conditions]
    return f"{statement.effect.value} {what}" + (f" if {', '.join(conditions)}" if conditions else "")


def _few(values: tuple[str, ...], most: int = 4) -> str:
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(values[:most]) + more
