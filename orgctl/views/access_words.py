"""What a plan does to access, as lines that both the text and the Markdown of a plan are made of."""

from __future__ import annotations

from collections.abc import Sequence

from orgctl.access.change import Access, Cause
from orgctl.access.folding import Group, Heading, Line, Spot
from orgctl.views.wording import counted, printable

SIGNS = {
    Heading.IMPORTANT: ("!", "bold red"),
    Heading.NEW_ACCOUNT: ("!", "bold red"),
    Heading.DENIED: ("-", "red"),
    Heading.UNCERTAIN: ("?", "yellow"),
    Heading.ALLOWED: ("+", "green"),
}
"""One sign and one colour a heading."""

MOST_ACTIONS = 5
MOST_SERVICES = 8
MOST_PLACES = 4
MOST_REGIONS = 4
MOST_CALLERS = 4


def extent(access: Access) -> str:
    """`83 requests in 11 accounts`, and what had no before."""
    asked = f"{counted(access.requests, 'request')} in {counted(access.accounts, 'account')}"
    new = f"; {counted(access.new_accounts, 'new account')} without a before" if access.new_accounts else ""
    return asked + new


def summary(access: Access) -> str:
    """The whole in one sentence, for when nothing changes."""
    if not access.accounts:
        return f"Access: nothing to compare, {counted(access.new_accounts, 'account')} new"
    return f"Access: nothing changes ({extent(access)})"


def title(group: Group) -> str:
    """What decides, with the place in the file; for what is newly allowed, what denied it until now."""
    by = " and ".join(_cause(cause) for cause in group.causes) or "nobody knows what"
    match group.heading:
        case Heading.ALLOWED:
            return f"no longer denied: {by}"
        case Heading.UNCERTAIN:
            hangs = f"hangs on {', '.join(group.unknown_keys)}" if group.unknown_keys else "AWS does not document it"
            return f"{hangs}: {by}"
        case _:
            return f"by {by}" if any(cause.policy for cause in group.causes) else by


def _cause(cause: Cause) -> str:
    where = f" ({cause.position.file}:{cause.position.line})" if cause.position else ""
    return f"{printable(str(cause))}{where}"


def place(spot: Spot) -> str:
    """`ou:/Workloads, account:sandbox (12 accounts)`."""
    return f"{few(spot.where, MOST_PLACES)} ({counted(spot.accounts, 'account')})"


def callers(line: Line) -> str:
    """`role/BreakGlass, role/Deployer`."""
    return few(line.who, MOST_CALLERS)


def request(line: Line) -> str:
    """`ec2:RunInstances, s3:CreateBucket in us-east-1`; of many actions, how many of which services."""
    regions = few(line.regions, MOST_REGIONS) if line.regions else ""
    where = f" in {regions}" if regions else ""
    circumstances = f" {printable(line.circumstances)}" if line.circumstances else ""
    return f"{_actions(line.actions)}{circumstances}{where}"


def _actions(actions: Sequence[str]) -> str:
    if len(actions) <= MOST_ACTIONS:
        return few(actions, MOST_ACTIONS)
    services = tuple(dict.fromkeys(action.partition(":")[0] for action in actions))
    return f"{len(actions)} actions of {few(services, MOST_SERVICES)}"


def few(items: Sequence[str], most: int) -> str:
    """The first few, and how many more."""
    shown = [printable(item) for item in items[:most]]
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(shown) + more
