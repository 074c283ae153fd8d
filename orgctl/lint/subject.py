"""`Subject`: one policy as it is linted, with the manifest's values in it and the place of everything that was written.

What is inserted for `@{…}` stands where the placeholder stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from orgctl.diagnostics import Position
from orgctl.lint.setting import Setting
from orgctl.policy.conditions.operators import Operator, parse_operator
from orgctl.policy.document import Condition, Document, Pattern, Statement
from orgctl.source import Place, Source


@dataclass(frozen=True, slots=True)
class Subject:
    """One policy.

    `folder` names its type (`scp`), `value` is the policy with values inserted, `written` the same before that,
    `document` what the parser makes of it: without statements for types that are not in the IAM language.
    """

    name: str
    folder: str
    source: Source
    value: dict[str, object]
    document: Document
    setting: Setting

    @property
    def written(self) -> object:
        """The policy as it stands in the file."""
        return self.source.value

    @property
    def conditions(self) -> Iterator[tuple[Statement, Condition, Operator]]:
        """Every condition whose operator AWS knows."""
        for statement in self.document.statements:
            for condition in statement.conditions:
                operator = _operator(condition.operator)
                if operator:
                    yield statement, condition, operator

    @property
    def top(self) -> Position:
        """Where the policy begins."""
        return self.source.at(())

    def at(self, statement: Statement) -> Position:
        """Where a statement begins."""
        return self.source.at(statement.place)

    def at_element(self, statement: Statement, name: str, text: str | None = None) -> Position:
        """Where an element (`Action` finds `NotAction` too) begins, or the one of its values that is `text`."""
        written = self.source.get(statement.place)
        keys = written if isinstance(written, dict) else {}
        key = next((key for key in keys if key.lower() in (name.lower(), f"not{name.lower()}")), None)
        if key is None:
            return self.at(statement)
        place = (*statement.place, key)
        return self.source.key_at(place) if text is None else self._at_text(place, text)

    def at_condition(self, condition: Condition, text: str | None = None) -> Position:
        """Where a condition's key stands, or the one of its values that is `text`."""
        return self.source.key_at(condition.place) if text is None else self._at_text(condition.place, text)

    def at_operator(self, condition: Condition) -> Position:
        """Where a condition's operator stands."""
        return self.source.key_at(condition.place[:-1])

    def _at_text(self, place: Place, text: str) -> Position:
        written = self.source.get(place)
        if not isinstance(written, list):
            return self.source.at(place)
        exact = (index for index, item in enumerate(written) if item == text)
        inserted = (index for index, item in enumerate(written) if isinstance(item, str) and "@{" in item)
        index = next(exact, next(inserted, None))
        return self.source.key_at(place) if index is None else self.source.at((*place, index))


_operator = lru_cache(maxsize=256)(parse_operator)
"""Policies use few operators, and every check asks for them."""


def texts(pattern: Pattern | None) -> tuple[str, ...]:
    """The values of an element that may be absent."""
    return pattern.values if pattern else ()


def named(name: str, pattern: Pattern) -> str:
    """`Action` or `NotAction`."""
    return f"Not{name}" if pattern.negated else name
