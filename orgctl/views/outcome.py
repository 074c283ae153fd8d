"""What became of an apply."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.text import Text

from orgctl.reconcile.executor import Outcome
from orgctl.reconcile.plan import Plan
from orgctl.views.wording import counted, duration


def outcome_text(plan: Plan, outcome: Outcome) -> Iterator[Text]:
    """One line for a success; what failed and what is left otherwise."""
    calls = {operation.number: operation for operation in plan.operations}
    for number, error in sorted(outcome.failed.items()):
        operation = calls[number]
        yield Text.assemble(("failed: ", "bold red"), f"{operation.title} {operation.address}: {error.message}")
        if error.hint:
            yield Text(f"  hint: {error.hint}")
    if outcome.left:
        yield Text("not done:", style="bold yellow")
        for number in outcome.left[:20]:
            yield Text(f"  {calls[number].title} {calls[number].address}")
        if len(outcome.left) > 20:
            yield Text(f"  … and {len(outcome.left) - 20} more")
    yield Text(_headline(outcome), style="bold")


def _headline(outcome: Outcome) -> str:
    if not outcome.done and outcome.complete:
        return "Nothing to do."
    done = f"{counted(len(outcome.done), 'call')} done in {duration(outcome.seconds)}"
    if outcome.complete:
        return f"Applied: {done}."
    how = "Stopped" if outcome.interrupted else "Not complete"
    return (
        f"{how}: {done}, {len(outcome.failed)} failed, {len(outcome.left)} not done."
        " Nothing is lost: `orgctl plan` shows what is left."
    )


def outcome_json(plan: Plan, outcome: Outcome) -> str:
    """The same for programs."""
    calls = {operation.number: operation for operation in plan.operations}

    def named(number: int) -> dict[str, object]:
        return {"number": number, "operation": calls[number].title, "address": calls[number].address}

    value = {
        "format_version": 1,
        "complete": outcome.complete,
        "interrupted": outcome.interrupted,
        "seconds": round(outcome.seconds, 3),
        "done": [named(number) for number in outcome.done],
        "failed": [{**named(n), "error": e.message, "hint": e.hint} for n, e in sorted(outcome.failed.items())],
        "left": [named(number) for number in outcome.left],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)
