"""What a plan does to access, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.text import Text

from orgctl.access.change import Access
from orgctl.access.folding import Group, Heading, folded
from orgctl.views.access_words import MOST_CALLERS, SIGNS, callers, extent, few, place, request, summary, title
from orgctl.views.wording import counted, printable

_MOST_GROUPS = 8
_MOST_SPOTS = 5
_MOST_LINES = 6


def access_text(access: Access) -> Iterator[Text]:
    """The lines: by statement, place and principal; of very much, the weightiest."""
    yield Text()
    if access.changes:
        yield Text(f"Access, by {extent(access)}", style="bold")
        for heading, groups in groupby(folded(access.changes), key=lambda group: group.heading):
            yield from _heading(heading, list(groups))
    else:
        yield Text(summary(access), style="bold")
    for policy in access.unread:
        yield Text(f"  {printable(policy)} in AWS cannot be read, and counts as allowing everything", style="yellow")


def alarm(access: Access | None) -> str | None:
    """A sentence on what must not pass unnoticed."""
    changes = access.changes if access else ()
    groups = [g for g in folded(changes) if g.heading is Heading.IMPORTANT]
    if not groups:
        return None
    names = dict.fromkeys(n for group in groups for spot in group.spots for line in spot.lines for n in line.who)
    return f"Newly denied to roles that must go on working: {few(tuple(names), MOST_CALLERS)}; see Access above."


def _heading(heading: Heading, groups: list[Group]) -> Iterator[Text]:
    sign, style = SIGNS[heading]
    yield Text(f"  {sign} {heading.value}", style=style)
    for group in groups[:_MOST_GROUPS]:
        yield Text(f"    {title(group)}")
        yield from _spots(group)
    if len(groups) > _MOST_GROUPS:
        yield _more(len(groups) - _MOST_GROUPS, "statement")


def _spots(group: Group) -> Iterator[Text]:
    for spot in group.spots[:_MOST_SPOTS]:
        yield Text(f"      {place(spot)}")
        for line in spot.lines[:_MOST_LINES]:
            yield Text(f"        {callers(line)}: {request(line)}")
        if len(spot.lines) > _MOST_LINES:
            yield _more(len(spot.lines) - _MOST_LINES, "line", indent=8)
    if len(group.spots) > _MOST_SPOTS:
        yield _more(len(group.spots) - _MOST_SPOTS, "place", indent=6)


def _more(number: int, noun: str, indent: int = 4) -> Text:
    return Text(f"{' ' * indent}… and {counted(number, f'more {noun}')}; `--format json` has all", style="dim")
