"""What an impact says, as lines that all of its views are made of."""

from __future__ import annotations

from datetime import datetime

from orgctl.replay.verdicts.impact import Impact, Reading
from orgctl.replay.verdicts.tally import Group
from orgctl.replay.verdicts.verdict import Cause, Kind, Verdict
from orgctl.views.wording import counted, printable

MEANINGS = {
    Kind.NEWLY_DENIED: "the change denies them, and nothing did before",
    Kind.DEPENDS: "on context keys that the records do not hold",
    Kind.DENIED_ALREADY: "by the policies that the change is compared with",
    Kind.REFUSED_ALREADY: "AWS had refused them for want of permission",
    Kind.ALLOWED: "the change takes nothing away",
    Kind.EXEMPT: "SCPs do not bind them, and no RCP denies them",
    Kind.UNDETERMINED: "caller, action or resource cannot be told",
}
"""What each kind of verdict says, as an end of a sentence."""


def title(impact: Impact) -> str:
    """What was compared."""
    return f"Impact of {impact.change}, compared with {impact.baseline}"


def period(first: datetime | None, last: datetime | None) -> str:
    """`2026-11-01 08:00 to 2026-11-03 09:30`; empty without times."""
    if first is None or last is None:
        return ""
    start, end = moment(first), moment(last)
    return start if start == end else f"{start} to {end}"


def moment(time: datetime) -> str:
    """To the minute, in UTC."""
    return f"{time:%Y-%m-%d %H:%M}"


def extent(impact: Impact) -> str:
    """How many distinct events there are, and of which time."""
    when = period(impact.first, impact.last)
    return counted(impact.events, "distinct event") + (f", {when} (UTC)" if when else "")


def provenance(impact: Impact) -> str:
    """What was read, so that the sums can be followed."""
    return provenance_of(impact.reading, impact.left_out)


def provenance_of(reading: Reading, left_out: int = 0) -> str:
    """The same of any events."""
    parts = [
        counted(reading.duplicates, "duplicate"),
        f"{reading.unreadable:,} unreadable",
        *([f"{left_out:,} not asked for"] if left_out else []),
    ]
    others = f"; {counted(reading.passed_over, 'other file')} passed over" if reading.passed_over else ""
    places = f"in {counted(reading.files, 'file')}" if reading.files else "that Athena read"
    return f"of {counted(reading.records, 'record')} {places}: {', '.join(parts)}{others}"


def remarks(impact: Impact) -> list[str]:
    """What a reader has to know to trust the figures: files that could not be read, accounts without ids."""
    found = troubles(impact.reading)
    if impact.nameless:
        names = ", ".join(f"`{name}`" for name in impact.nameless[:5])
        more = f" and {len(impact.nameless) - 5} more" if len(impact.nameless) > 5 else ""
        found.append(
            f"the manifest gives no id for {names}{more}; calls from accounts that it does not name are undetermined"
        )
    found += [f"`{printable(name)}` in AWS cannot be read, and counts as allowing everything" for name in impact.unread]
    return [*found, *map(printable, impact.notes)]


def troubles(reading: Reading) -> list[str]:
    """The files that could not be read, or not wholly."""
    return [
        f"`{printable(each.file)}`: {printable(each.reason)}"
        + (f" ({counted(each.lost, 'record')} lost)" if each.lost else "")
        for each in reading.troubles
    ]


def cause(by: Cause, impact: Impact) -> str:
    """`scp/region-lock#DenyOtherRegions (policies/scp/region-lock.yaml:12)`."""
    position = impact.locate(by.policy, by.place) if by.policy else None
    return printable(str(by)) + (f" ({position.file}:{position.line})" if position else "")


def heading(verdict: Verdict, impact: Impact) -> str:
    """What decides, and on what it hangs."""
    by = " and ".join(cause(each, impact) for each in verdict.causes)
    hangs = f"hangs on {', '.join(map(printable, verdict.keys))}" if verdict.keys else verdict.reason or ""
    return ": ".join(part for part in (printable(hangs), by) if part) or verdict.kind.value


def place(group: Group, impact: Impact) -> str:
    """`shop-prod (ou:/Workloads/Prod)`, or the bare id of an account that is none of the organization's."""
    home = impact.homes.get(group.account)
    return f"{printable(home.name)} ({printable(home.unit)})" if home else group.account or "(no account)"
