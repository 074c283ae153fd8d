"""Staged rollouts for a pull-request comment."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.reconcile.rollout.step import Progress, Step
from orgctl.views.markdown import code, escaped
from orgctl.views.rollout_words import denials, headline, reasons, records

_MARKS = {
    Progress.BEGINS: ":arrow_forward:",
    Progress.BAKES: ":hourglass_flowing_sand:",
    Progress.ADVANCES: ":arrow_forward:",
    Progress.STAYS: ":warning:",
    Progress.BEGINS_ANEW: ":hourglass_flowing_sand:",
    Progress.GOES_BACK: ":rewind:",
    Progress.DONE: ":checkered_flag:",
}


def rollouts_head(steps: tuple[Step, ...]) -> Iterator[str]:
    """A line for each rollout."""
    for step in steps:
        why = "".join(f"; {escaped(reason)}" for reason in reasons(step))
        yield f"- {_MARKS[step.progress]} rollout of {escaped(headline(step))}{why}"


def rollouts_items(steps: tuple[Step, ...]) -> list[str]:
    """What was denied and would be, to be unfolded."""
    return [_item(step) for step in steps if step.evidence and (step.evidence.denied or step.evidence.expected)]


def _item(step: Step) -> str:
    if step.evidence is None:
        return ""
    lines = [f"- {code(step.standing.subject)}: {escaped(records(step.evidence))}"]
    return "\n".join([*lines, *(f"  - {word}: {code(line)}" for word, line in denials(step.evidence))])
