"""An impact for people at a terminal: the sums, then what is newly denied, then what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orgctl.replay.verdicts.folding import Part, Section, folded, to_settle
from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.verdict import Kind
from orgctl.views.impact_words import MEANINGS, extent, heading, period, place, provenance, remarks, title
from orgctl.views.wording import counted, printable

STYLES = {
    Kind.NEWLY_DENIED: "bold red",
    Kind.DEPENDS: "yellow",
    Kind.UNDETERMINED: "yellow",
}
_IN_SHORT = (Kind.DENIED_ALREADY, Kind.UNDETERMINED, Kind.EXEMPT)
_MOST_SECTIONS = 10
_MOST_PARTS = 5
_MOST_GROUPS = 5
_MOST_ACTIONS = 3
_MOST_REMARKS = 10
_MOST_KEYS = 8


def impact_text(impact: Impact) -> Iterator[Text]:
    """All lines; of very much, the most hurtful."""
    yield Text(title(impact), style="bold")
    yield Text(f"  {extent(impact)}")
    yield Text(f"  {provenance(impact)}", style="dim")
    yield Text()
    width = max(len(f"{impact.count(kind):,}") for kind in Kind)
    for kind in Kind:
        count = impact.count(kind)
        style = STYLES.get(kind, "") if count else "dim"
        yield Text.assemble((f"  {count:>{width},}  {kind.value:<16}", style), (f" {MEANINGS[kind]}", "dim"))
    yield from _full(Kind.NEWLY_DENIED, impact)
    yield from _full(Kind.DEPENDS, impact)
    yield from _settling(impact)
    for kind in _IN_SHORT:
        yield from _short(kind, impact)
    yield from _remarks(impact)
    yield Text()
    yield _verdict(impact)


def _verdict(impact: Impact) -> Text:
    """One sentence: it stands last, where a long report ends on a terminal."""
    denied, open_, untold = map(impact.count, (Kind.NEWLY_DENIED, Kind.DEPENDS, Kind.UNDETERMINED))
    callers = len({group.who for group in impact.of(Kind.NEWLY_DENIED)})
    first = f"{denied:,} of {counted(impact.events, 'event')}, of {counted(callers, 'caller')}" if denied else "nothing"
    rest = [*([f"{open_:,} may be"] if open_ else []), *([f"{untold:,} cannot be told"] if untold else [])]
    style = STYLES[Kind.NEWLY_DENIED] if denied else STYLES[Kind.DEPENDS] if open_ else "bold green"
    return Text(f"Newly denied: {'; '.join([first, ', '.join(rest)] if rest else [first])}.", style=style)


def _settling(impact: Impact) -> Iterator[Text]:
    found = to_settle(impact.of(Kind.DEPENDS))
    if found:
        keys = ", ".join(f"{printable(key)} ({events:,})" for key, events in found[:_MOST_KEYS])
        yield Text(f"  To settle them: {keys}; see `--assume` and `--tags`")
    yield from _more(len(found) - _MOST_KEYS, "key", 2)


def _full(kind: Kind, impact: Impact) -> Iterator[Text]:
    sections = folded(impact.of(kind))
    if not sections:
        return
    yield Text()
    yield Text(kind.value.capitalize(), style=STYLES[kind])
    for section in sections[:_MOST_SECTIONS]:
        yield Text(f"  {heading(section.verdict, impact)}")
        yield Text(f"    {_extent(section)}", style="dim")
        for part in section.parts[:_MOST_PARTS]:
            yield from _part(part, impact)
        yield from _more(len(section.parts) - _MOST_PARTS, "caller", 4)
    yield from _more(len(sections) - _MOST_SECTIONS, "reason", 2)


def _extent(section: Section) -> str:
    parts = [
        counted(section.count, "event"),
        counted(len(section.parts), "caller"),
        counted(section.accounts, "account"),
    ]
    return ", ".join(part for part in (*parts, period(section.first, section.last)) if part)


def _part(part: Part, impact: Impact) -> Iterator[Text]:
    yield Text(f"    {printable(part.who)}")
    for group in part.groups[:_MOST_GROUPS]:
        sample = f", such as {printable(group.samples[0])}" if group.samples else ""
        line = f"      {group.count:,} × {printable(group.action)} in {place(group, impact)}"
        yield Text.assemble(line, (f"{sample}", "dim"))
    yield from _more(len(part.groups) - _MOST_GROUPS, "action", 6)


def _short(kind: Kind, impact: Impact) -> Iterator[Text]:
    """One line a reason."""
    sections = folded(impact.of(kind))
    if not sections:
        return
    yield Text()
    yield Text(kind.value.capitalize(), style=STYLES.get(kind, "bold"))
    for section in sections[:_MOST_SECTIONS]:
        reason = heading(section.verdict, impact)
        yield Text(f"  {section.count:,} × {reason}{_actions(section, reason)}")
    yield from _more(len(sections) - _MOST_SECTIONS, "reason", 2)


def _actions(section: Section, reason: str) -> str:
    """The most frequent actions, where they are told apart and the reason does not name them."""
    found = dict.fromkeys(printable(group.action) for group in section.groups if group.action)
    names = [name for name in found if name.strip("()").partition(":")[2] not in reason]
    more = f" and {len(names) - _MOST_ACTIONS} more" if len(names) > _MOST_ACTIONS else ""
    return f": {', '.join(names[:_MOST_ACTIONS])}{more}" if names else ""


def _remarks(impact: Impact) -> Iterator[Text]:
    found = remarks(impact)
    if found:
        yield Text()
    for remark in found[:_MOST_REMARKS]:
        yield Text(f"note: {remark}", style="yellow")
    yield from _more(len(found) - _MOST_REMARKS, "note", 0)


def _more(number: int, noun: str, indent: int) -> Iterator[Text]:
    if number > 0:
        yield Text(f"{' ' * indent}… and {counted(number, f'more {noun}')}; `--format json` has all", style="dim")
