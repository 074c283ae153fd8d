"""One event's whole decision: the verdict, then what decides after the change, then what decided before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from orgctl.replay.verdicts.verdict import Cause, Verdict
from orgctl.views.decision_json import FORMAT_VERSION, decision_data
from orgctl.views.decision_text import decision_text, headline
from orgctl.views.impact_json import kind_name, timestamp
from orgctl.views.impact_text import STYLES
from orgctl.views.impact_words import MEANINGS, moment
from orgctl.views.wording import printable

if TYPE_CHECKING:
    from orgctl.policy.ruling import Locate, Ruling
    from orgctl.replay.verdicts.call import Call


def explained_text(
    call: Call, verdict: Verdict, before: tuple[Ruling, ...], after: tuple[Ruling, ...], locate: Locate
) -> Iterator[Text]:
    """All lines. Without a request there is the verdict, and why."""
    when = f" at {moment(call.time)} (UTC)" if call.time else ""
    yield Text(
        f"Event {printable(call.event_id)}: {printable(call.action)} by {printable(call.who)}{when}", style="bold"
    )
    style = STYLES.get(verdict.kind, "bold")
    yield Text.assemble((verdict.kind.value, style), f": {verdict.reason or MEANINGS[verdict.kind]}")
    for by in verdict.causes:
        yield Text(f"  by {_cause(by, locate)}")
    if verdict.keys:
        yield Text(f"  hangs on {', '.join(map(printable, verdict.keys))}")
    for old, new in zip(before, after, strict=True):
        yield Text()
        yield Text("After the change", style="bold underline")
        yield from decision_text(new)
        yield Text()
        yield Text("Before the change", style="bold underline")
        yield from headline(old)


def explained_json(
    call: Call, verdict: Verdict, before: tuple[Ruling, ...], after: tuple[Ruling, ...], locate: Locate
) -> str:
    """The same as data; decisions as those of `simulate`."""
    value = {
        "format_version": FORMAT_VERSION,
        "event": call.event_id,
        "time": timestamp(call.time),
        "principal": call.who,
        "action": call.action,
        "verdict": kind_name(verdict.kind),
        "causes": [_cause(by, locate) for by in verdict.causes],
        "keys": list(verdict.keys),
        "reason": verdict.reason,
        "before": [decision_data(ruling) for ruling in before],
        "after": [decision_data(ruling) for ruling in after],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _cause(by: Cause, locate: Locate) -> str:
    position = locate(by.policy, by.place) if by.policy else None
    return printable(str(by)) + (f" ({position.file}:{position.line})" if position else "")
