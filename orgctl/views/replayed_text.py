"""What a plan would have denied of what was done, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orgctl.reconcile.replayed import Reason, Replayed
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.replayed_words import SKIPPED, caller, extent, heading, remarks, sums, width
from orgctl.views.wording import counted

_SIGNS = {Kind.NEWLY_DENIED: ("-", "red"), Kind.DEPENDS: ("?", "yellow")}
_MOST_REASONS = 8
_MOST_CALLERS = 5
_MOST_REMARKS = 5


def replayed_text(replayed: Replayed) -> Iterator[Text]:
    """The lines: the sums, then what is newly denied and what depends, by reason and caller."""
    yield Text()
    if replayed.skipped:
        yield Text(SKIPPED.capitalize(), style="bold yellow")
        return
    yield Text(f"Impact, by {extent(replayed)}", style="bold")
    yield Text(f"  {sums(replayed)}")
    for reason in replayed.reasons[:_MOST_REASONS]:
        yield from _reason(reason)
    yield from _more(len(replayed.reasons) - _MOST_REASONS, "reason", 2)
    found = remarks(replayed)
    yield from (Text(f"  note: {remark}", style="yellow") for remark in found[:_MOST_REMARKS])
    yield from _more(len(found) - _MOST_REMARKS, "note", 2)


def _reason(reason: Reason) -> Iterator[Text]:
    sign, style = _SIGNS[reason.kind]
    yield Text.assemble((f"  {sign} {reason.kind.value}: ", style), heading(reason))
    yield Text(f"      {width(reason)}", style="dim")
    for each in reason.top[:_MOST_CALLERS]:
        yield Text(f"      {caller(each)}")
    yield from _more(reason.callers - len(reason.top[:_MOST_CALLERS]), "caller", 6)


def _more(number: int, noun: str, indent: int) -> Iterator[Text]:
    if number > 0:
        yield Text(f"{' ' * indent}… and {counted(number, f'more {noun}')}; `orgctl impact` shows all", style="dim")
