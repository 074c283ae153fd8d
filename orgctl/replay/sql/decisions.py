"""From statements to decisions: what the policies of a place deny, as boolean SQL over the statements' columns.

A Deny that applies denies, and so does a level of SCPs on which no Allow applies; RCPs only ever deny. Each distinct
statement is compiled once, whichever policies have it, and has a column of its own: `s0`, `s1`, …
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from orgctl.policy.canonical import canonical_statement
from orgctl.policy.document import Document, Effect, Statement
from orgctl.policy.layers import RCP_SERVICES, Level
from orgctl.replay.columns import Exempt
from orgctl.replay.sql.logic import FALSE, TRUE, UNKNOWN, both, chosen, either, negated, texts
from orgctl.replay.sql.sets import Levels, Place
from orgctl.replay.sql.statements import StatementSql, statement_sql

_SCPS_BIND = chosen(("exempt IS NULL", TRUE), (f"exempt = '{Exempt.UNCLEAR.value}'", UNKNOWN), (TRUE, FALSE))
_LINKED = f"coalesce(exempt = '{Exempt.SERVICE_LINKED_ROLE.value}', FALSE)"
_PERHAPS_LINKED = f"coalesce(exempt = '{Exempt.UNCLEAR.value}', FALSE)"
_ALIAS_OF_AWS = r"regexp_like(resource, '(?s)(?:\A|:)alias/aws/[^:]*\z')"
_RCPS_BIND = chosen(
    ("resource_account IS NULL", UNKNOWN),
    (f"{_LINKED} OR action = 'kms:retiregrant'", FALSE),
    (f"split_part(action, ':', 1) NOT IN ({texts(RCP_SERVICES)})", FALSE),
    (f"starts_with(action, 'kms:') AND coalesce({_ALIAS_OF_AWS}, FALSE)", FALSE),
    (f"starts_with(action, 'kms:') OR {_PERHAPS_LINKED}", UNKNOWN),
    (TRUE, TRUE),
)
"""Source of both: see `orgctl.policy.exemptions`. No record tells whether a key of KMS is one of AWS's."""


@dataclass(frozen=True, slots=True)
class Column:
    """A statement's column, with one of the policies that have the statement. `index` is its place in that policy."""

    name: str
    policy: str
    index: int
    statement: Statement
    compiled: StatementSql


@dataclass(slots=True)
class Statements:
    """The columns of all statements that were asked for."""

    organization: str | None
    columns: dict[str, Column] = field(default_factory=dict)

    def applies(self, policy: str, document: Document, statement: Statement) -> str:
        """The column of a statement, or a constant where it is the same for every row."""
        meaning = f"{canonical_statement(statement)} {document.has_variables}"
        found = self.columns.get(meaning)
        if found is None:
            compiled = statement_sql(statement, document, self.organization)
            name = f"s{len(self.columns)}"
            found = self.columns[meaning] = Column(name, policy, statement.index, statement, compiled)
        return found.compiled.sql if found.compiled.sql in (TRUE, FALSE, UNKNOWN) else found.name

    def denied(self, levels: Levels, *, need_allow: bool) -> str:
        """What some levels deny; `need_allow`: a level on which nothing allows denies as well."""
        denies = [self._some(level, Effect.DENY) for level in levels]
        missing = [negated(self._some(level, Effect.ALLOW)) for level in levels] if need_allow else []
        return either(*denies, *missing)

    def _some(self, level: Level, effect: Effect) -> str:
        return either(
            *(
                self.applies(policy.name, policy.document, statement)
                for policy in level
                for statement in policy.document.statements
                if statement.effect is effect
            )
        )


def denied_by_scps(found: Sequence[Place], simulator: int, statements: Statements) -> str:
    """What SCPs deny to the row's caller, in the simulator of that number."""
    cases = _by_denial(
        (each.number, UNKNOWN if each.open else statements.denied(each.scps[simulator], need_allow=True))
        for each in found
    )
    return both(_SCPS_BIND, _by_place("caller_place", cases))


def denied_by_rcps(found: Sequence[Place], simulator: int, statements: Statements) -> str:
    """What RCPs deny on the row's resource."""
    cases = _by_denial(
        (each.number, UNKNOWN if each.open else statements.denied(each.rcps[simulator], need_allow=False))
        for each in found
    )
    anywhere = both(UNKNOWN, either(*cases))
    return both(_RCPS_BIND, chosen(("resource_account IS NULL", anywhere), (TRUE, _by_place("owner_place", cases))))


def _by_denial(denials: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """The places by what is denied in them."""
    found: dict[str, list[int]] = {}
    for number, denial in denials:
        found.setdefault(denial, []).append(number)
    return found


def _by_place(column: str, denials: dict[str, list[int]]) -> str:
    """What is denied in the row's place; nothing in none."""
    cases = [
        (f"{column} IN ({', '.join(map(str, numbers))})", denial)
        for denial, numbers in denials.items()
        if denial != FALSE
    ]
    return chosen(*cases, (TRUE, FALSE))
