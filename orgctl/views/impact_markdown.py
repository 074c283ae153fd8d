"""An impact for a pull-request comment: what a reviewer has to see, and the rest to be unfolded."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.replay.verdicts.folding import Section, folded, to_settle
from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.impact_words import MEANINGS, extent, heading, period, place, provenance, remarks, title
from orgctl.views.markdown import code, escaped
from orgctl.views.wording import counted

_MARKS = {Kind.NEWLY_DENIED: ":no_entry:", Kind.DEPENDS: ":grey_question:", Kind.UNDETERMINED: ":grey_question:"}
_MOST_SECTIONS = 12
_MOST_LINES = 12
_MOST_REMARKS = 10


def impact_markdown(impact: Impact) -> str:
    """The whole comment; of very much, the most hurtful, since a comment holds 65,536 characters."""
    return "\n".join(_lines(impact)) + "\n"


def impact_head(impact: Impact) -> Iterator[str]:
    """A sentence for what is newly denied, and one for what depends, to stand in a list."""
    for kind in (Kind.NEWLY_DENIED, Kind.DEPENDS):
        count = impact.count(kind)
        if count:
            callers = len({group.who for group in impact.of(kind)})
            words = f"{counted(count, 'recorded call')} of {counted(callers, 'caller')}"
            yield f"- {_MARKS[kind]} **{kind.value}**: {words}, of {counted(impact.events, 'event')}"
    if not impact.count(Kind.NEWLY_DENIED) and not impact.count(Kind.DEPENDS):
        yield f"- :white_check_mark: none of {counted(impact.events, 'recorded event')} is newly denied"


def _lines(impact: Impact) -> Iterator[str]:
    yield f"### {escaped(title(impact))}"
    yield ""
    yield from impact_head(impact)
    yield ""
    yield f"{escaped(extent(impact))}; {provenance(impact)}"
    yield ""
    yield "| events | | |"
    yield "| ---: | --- | --- |"
    yield from (f"| {impact.count(kind):,} | {kind.value} | {MEANINGS[kind]} |" for kind in Kind)
    for kind in (Kind.NEWLY_DENIED, Kind.DEPENDS):
        yield from _kind(kind, impact)
    settling = to_settle(impact.of(Kind.DEPENDS))
    if settling:
        keys = ", ".join(f"{code(key)} ({events:,})" for key, events in settling[:_MOST_LINES])
        yield f"\nTo settle what depends: {keys}"
    found = remarks(impact)
    if found:
        yield ""
        yield from (f"> :warning: {escaped(remark)}\n>" for remark in found[:_MOST_REMARKS])
    if len(found) > _MOST_REMARKS:
        yield f"> … and {counted(len(found) - _MOST_REMARKS, 'more note')}"


def _kind(kind: Kind, impact: Impact) -> Iterator[str]:
    sections = folded(impact.of(kind))
    if not sections:
        return
    yield ""
    yield f"<details{' open' if kind is Kind.NEWLY_DENIED else ''}><summary>{kind.value.capitalize()}</summary>"
    yield ""
    for section in sections[:_MOST_SECTIONS]:
        yield from _section(section, impact)
    if len(sections) > _MOST_SECTIONS:
        yield f"- … and {counted(len(sections) - _MOST_SECTIONS, 'more reason')}"
    yield ""
    yield "</details>"


def _section(section: Section, impact: Impact) -> Iterator[str]:
    when = period(section.first, section.last)
    yield f"- {counted(section.count, 'event')}: {code(heading(section.verdict, impact))}" + (
        f", {when}" if when else ""
    )
    for group in section.groups[:_MOST_LINES]:
        where = code(place(group, impact))
        yield f"  - {code(group.who)}: {group.count:,} × {code(group.action)} in {where}"
    if len(section.groups) > _MOST_LINES:
        yield f"  - … and {counted(len(section.groups) - _MOST_LINES, 'more line')}"
