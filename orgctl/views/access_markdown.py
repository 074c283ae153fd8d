"""What a plan does to access, for a pull-request comment."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.access.change import Access
from orgctl.access.folding import Group, Heading, folded
from orgctl.views.access_words import callers, place, request, summary, title
from orgctl.views.markdown import code, escaped
from orgctl.views.wording import counted

_MARKS = {
    Heading.IMPORTANT: ":rotating_light:",
    Heading.NEW_ACCOUNT: ":rotating_light:",
    Heading.DENIED: ":no_entry:",
    Heading.UNCERTAIN: ":grey_question:",
    Heading.ALLOWED: ":unlock:",
}
_MOST_IN_HEAD = 10


def access_head(access: Access | None) -> Iterator[str]:
    """What a reviewer has to see without unfolding anything: roles that are shut out, then how much else there is."""
    if access is None:
        return
    if not access.changes:
        yield f"- :information_source: {summary(access)}"
    groups = folded(access.changes)
    grave = [group for group in groups if group.heading in (Heading.IMPORTANT, Heading.NEW_ACCOUNT)]
    for group in grave[:_MOST_IN_HEAD]:
        yield f"- {_MARKS[group.heading]} **{group.heading.value}**: {code(title(group))} on {_widest(group)}"
    if len(grave) > _MOST_IN_HEAD:
        yield f"- :rotating_light: and {len(grave) - _MOST_IN_HEAD} more that deny them something"
    for heading in (Heading.DENIED, Heading.UNCERTAIN, Heading.ALLOWED):
        alike = [group for group in groups if group.heading is heading]
        if alike:
            yield f"- {_MARKS[heading]} {_counts(heading, alike, access)}"
    for policy in access.unread:
        yield f"- :warning: {code(policy)} in AWS cannot be read, and counts as allowing everything"


def access_items(access: Access) -> list[str]:
    """One item for each statement, to be unfolded; none if nothing changes."""
    return [_item(group) for group in folded(access.changes)]


def _counts(heading: Heading, groups: list[Group], access: Access) -> str:
    number = sum(group.changes for group in groups)
    widest = max(spot.accounts for group in groups for spot in group.spots)
    asked = counted(access.requests, "request")
    return f"access: {number:,} of {asked} {heading.value}, in up to {counted(widest, 'account')}; see below"


def _item(group: Group) -> str:
    lines = [f"- {_MARKS[group.heading]} {group.heading.value}: {code(title(group))}"]
    for spot in group.spots:
        lines.append(f"  - {code(place(spot))}")
        lines += [f"    - {escaped(callers(line))}: {code(request(line))}" for line in spot.lines]
    return "\n".join(lines)


def _widest(group: Group) -> str:
    more = f" and {counted(len(group.spots) - 1, 'more place')}" if len(group.spots) > 1 else ""
    return code(place(group.spots[0])) + more
