"""The whole query: accounts to places, statements to columns, columns to what is denied; whatever is asked of that.

    compiled = compile_policies((before, after))
    compiled.query("denied_0, denied_1, count(*) AS events", "GROUP BY 1, 2")     in Athena's dialect

The relation that the question is put to, `decided`, has the dataset's columns, one of each distinct statement (`s0`,
…: whether it applies), and for each simulator `denied_0`, `denied_1`: whether its SCPs and RCPs deny the call. `denied`
is the last of these; who belongs to the organization, the last simulator says for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orgctl.replay.sql.decisions import Column, Statements, denied_by_rcps, denied_by_scps
from orgctl.replay.sql.logic import constant, either, text
from orgctl.replay.sql.sets import Place, places
from orgctl.simulator import Simulator

LONGEST = 262_144
"""The most bytes of a query's text. Source: "Service Quotas", Amazon Athena User Guide."""


@dataclass(frozen=True, slots=True)
class CompiledPolicies:
    """What several simulators deny, as SQL. `denied` holds one expression for each."""

    places: tuple[Place, ...]
    columns: tuple[Column, ...]
    denied: tuple[str, ...]

    def query(self, select: str, then: str = "", *, events: str = "events", where: str = "TRUE") -> str:
        """A query in Athena's dialect.

        `select` is what is asked of `decided`, `then` what follows it: `WHERE …`, `GROUP BY …`. `events` is the data's
        table, or any relation with its columns, in parentheses; `where` chooses rows of it, best by columns that it is
        partitioned by. Rows of which nothing can be asked are left out.
        """
        statements = "".join(f", {column.compiled.sql} AS {column.name}" for column in self.columns)
        denied = "".join(f", {sql} AS denied_{number}" for number, sql in enumerate(self.denied))
        denied += f", {self.denied[-1]} AS denied"
        relations = (
            ("accounts", self._accounts()),
            ("placed", f"{_PLACED.format(events=events)} WHERE why IS NULL AND ({where})"),
            ("judged", f"SELECT *{statements} FROM placed"),  # noqa: S608 - what users wrote stands in literals
            ("decided", f"SELECT *{denied} FROM judged"),  # noqa: S608
        )
        named = ",\n".join(f"{name} AS ({sql})" for name, sql in relations)
        return f"WITH {named}\nSELECT {select} FROM decided {then}".rstrip()

    def _accounts(self) -> str:
        """All accounts with their places; their ids in one text each, which is half as long as a row each."""
        if not self.places:
            return "SELECT CAST(NULL AS VARCHAR) AS account, 0 AS place, FALSE AS member WHERE FALSE"
        rows = ", ".join(_row(place) for place in self.places)
        return f"SELECT account, place, member FROM (VALUES {rows}) AS of_place (place, member, ids) {_ONE_BY_ONE}"  # noqa: S608


def _row(place: Place) -> str:
    return f"({place.number}, {constant(place.members)}, {text(' '.join(place.accounts))})"


_ONE_BY_ONE = "CROSS JOIN UNNEST(split(ids, ' ')) AS of_account (account)"
_PLACED = """SELECT e.*, c.place AS caller_place, o.place AS owner_place, coalesce(c.member, FALSE) AS principal_member,
CASE WHEN e.resource_account IS NOT NULL THEN coalesce(o.member, FALSE) END AS resource_member
FROM {events} AS e LEFT JOIN accounts AS c ON c.account = e.principal_account
LEFT JOIN accounts AS o ON o.account = e.resource_account"""


def compile_policies(simulators: Sequence[Simulator]) -> CompiledPolicies:
    """Compile the policies of one or more simulators, which have one organization's id between them."""
    found = places(simulators)
    statements = Statements(next(filter(None, (each.organization_id for each in simulators)), None))
    denied = tuple(
        either(denied_by_scps(found, number, statements), denied_by_rcps(found, number, statements))
        for number in range(len(simulators))
    )
    return CompiledPolicies(found, tuple(statements.columns.values()), denied)
