"""Cases in which deciding in SQL once came to something else than the evaluator."""

from __future__ import annotations

from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.verdicts.counting import DatasetQuery
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.verdict import Kind
from tests.replay.drawn import MANAGEMENT, OUTSIDER, SHOP
from tests.replay.records import record
from tests.replay.sql.engines import Engines
from tests.replay.verdicts.drawn import Organizations

ENGINES = Engines()


def test_who_leaves_with_the_change_is_outside() -> None:
    """Whom SCPs bind, the organization after the change says: an account that is only in the one before is none."""
    after = Organizations({MANAGEMENT: (), SHOP: ()}, nameless=False, rcps=False, open_=True)
    before = Organizations({**after.members, OUTSIDER: ()}, nameless=False, rcps=False, open_=True)
    role = f"arn:aws:iam::{OUTSIDER}:role/Dev"
    row = row_of(event_of(record(userIdentity={"type": "Role", "arn": role, "accountId": OUTSIDER})))
    ENGINES.connection.register("given", ENGINES.table([row]))
    judge = Judge(before.simulator([]), after.simulator([]))
    found = [DatasetQuery(judge, decide_in_sql=way).count(ENGINES.connection, "given").totals for way in (True, False)]
    assert found == [{Kind.EXEMPT: 1}] * 2
