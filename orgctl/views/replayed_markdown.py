"""What a plan would have denied of what was done, for a pull-request comment."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.reconcile.replayed import Reason, Replayed
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.markdown import code, escaped
from orgctl.views.replayed_words import SKIPPED, caller, extent, heading, remarks, sums, width

_MARKS = {Kind.NEWLY_DENIED: ":no_entry:", Kind.DEPENDS: ":grey_question:"}
_MOST_REMARKS = 5


def replayed_head(replayed: Replayed | None) -> Iterator[str]:
    """What a reviewer has to see without unfolding anything."""
    if replayed is None:
        return
    if replayed.skipped:
        yield f"- :warning: {SKIPPED}"
        return
    open_ = next((kind for kind in _MARKS if replayed.count(kind)), None)
    mark = _MARKS[open_] if open_ else ":information_source:"
    below = "; see below" if open_ else ""
    yield f"- {mark} impact: {sums(replayed)}, of {extent(replayed)}{below}"
    if replayed.fails:
        yield "- :x: `replay.fail_on` forbids it"
    yield from (f"- :warning: {escaped(remark)}" for remark in remarks(replayed)[:_MOST_REMARKS])


def replayed_items(replayed: Replayed) -> list[str]:
    """One item for each reason, to be unfolded."""
    return [_item(reason) for reason in replayed.reasons]


def _item(reason: Reason) -> str:
    lines = [f"- {_MARKS[reason.kind]} {reason.kind.value}: {code(heading(reason))}", f"  - {escaped(width(reason))}"]
    return "\n".join([*lines, *(f"  - {code(caller(each))}" for each in reason.top)])
