"""What a condition key is in SQL: its value in a row, and the rows of which it is known that there was none.

Where the evaluator fills in keys (what follows from who calls, and from the organization), this says the same of
columns. Two columns are not of the dataset but of the organization: `principal_member` and `resource_member`, whether
the accounts belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from orgctl.policy.document import Pattern
from orgctl.policy.implied import TYPES
from orgctl.policy.possible_keys import is_impossible
from orgctl.policy.principal import PrincipalKind
from orgctl.replay.columns import COLUMNS
from orgctl.replay.keys import CHOSEN, DERIVED, RECORDED, Choice, Shape, hidden_of
from orgctl.replay.request import OF_ORGANIZATIONS
from orgctl.replay.sql.actions import actions_of, cannot_carry
from orgctl.replay.sql.logic import FALSE, UNKNOWN, both, either, member, text

EPOCH = "CAST(floor(to_unixtime(time)) AS BIGINT)"

_KINDS = tuple(kind for kind in PrincipalKind if kind is not PrincipalKind.OTHER)
_TYPES = tuple(
    Choice(
        f"principal_type = '{kind.value}'" + (" AND principal IS NOT NULL" if kind is PrincipalKind.ROLE else ""), name
    )
    for kind, name in TYPES.items()
    if kind is not PrincipalKind.ANONYMOUS
)
"""The callers of whom the type is known; `hidden_of` tells of the others."""


@dataclass(frozen=True, slots=True)
class KeySql:
    """A key. `value` is SQL that is NULL unless the key is present; None: it never is, as far as a row tells.

    `choices` are all the values that there are, where they are few. `text` is the value as a text, None where SQL
    cannot say it. `absent` is true where it is known that there was none, and else false.
    """

    name: str
    shape: Shape
    value: str | None = None
    text: str | None = None
    choices: tuple[Choice, ...] = ()
    absent: str = FALSE

    @property
    def known(self) -> str:
        """Whether anything is known of it."""
        present = f"{self.value} IS NOT NULL" if self.value else FALSE
        return either(present, self.absent)


@dataclass(slots=True)
class Scope:
    """What a statement's conditions are compiled in: its actions, the organization's id, and what SQL could not say."""

    actions: Pattern | None
    organization: str | None
    given_up: list[str] = field(default_factory=list)

    def give_up(self, what: str) -> str:
        """Leave something to the evaluator; `what` is a clause for people."""
        self.given_up.append(what)
        return UNKNOWN

    def key(self, name: str) -> KeySql:
        """A key, by its name in lower case."""
        side = OF_ORGANIZATIONS.get(name)
        if side:
            return self._of_organization(name, "principal_member" if side == "caller" else "resource_member")
        recorded = RECORDED.get(name)
        signs = [sign.sql for sign in recorded.signs] if recorded else []
        absent = either(*signs, _impossible(name), self._not_carried(name, further=recorded is None))
        if recorded and recorded.column:
            return _of_column(name, recorded.shape, recorded.column, absent)
        choices = _TYPES if name == "aws:principaltype" else CHOSEN.get(name)
        if choices:
            return _of_choices(name, choices, absent)
        shape, value = DERIVED.get(name, (Shape.NOTHING, None))
        return KeySql(name, shape, value, value, absent=absent)

    def _of_organization(self, name: str, column: str) -> KeySql:
        absent = f"coalesce(NOT {column}, FALSE)"
        if name.endswith("orgid") and self.organization:
            return _of_choices(name, (Choice(column, self.organization),), absent)
        return KeySql(name, Shape.NOTHING, absent=absent)

    def _not_carried(self, name: str, *, further: bool) -> str:
        found = cannot_carry(name, actions_of(self.actions))
        return both(found, "parameters IS NULL") if further else found


def _of_column(name: str, shape: Shape, column: str, absent: str) -> KeySql:
    match shape:
        case Shape.BOOLEAN:
            return _of_choices(name, (Choice(column, "true"), Choice(f"NOT {column}", "false")), absent)
        case Shape.MOMENT:
            return KeySql(name, shape, column, absent=absent)
        case Shape.EPOCH:
            return KeySql(name, shape, EPOCH, f"CAST({EPOCH} AS VARCHAR)", absent=absent)
        case _:
            value = f"nullif({column}, '')" if column in _MAY_BE_EMPTY else column
            return KeySql(name, shape, value, value, absent=absent)


_MAY_BE_EMPTY = frozenset(column.name for column in COLUMNS if column.empty)


def _of_choices(name: str, choices: tuple[Choice, ...], absent: str) -> KeySql:
    value = "CASE " + " ".join(f"WHEN {choice.when} THEN {text(choice.value)}" for choice in choices) + " END"
    return KeySql(name, Shape.TEXT, value, value, choices, absent)


def _impossible(name: str) -> str:
    """The callers who never have the key, and of whom a record could not hide it."""
    kinds = [kind for kind in _KINDS if is_impossible(name, kind) and name not in map(str.lower, hidden_of(kind, None))]
    return member("principal_type", (kind.value for kind in kinds))
