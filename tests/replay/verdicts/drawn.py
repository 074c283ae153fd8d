"""Questions to draw: what is compared, what is assumed, and which calls are asked about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from orgctl.api.impact_selection import Selection
from orgctl.model.resources import Account, Attachment, Organization, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.verdicts.assumptions import Assumptions
from orgctl.replay.verdicts.judge import Judge
from orgctl.simulator import Simulator
from tests.replay.drawn import KEY, LABS, MANAGEMENT, OUTSIDER, ROLE, SHOP, maybe, records
from tests.replay.places import FULL_ACCESS, ID
from tests.replay.sql.drawn import documents

_UNITS = ("ou:/", "ou:/Labs", "ou:/Labs/Deep")
_PATHS = ((), ("Labs",), ("Labs", "Deep"))
_ASSUMED: tuple[tuple[str, Any], ...] = (
    ("aws:principaltag/team", "a"),
    ("aws:principaltag/team", None),
    ("aws:resourcetag/team", "a"),
    ("aws:requesttag/team", "b"),
    ("ec2:instancetype", "t3.micro"),
    ("aws:multifactorauthpresent", "true"),
    ("aws:securetransport", "false"),
    ("aws:sourcevpc", None),
    ("aws:principalarn", ROLE),
    ("aws:principalorgpaths", (f"{ID}/r-1/", f"{ID}/r-2/")),
)
_TAGS: tuple[dict[str, dict[str, str]], ...] = (
    {},
    {ROLE: {"team": "a"}},
    {KEY: {"team": "b"}, "arn:aws:s3:::logs": {}},
)


@dataclass(frozen=True)
class Organizations:
    """The accounts that there are before and after a change, and where; who has no id is nameless."""

    members: dict[str, tuple[str, ...]]
    nameless: bool
    rcps: bool
    open_: bool

    def simulator(self, placed: list[tuple[str, str, dict[str, Any]]]) -> Simulator:
        accounts = [Account(f"a{id_}", id=id_, parent=path) for id_, path in self.members.items()]
        accounts += [Account("new")] if self.nameless else []
        targets = [*_UNITS, *(each.address for each in accounts)]
        resources: list[Any] = [
            Organization(MANAGEMENT, id=ID),
            PolicyTypeSwitch("SERVICE_CONTROL_POLICY"),
            *([PolicyTypeSwitch("RESOURCE_CONTROL_POLICY")] if self.rcps else []),
            *map(Unit, _PATHS),
            *accounts,
            Policy("scp/FullAWSAccess", json.dumps(FULL_ACCESS)),
            *(Attachment("scp/FullAWSAccess", each) for each in targets if self.open_ or each != "ou:/Labs"),
        ]
        for number, (folder, target, document) in enumerate(placed):
            name = f"{folder}/p{number}"
            resources += [Policy(name, json.dumps(document)), Attachment(name, target)] if target in targets else []
        return Simulator(State.of(resources))


@st.composite
def organizations(draw: st.DrawFn) -> Organizations:
    """The management account, and most times two others, somewhere."""
    chosen = draw(maybe((SHOP, LABS), (SHOP, LABS), (SHOP, LABS), (SHOP,), (SHOP, LABS, OUTSIDER)))
    members = {id_: draw(maybe(*_PATHS)) for id_ in chosen}
    return Organizations(
        {MANAGEMENT: (), **members},
        draw(maybe(False, False, True)),
        draw(st.booleans()),
        draw(maybe(True, True, False)),
    )


@st.composite
def placements(draw: st.DrawFn) -> list[tuple[str, str, dict[str, Any]]]:
    """Policies with where they stand."""
    found = []
    for document in draw(st.lists(documents(2), max_size=3)):
        folder = draw(maybe("scp", "scp", "rcp"))
        statements = [{**each, "Effect": "Deny"} if folder == "rcp" else each for each in document["Statement"]]
        target = draw(maybe(*_UNITS, "ou:/", f"account:a{SHOP}"))
        found.append((folder, target, {**document, "Statement": statements}))
    return found


@st.composite
def judges(draw: st.DrawFn) -> Judge:
    """A change of policies, and sometimes of accounts; with what is assumed."""
    after = draw(organizations())
    before = draw(st.one_of(st.just(after), st.just(after), organizations()))
    kept = draw(placements())
    assumed = Assumptions(dict(draw(st.lists(maybe(*_ASSUMED), max_size=2))), draw(maybe(*_TAGS)), draw(maybe(*_TAGS)))
    old, new = draw(maybe([], kept)), [*kept, *draw(placements())]
    return Judge(before.simulator(old), after.simulator(new), assumed, ("new",) if after.nameless else ())


@st.composite
def trails(draw: st.DrawFn) -> list[Any]:
    """Rows, some of which differ in their ids and times alone."""
    drawn = [(record, draw(maybe(1, 1, 1, 2, 5))) for record in draw(st.lists(records(), min_size=1, max_size=6))]
    made = [
        {**record, "eventID": f"{number}-{copy}"}
        for number, (record, copies) in enumerate(drawn)
        for copy in range(copies)
    ]
    return [row_of(event_of(each)) for each in made]


def selections() -> st.SearchStrategy[Selection]:
    """Mostly everything."""
    part = st.builds(
        Selection,
        maybe(None, datetime(2026, 1, 1)),
        maybe(None, datetime(2026, 11, 2, 9)),
        maybe(None, None, frozenset((SHOP,)), frozenset((LABS, ""))),
        maybe((), ("arn:aws:iam::*:role/Dev",), ("cloudformation.amazonaws.com", "*user/*")),
    )
    return st.one_of(st.just(Selection()), part)
