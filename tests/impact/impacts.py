"""Impacts of hand-written records, for views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orgctl.diagnostics import Position
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.impact import Home, Impact, Reading, Trouble
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.tally import Tally
from tests.impact.small import MANAGEMENT, REGIONS, SHOP, TEAMS
from tests.replay.records import JANE, record, session
from tests.replay.verdicts.judging import WORKLOADS, simulator

FAR: Mapping[str, object] = {"awsRegion": "ap-south-1"}
NASTY = f"arn:aws:iam::{SHOP}:role/</script><img src=x onerror=alert(1)>`@team"
FORMULA = "=cmd|' /C calc'!A0"
RECORDS: tuple[Mapping[str, object], ...] = (
    {"eventID": "1", **FAR},
    {"eventID": "2", **FAR, "eventTime": "2026-11-01T10:00:00Z"},
    {"eventID": "3", **FAR, "userIdentity": JANE},
    {"eventID": FORMULA, **FAR, "userIdentity": session(NASTY)},
    {"eventID": "5", "eventName": "DeleteQueue"},
    {"eventID": "6"},
    {"eventID": "7", "errorCode": "AccessDenied"},
    {"eventID": "8", "eventName": FORMULA},
    {"eventID": "9", "userIdentity": {"type": "AWSService", "invokedBy": "events.amazonaws.com"}},
)


def impact(records: Iterable[Mapping[str, object]] = RECORDS) -> Impact:
    """What a region lock and a rule for teams do to these records."""
    judge = Judge(simulator({}), simulator({f"scp@{WORKLOADS}": [REGIONS, TEAMS]}))
    tally = Tally()
    for more in records:
        call = Call(row_of(event_of(record(**more))))
        tally.add(call, judge.judge(call))
    return Impact(
        "no policies at all",
        "the manifest",
        Reading(2, tally.all.count + 3, 2, 1, (Trouble("b.json.gz", "it is cut off", 1),)),
        tally.totals,
        tally.groups(),
        tally.all.first,
        tally.all.last,
        homes={SHOP: Home("shop", WORKLOADS), MANAGEMENT: Home("management", "ou:/")},
        nameless=("new",),
        unread=("scp/strange",),
        locate=lambda policy, place: Position(f"policies/{policy}.json", 4 + 10 * int(place[-1]), 3),
        notes=("none of the events is one that `scp/p0#Other` speaks of (s3:GetObject)",),
    )
