"""How long the SQL of policies is, and how queries that are too long are cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgctl.manifest.loading import load
from orgctl.model.resources import Policy
from orgctl.policy.parser import parse
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.sql.query import PolicyPiece, compile_policies, in_pieces
from orgctl.replay.sql.statements import statement_sql
from orgctl.state.offline import offline
from tests.replay.drawn import LABS, MANAGEMENT, SHOP, records
from tests.replay.places import FULL_ACCESS, concerns, simulator
from tests.replay.sql.drawn import documents
from tests.replay.sql.engines import Engines

ENGINES = Engines()
SHIPPED = {
    policy.name: json.loads(policy.content)
    for policy in offline(load(Path(__file__).parents[3])).each(Policy)
    if policy.name.startswith(("scp/", "rcp/"))
}


@pytest.mark.parametrize("document", SHIPPED.values(), ids=SHIPPED)
def test_a_policy_is_at_most_twice_as_long_in_sql(document: dict[str, Any]) -> None:
    """So 10 KB of an SCP become at most 20 KB of a query."""
    parsed = parse(document)
    sql = "".join(statement_sql(each, parsed, "o-exampleorg").sql for each in parsed.statements)
    assert len(sql.encode()) <= 2 * len(json.dumps(document, separators=(",", ":")).encode())


def size(piece: PolicyPiece) -> int:
    return len(piece.compiled.query("event_id, denied").encode())


@given(documents(), documents(), st.lists(records(), min_size=1, max_size=4))
@settings(max_examples=20)
def test_pieces_decide_as_the_whole_or_leave_open(
    root: dict[str, Any], labs: dict[str, Any], drawn: list[dict[str, Any]]
) -> None:
    """Every piece says of a call what the whole says, or nothing."""
    rows = [row for record in drawn if not (row := row_of(event_of(record))).why and concerns(row)]
    rows = list({row.event_id: row for row in rows}.values())
    place = simulator(root, labs=(labs, FULL_ACCESS))
    cut = in_pieces((place,), (MANAGEMENT, SHOP, LABS), lambda piece: len(piece.accounts) == 1)
    whole = ENGINES.denied(rows, compile_policies((place,))) if rows else []
    parts = [ENGINES.denied(rows, piece.compiled) for piece in cut] if rows else []
    assert {account for piece in cut for account in piece.accounts} == {MANAGEMENT, SHOP, LABS}
    assert all(said in (None, right) for part in parts for said, right in zip(part, whole, strict=True))


def test_what_is_too_long_is_cut_and_then_left_open() -> None:
    """Pieces are halved until they fit; one account's policies that do not are left to the evaluator."""
    many = [{"Effect": "Deny", "Action": f"s3:Get{n}*", "Resource": f"arn:aws:s3:::bucket-{n}/*"} for n in range(300)]
    place = simulator(labs=({"Version": "2012-10-17", "Statement": many}, FULL_ACCESS))
    cut = in_pieces((place,), (SHOP, LABS), lambda piece: size(piece) < 5_000)
    assert [(piece.accounts, bool(piece.compiled.columns)) for piece in cut] == [((SHOP,), True), ((LABS,), False)]


def test_what_cannot_be_cut_is_told() -> None:
    """A limit below the shortest query is an error."""
    with pytest.raises(ValueError, match=f"the query about account {SHOP} is too long"):
        in_pieces((simulator(),), (SHOP,), lambda piece: size(piece) < 10)
