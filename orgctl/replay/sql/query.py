"""The whole query: accounts to places, statements to columns, columns to what is denied; whatever is asked of that.

    compiled = compile_policies((before, after))
    compiled.query("denied_0, denied_1, count(*) AS events", "GROUP BY 1, 2")     in Athena's dialect

The relation that the question is put to, `decided`, has the dataset's columns, one of each distinct statement (`s0`,
…: whether it applies), and for each simulator `denied_0`, `denied_1`: whether its SCPs and RCPs deny the call. `denied`
is the last of these; who belongs to the organization, the last simulator says for all.

Where that is longer than an engine takes, `in_pieces` cuts the accounts: each piece decides about its own, and leaves
open what callers and owners of other accounts are denied. Put a piece's query to the calls in its accounts' logs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from orgctl.replay.sql.decisions import Column, Statements, denied_by_rcps, denied_by_scps
from orgctl.replay.sql.logic import constant, either, text
from orgctl.replay.sql.sets import Place, places
from orgctl.simulator import Simulator

LONGEST = 262_144
"""The most bytes of a query's text. Source: "Service Quotas", Amazon Athena User Guide."""

ASKED = "why IS NULL"
"""Chooses the rows of which something can be asked."""


@dataclass(frozen=True, slots=True)
class CompiledPolicies:
    """What several simulators deny, as SQL. `denied` holds one expression for each."""

    places: tuple[Place, ...]
    columns: tuple[Column, ...]
    denied: tuple[str, ...]

    def query(self, select: str, then: str = "", *, events: str = "events", where: str = ASKED) -> str:
        """A query in Athena's dialect.

        `select` is what is asked of `decided`, `then` what follows it: `WHERE …`, `GROUP BY …`. `events` is the data's
        table, or any relation with its columns, in parentheses; `where` chooses rows of it, best by columns that it is
        partitioned by, as it is by default: what is said of the others, of which nothing can be asked, means nothing.
        """
        statements = "".join(f", {column.compiled.sql} AS {column.name}" for column in self.columns)
        denied = "".join(f", {sql} AS denied_{number}" for number, sql in enumerate(self.denied))
        denied += f", {self.denied[-1]} AS denied"
        relations = (
            ("accounts", self._accounts()),
            ("placed", f"{_PLACED.format(events=events)} WHERE {where}"),
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


def compile_policies(simulators: Sequence[Simulator], about: Collection[str] | None = None) -> CompiledPolicies:
    """Compile the policies of one or more simulators, which have one organization's id between them.

    `about` are ids of accounts: what the policies of other accounts deny is then left open: NULL.
    """
    found = places(simulators, about)
    statements = Statements(next(filter(None, (each.organization_id for each in simulators)), None))
    denied = tuple(
        either(denied_by_scps(found, number, statements), denied_by_rcps(found, number, statements))
        for number in range(len(simulators))
    )
    return CompiledPolicies(found, tuple(statements.columns.values()), denied)


@dataclass(frozen=True, slots=True)
class PolicyPiece:
    """Some accounts (by id), and the policies as far as they bear on them."""

    accounts: tuple[str, ...]
    compiled: CompiledPolicies


def in_pieces(
    simulators: Sequence[Simulator], accounts: Iterable[str], fits: Callable[[PolicyPiece], bool]
) -> tuple[PolicyPiece, ...]:
    """The accounts in as few pieces as halving gives, each of which `fits`: its query is not too long, most times.

    Accounts with the same policies stay together as far as they can. One account whose policies alone are too many is a
    piece that leaves everything open. Raises ValueError if not even that fits.
    """
    numbers = {account: place.number for place in places(simulators) for account in place.accounts}
    ordered = sorted(dict.fromkeys(accounts), key=lambda account: (numbers.get(account, -1), account))
    return tuple(_halved(simulators, tuple(ordered), fits)) if ordered else ()


def _halved(
    simulators: Sequence[Simulator], accounts: tuple[str, ...], fits: Callable[[PolicyPiece], bool]
) -> Iterator[PolicyPiece]:
    whole = PolicyPiece(accounts, compile_policies(simulators, frozenset(accounts)))
    if fits(whole):
        yield whole
    elif len(accounts) > 1:
        half = len(accounts) // 2
        yield from _halved(simulators, accounts[:half], fits)
        yield from _halved(simulators, accounts[half:], fits)
    else:
        left_open = PolicyPiece(accounts, compile_policies(simulators, ()))
        if not fits(left_open):
            raise ValueError(f"the query about account {accounts[0]} is too long")
        yield left_open
