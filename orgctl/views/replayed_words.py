"""What a plan would have denied of what was done, as lines for the text and the Markdown of a plan."""

from __future__ import annotations

from orgctl.access.change import Cause
from orgctl.reconcile.replayed import Caller, Reason, Replayed
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.impact_words import period
from orgctl.views.wording import counted, printable

SKIPPED = "recorded activity was not looked at (`--skip-replay`)"


def extent(replayed: Replayed) -> str:
    """`12,345 distinct events, 2026-11-01 08:00 to 2026-11-30 17:12 (UTC)`."""
    when = period(replayed.first, replayed.last)
    return counted(replayed.events, "distinct event") + (f", {when} (UTC)" if when else "")


def sums(replayed: Replayed) -> str:
    """`3 newly denied, 1 depends, 1,200 allowed`: all that there are; what is newly denied even if it is nothing."""
    shown = [kind for kind in Kind if replayed.count(kind) or kind is Kind.NEWLY_DENIED]
    return ", ".join(f"{replayed.count(kind):,} {kind.value}" for kind in shown)


def heading(reason: Reason) -> str:
    """What decides, and on what it hangs."""
    by = " and ".join(map(_cause, reason.causes))
    hangs = f"hangs on {', '.join(map(printable, reason.keys))}" if reason.keys else ""
    return ": ".join(part for part in (hangs, by) if part)


def width(reason: Reason) -> str:
    """`12 events of 3 callers in 2 accounts, 2026-11-01 08:00 to …`."""
    of = f"{counted(reason.callers, 'caller')} in {counted(reason.accounts, 'account')}"
    when = period(reason.first, reason.last)
    sample = f", such as {printable(reason.samples[0])}" if reason.samples else ""
    return f"{counted(reason.count, 'event')} of {of}" + (f", {when}" if when else "") + sample


def caller(each: Caller) -> str:
    """`4 × arn:…:role/Deployer: ec2:RunInstances in shop (ou:/Workloads)`."""
    actions, places = (", ".join(map(printable, names)) for names in (each.actions, each.places))
    return f"{each.count:,} × {printable(each.who)}: {actions}" + (f" in {places}" if places else "")


def remarks(replayed: Replayed) -> list[str]:
    """What a reader has to know to trust the figures."""
    reading = replayed.reading
    found = [f"`{printable(each.file)}`: {printable(each.reason)}" for each in reading.troubles]
    unreadable = [f"{counted(reading.unreadable, 'record')} unreadable"] if reading.unreadable else []
    return [*found, *unreadable, *map(printable, replayed.notes)]


def _cause(by: Cause) -> str:
    where = f" ({by.position.file}:{by.position.line})" if by.position else ""
    return f"{printable(str(by))}{where}"
