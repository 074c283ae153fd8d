"""Where a rollout is and what happens to it next, as lines that the text and the Markdown are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from orgctl.reconcile.rollout.evidence import Denied, Evidence
from orgctl.reconcile.rollout.step import Progress, Step
from orgctl.views.impact_words import period
from orgctl.views.wording import counted, printable

MOST_DENIED = 5

_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)))


def headline(step: Step) -> str:
    """`scp/region-lock: stage 1 of 3 (ou:/Sandbox), bakes until 2026-11-30 06:12`."""
    rollout = step.standing.rollout
    what = f"{printable(rollout.policy)}{', new version' if step.standing.is_new_version else ''}"
    return f"{what}: {_what_happens(step)}"


def _what_happens(step: Step) -> str:
    standing, here, there = step.standing, _stage(step, step.standing.stage), _stage(step, step.stage)
    match step.progress:
        case Progress.BEGINS:
            return f"begins with {there}"
        case Progress.BAKES:
            return f"{here}, bakes until {_moment(step.until)} (UTC)"
        case Progress.ADVANCES:
            return f"goes on from {here} to {there}"
        case Progress.STAYS:
            return f"stays on {here}" if standing.stage else "does not begin"
        case Progress.BEGINS_ANEW:
            return f"{here}, of which the time begins anew"
        case Progress.GOES_BACK:
            return f"goes back from {here} to {there}"
        case Progress.DONE:
            return f"{here}, the last one" + (f", since {_moment(step.since)} (UTC)" if step.since else "")


def _stage(step: Step, number: int) -> str:
    """`stage 2 of 3 (ou:/Workloads/Dev)`."""
    rollout = step.standing.rollout
    if not 0 < number <= rollout.last:
        return "no stage"
    targets = ", ".join(map(printable, rollout.stages[number - 1]))
    return f"stage {number} of {rollout.last} ({targets})"


def reasons(step: Step) -> tuple[str, ...]:
    """Why it does not go on."""
    return step.why


def records(evidence: Evidence) -> str:
    """`12,345 events since then: 0 denied by it, 2 would be on the next stage`."""
    met, ahead = evidence.denied_count, evidence.expected_count
    return f"{counted(evidence.events, 'event')} since then: {met:,} denied by it, {ahead:,} would be on the next stage"


def denials(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """The calls that it denied and would deny, the most first, each with whether it was or would be."""
    for word, found in (("denied", evidence.denied), ("would be denied", evidence.expected)):
        for each in sorted(found, key=lambda denied: -denied.count)[:MOST_DENIED]:
            yield word, _denied(each)
        if len(found) > MOST_DENIED:
            yield (
                word,
                f"… and {counted(len(found) - MOST_DENIED, 'more caller and action', 'more callers and actions')}",
            )


def span(length: timedelta) -> str:
    """`7d`, or in hours where it is no number of days."""
    name, unit = next((each for each in _UNITS if not length % each[1]), _UNITS[-1])
    return f"{length // unit}{name}"


def _denied(each: Denied) -> str:
    sample = f", such as {printable(each.sample)}" if each.sample else ""
    when = period(each.first, each.last)
    place = f" in {printable(each.place)}" if each.place else ""
    return f"{each.count:,} × {printable(each.action)} by {printable(each.who)}{place}, {when}{sample}"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "nobody knows when"
