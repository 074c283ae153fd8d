"""Partition projection: which partitions a query reads, told from its WHERE and from the table's properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlglot import exp

from orgctl.sandbox.athena.failure import QueryError

_MOST_INJECTED = 1_000
"""Source: "Supported types for partition projection", Amazon Athena User Guide."""
_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_RELATIVE = re.compile(r"NOW(?:([+-])(\d+)(YEARS?|MONTHS?|WEEKS?|DAYS?))?\Z")
_DAYS = {"YEAR": 365, "MONTH": 30, "WEEK": 7, "DAY": 1}
Values = Mapping[str, str]
"""The values of one partition, by the names of the partitions."""


@dataclass(frozen=True, slots=True)
class Projection:
    """How partitions are found: a template of the folder, and what each partition may be."""

    names: tuple[str, ...]
    template: str
    properties: Mapping[str, str]
    today: date

    @property
    def prefix(self) -> str:
        """What every folder begins with."""
        return self.template.partition("${")[0]

    def values_of(self, url: str) -> Values | None:
        """The partition that an object is in; None if it is in none."""
        found = self._pattern.match(url)
        values = {name: found.group(f"p{n}") for n, name in enumerate(self.names)} if found else None
        return values if values and all(self._admits(name, value) for name, value in values.items()) else None

    @property
    def _pattern(self) -> re.Pattern[str]:
        pattern = re.escape(f"{self.template.rstrip('/')}/")
        for n, name in enumerate(self.names):
            parts = "/".join(["[^/]+"] * (1 + self._format(name).count("/")))
            pattern = pattern.replace(re.escape(f"${{{name}}}"), f"(?P<p{n}>{parts})", 1)
        return re.compile(pattern)

    def _format(self, name: str) -> str:
        return self.properties.get(f"projection.{name}.format", "")

    def _admits(self, name: str, value: str) -> bool:
        match self.properties.get(f"projection.{name}.type"):
            case "enum":
                return value in self.properties.get(f"projection.{name}.values", "").split(",")
            case "date":
                found = _day(value, self._format(name))
                first, _, last = self.properties.get(f"projection.{name}.range", "").partition(",")
                low, high = (_bound(each, self._format(name), self.today) for each in (first, last))
                return found is not None and low <= found <= high
            case "injected":
                return True
            case kind:
                message = f"the sandbox does not know the projection type {kind} of {name}"
                raise QueryError(f"INVALID_TABLE_PROPERTY: {message}")

    def check(self, where: exp.Expr | None) -> None:
        """Raises QueryError if an injected partition is not given by static values."""
        for name in self.names:
            if self.properties.get(f"projection.{name}.type") != "injected":
                continue
            given = _static(where, name)
            if given is None or len(given) > _MOST_INJECTED:
                message = f"For the injected projected partition column {name}, the WHERE clause must contain only"
                message += " static equality conditions, and at least one such condition must be present."
                raise QueryError(f"CONSTRAINT_VIOLATION: {message}")


def projection_of(table: Mapping[str, object], today: date) -> Projection | None:
    """The projection of a Glue table; None if it has none."""
    properties: Mapping[str, str] = table.get("Parameters") or {}  # type: ignore[assignment]
    if properties.get("projection.enabled", "").lower() != "true":
        return None
    keys: list[Mapping[str, str]] = table.get("PartitionKeys") or []  # type: ignore[assignment]
    names = tuple(key["Name"] for key in keys)
    template = properties.get("storage.location.template", "")
    missing = [name for name in names if name not in _VARIABLE.findall(template)]
    if missing:
        raise QueryError(f"INVALID_TABLE_PROPERTY: storage.location.template lacks the partition {missing[0]}")
    return Projection(names, template, properties, today)


def _day(value: str, pattern: str) -> date | None:
    python = pattern.replace("yyyy", "%Y").replace("MM", "%m").replace("dd", "%d")
    try:
        return datetime.strptime(value, python).date()
    except ValueError:
        return None


def _bound(text: str, pattern: str, today: date) -> date:
    relative = _RELATIVE.match(text.strip())
    if relative:
        sign, number, unit = relative.groups()
        days = int(number) * _DAYS[unit.rstrip("S")] if number else 0
        return today + timedelta(days=-days if sign == "-" else days)
    found = _day(text.strip(), pattern)
    if found is None:
        raise QueryError(f"INVALID_TABLE_PROPERTY: {text} is not in the format {pattern}")
    return found


def _static(where: exp.Expr | None, name: str) -> frozenset[str] | None:
    """The values that a condition gives a column by `=` and `IN`; None if it does not."""
    match where:
        case exp.Paren():
            return _static(where.this, name)
        case exp.And():
            given = [
                found for found in (_static(side, name) for side in (where.left, where.right)) if found is not None
            ]
            return frozenset.intersection(*given) if given else None
        case exp.Or():
            left, right = _static(where.left, name), _static(where.right, name)
            return None if left is None or right is None else left | right
        case exp.EQ():
            sides = (where.left, where.right)
            texts = [side.this for side in sides if isinstance(side, exp.Literal)]
            return frozenset(texts) if any(_is_column(side, name) for side in sides) and texts else None
        case exp.In() if _is_column(where.this, name) and where.expressions:
            literals = [each for each in where.expressions if isinstance(each, exp.Literal)]
            return frozenset(each.this for each in literals) if len(literals) == len(where.expressions) else None
        case _:
            return None


def _is_column(expression: exp.Expr, name: str) -> bool:
    return isinstance(expression, exp.Column) and expression.name.lower() == name


def conditions_on(where: exp.Expr | None, names: Iterable[str]) -> Iterator[exp.Expr]:
    """The conditions, joined by AND, that hang on these columns alone: they tell which partitions are read."""
    wanted = set(names)
    match where:
        case exp.Paren():
            yield from conditions_on(where.this, wanted)
        case exp.And():
            for side in (where.left, where.right):
                yield from conditions_on(side, wanted)
        case None:
            return
        case _:
            columns = {column.name.lower() for column in where.find_all(exp.Column)}
            if columns and columns <= wanted and not where.find(exp.Subquery, exp.Select):
                yield where
