"""Staged rollouts for people at a terminal, in plans and by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orgctl.reconcile.rollout.step import Progress, Step
from orgctl.views.rollout_words import denials, headline, reasons, records, span
from orgctl.views.wording import counted

_SIGNS = {
    Progress.BEGINS: (">", "green"),
    Progress.BAKES: ("…", "cyan"),
    Progress.ADVANCES: (">", "green"),
    Progress.STAYS: ("!", "bold yellow"),
    Progress.BEGINS_ANEW: ("…", "yellow"),
    Progress.GOES_BACK: ("<", "red"),
    Progress.DONE: (" ", ""),
}


def rollouts_text(steps: tuple[Step, ...]) -> Iterator[Text]:
    """The part of a plan about its rollouts; none without any."""
    if steps:
        yield Text("\nRollouts", style="bold")
    for step in steps:
        yield from _step(step)


def status_text(steps: tuple[Step, ...]) -> Iterator[Text]:
    """How far all rollouts have got, and what the next apply does about them."""
    if not steps:
        yield Text("No policy of the manifest has a `rollout`.")
        return
    for step in steps:
        yield from _step(step)
        rollout = step.standing.rollout
        limit = "only time counts" if rollout.max_newly_denied is None else _limit(rollout.max_newly_denied)
        yield Text(f"      bakes {span(rollout.bake)} on each stage; {limit}", style="dim")


def _limit(most: int) -> str:
    return f"it may deny {counted(most, 'call')}"


def _step(step: Step) -> Iterator[Text]:
    sign, style = _SIGNS[step.progress]
    yield Text.assemble((f"  {sign} ", style), headline(step))
    yield from (Text(f"      {reason}", style=style) for reason in reasons(step))
    if step.evidence:
        yield Text(f"      {records(step.evidence)}", style="dim")
        yield from (Text(f"        {word}: {line}") for word, line in denials(step.evidence))
