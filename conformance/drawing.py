"""What is asked: recorded calls and policies, drawn from a seed, and the policies of the example organization."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from orgctl.manifest.loading import load
from orgctl.model.policy_types import RCP
from orgctl.model.resources import Policy
from orgctl.replay.columns import Row
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.simulator import Simulator
from orgctl.state.offline import offline
from tests.replay.drawn import records
from tests.replay.places import FULL_ACCESS, concerns, simulator
from tests.replay.sql.drawn import documents
from tests.replay.sql.test_agreement import only

Drawn = TypeVar("Drawn")
_AT_ONCE = 50
EXAMPLE = Path(__file__).parents[1]


def drawn(strategy: st.SearchStrategy[Drawn], count: int, number: int) -> list[Drawn]:
    """So many values, the same ones for the same number."""
    found: list[Drawn] = []

    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @seed(number)
    @given(strategy)
    def collect(value: Drawn) -> None:
        found.append(value)

    collect()
    return found[:count]


def endless(strategy: st.SearchStrategy[Drawn], number: int, wanted: int = _AT_ONCE) -> Iterator[Drawn]:
    """Values without end, drawn as many at once as are `wanted`, or fewer, as drawing gets slower with their number."""
    for more in itertools.count():
        yield from drawn(strategy, max(1, min(_AT_ONCE, wanted)), number * 1_000_000 + more)


def rows(count: int, number: int) -> list[Row]:
    """So many calls about which something can be asked, no two of them alike."""
    found: dict[Row, Row] = {}
    for record in itertools.chain.from_iterable(endless(st.lists(records(), min_size=20, max_size=20), number, count)):
        row = row_of(event_of(record))
        if not row.why and concerns(row):
            found.setdefault(replace(row, event_id=""), replace(row, event_id=f"event-{len(found):06}"))
        if len(found) == count:
            break
    return list(found.values())


def trail(count: int, number: int) -> list[dict[str, Any]]:
    """So many records of a trail that can be read, no two of them alike."""
    found: dict[str, dict[str, Any]] = {}
    for record in itertools.chain.from_iterable(endless(st.lists(records(), min_size=20, max_size=20), number, count)):
        if not event_of(record).unread:
            named = {**record, "eventID": f"event-{len(found):06}"}
            found.setdefault(json.dumps({**record, "eventID": ""}), named)
        if len(found) == count:
            break
    return list(found.values())


def shipped() -> dict[str, dict[str, Any]]:
    """The SCPs and RCPs of the example organization, as they are attached, by name."""
    state = offline(load(EXAMPLE))
    found = {policy.name: json.loads(policy.content) for policy in state.each(Policy)}
    return {name: document for name, document in found.items() if name.partition("/")[0] in ("scp", "rcp")}


def policies(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The shipped policies, and drawn ones without end, with names."""
    yield from shipped().items()
    for place, document in enumerate(endless(documents(), number)):
        yield f"drawn/{place}", document


def organizations(count: int, number: int) -> Iterator[tuple[str, Simulator, Simulator]]:
    """Pairs of organizations to be compared: the shipped policies all at once, and drawn ones on several levels."""
    own = shipped()
    scps = [document for name, document in own.items() if not name.startswith(f"{RCP.folder}/")]
    rcps = [document for name, document in own.items() if name.startswith(f"{RCP.folder}/")]
    yield "the example's policies", simulator(), simulator(*scps, rcps=rcps)
    several = st.tuples(documents(), documents(), documents(), documents(), st.booleans())
    for place, (before, root, rcp, labs, is_open) in enumerate(itertools.islice(endless(several, number), count)):
        levels = (labs, FULL_ACCESS) if is_open else (labs,)
        yield f"organization {place}", simulator(before), simulator(root, rcps=(only(rcp, "Deny"),), labs=levels)
