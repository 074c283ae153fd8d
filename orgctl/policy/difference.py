"""How one policy differs from another, in the words of the policy language: for plans to show.

A `Difference` is a value, and says nothing of how it is printed. Policies of the IAM language are compared statement
by statement, the other types path by path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from orgctl.errors import InvalidInputError
from orgctl.policy.canonical import canonical_json, canonical_principal, canonical_statement, decoded
from orgctl.policy.document import Document, Effect, Pattern, Principals, Statement, is_iam_language
from orgctl.policy.parser import parse
from orgctl.source import Place


@dataclass(frozen=True, slots=True)
class ElementChange:
    """What came to, and went from, one element of a statement.

    `element` is `Effect`, `Action`, `NotResource`, `Principal`, … or a condition: `StringEquals aws:RequestedRegion`.
    A condition without values on one side is new or gone as a whole.
    """

    element: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementChange:
    """A statement that was added (`before` is None), removed (`after` is None), or changed in `elements`."""

    before: Statement | None
    after: Statement | None
    elements: tuple[ElementChange, ...] = ()

    @property
    def name(self) -> str:
        """The Sid or number, as it is after the change if it still is."""
        statement = self.after or self.before
        return statement.name if statement else ""


@dataclass(frozen=True, slots=True)
class PathChange:
    """One place of a policy that is not of the IAM language, before and after; `ABSENT` where there was nothing."""

    path: Place
    before: object
    after: object


class Absent:
    """The type of `ABSENT`: there is no value, which is something else than the value null."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything in which two policies differ; both parts are empty when they mean the same."""

    statements: tuple[StatementChange, ...] = ()
    paths: tuple[PathChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether they mean the same."""
        return not self.statements and not self.paths


def difference(before: object, after: object) -> Difference:
    """Compare two policies of one type, each as JSON text or decoded; None stands for no policy.

    Raises InvalidInputError for text that is not JSON.
    """
    old, new = decoded(before), decoded(after)
    one, other = _document(old), _document(new)
    if one is None or other is None:
        return Difference(paths=tuple(_paths((), ABSENT if old is None else old, ABSENT if new is None else new)))
    return _documents(one, other)


def deny_statements(content: object) -> frozenset[str]:
    """The Deny statements of a policy, as tokens that are equal when two statements mean the same.

    Empty for a policy that is not of the IAM language. What does not parse raises InvalidInputError: a guard that
    cannot be read must not be taken for none.
    """
    value = decoded(content)
    if not is_iam_language(value):
        return frozenset()
    document = parse(value)
    return frozenset(
        f"{document.version} {canonical_statement(statement)}"
        for statement in document.statements
        if statement.effect is Effect.DENY
    )


def _document(value: object) -> Document | None:
    if value is None:
        return Document(())
    if not is_iam_language(value):
        return None
    try:
        return parse(value)
    except InvalidInputError:
        return None


def _documents(before: Document, after: Document) -> Difference:
    paths: tuple[PathChange, ...] = ()
    if before.version != after.version and before.statements and after.statements:
        paths = (PathChange(("Version",), before.version, after.version),)
    pairs = _pairs(list(before.statements), list(after.statements))
    changes = (StatementChange(old, new, tuple(_elements(old, new)) if old and new else ()) for old, new in pairs)
    return Difference(tuple(c for c in changes if c.elements or not (c.before and c.after)), paths)


Likeness = Callable[[Statement, Statement], float]


def _pairs(before: list[Statement], after: list[Statement]) -> list[tuple[Statement | None, Statement | None]]:
    """Match statements: the equal ones first, then by Sid, then the most alike. In the order of `after`."""
    matched = [
        *_taken(before, after, lambda old, new: float(canonical_statement(old) == canonical_statement(new))),
        *_taken(before, after, lambda old, new: float(old.sid is not None and old.sid == new.sid)),
        *_taken(before, after, _likeness),
    ]
    pairs: list[tuple[int, Statement | None, Statement | None]] = [(new.index, old, new) for old, new in matched]
    pairs += [(new.index, None, new) for new in after]
    pairs += [(len(pairs) + old.index, old, None) for old in before]
    return [(old, new) for _, old, new in sorted(pairs, key=lambda pair: pair[0])]


def _taken(
    before: list[Statement], after: list[Statement], likeness: Likeness
) -> Iterator[tuple[Statement, Statement]]:
    """Take the pairs that are at least half alike out of both lists, the likest first."""
    ranked = sorted(((likeness(old, new), old, new) for old, new in product(before, after)), key=lambda r: -r[0])
    for degree, old, new in ranked:
        if degree >= 0.5 and old in before and new in after:
            before.remove(old)
            after.remove(new)
            yield old, new


def _likeness(old: Statement, new: Statement) -> float:
    """How much of the two is common, from 0 to 1; statements of different effect have nothing in common."""
    if old.effect is not new.effect:
        return 0.0
    one, other = set(_facts(old)), set(_facts(new))
    return len(one & other) / max(1, len(one | other))


def _facts(statement: Statement) -> Iterator[tuple[str, str]]:
    for element, values in _values(statement).items():
        yield from ((element.lower(), value) for value in values)


def _elements(old: Statement, new: Statement) -> Iterator[ElementChange]:
    before, after = _values(old), _values(new)
    written = {element.lower(): element for element in before}
    after = {written.get(element.lower(), element): values for element, values in after.items()}
    for element in dict.fromkeys([*before, *after]):
        was, is_now = before.get(element, {}), after.get(element, {})
        added = tuple(text for key, text in is_now.items() if key not in was)
        removed = tuple(text for key, text in was.items() if key not in is_now)
        if added or removed or (element in before) != (element in after):
            yield ElementChange(element, added, removed)


def _values(statement: Statement) -> dict[str, dict[str, str]]:
    """Every element's values: what they are compared by, and what is shown."""
    values = {"Effect": {statement.effect.value: statement.effect.value}}
    if statement.principals:
        values[_named("Principal", statement.principals)] = {
            canonical_principal(kind, name): name if (kind, name) == ("AWS", "*") else f"{kind}: {name}"
            for kind, name in statement.principals.members
        }
    if statement.actions:
        values[_named("Action", statement.actions)] = {action.lower(): action for action in statement.actions.values}
    if statement.resources:
        values[_named("Resource", statement.resources)] = {arn: arn for arn in statement.resources.values}
    return {**values, **_condition_values(statement)}


def _condition_values(statement: Statement) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for condition in statement.conditions:
        shown = {value: value for value in condition.values}
        values.setdefault(f"{condition.operator} {condition.key}", {}).update(shown)
    return values


def _named(name: str, element: Pattern | Principals) -> str:
    return f"Not{name}" if element.negated else name


def _paths(path: Place, before: object, after: object) -> Iterator[PathChange]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _paths((*path, key), before.get(key, ABSENT), after.get(key, ABSENT))
    elif _differ(path, before, after):
        yield PathChange(path, before, after)


def _differ(path: Place, before: object, after: object) -> bool:
    if isinstance(before, Absent) or isinstance(after, Absent):
        return before is not after
    key = str(path[-1]) if path else ""
    return canonical_json({key: before}) != canonical_json({key: after})
