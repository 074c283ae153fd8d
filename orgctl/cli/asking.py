"""Asking before something is done: once for all of it, and by name for what takes something away."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from orgctl.errors import RefusedError
from orgctl.reconcile.plan import Change, Plan


def confirming(*, yes: bool) -> Callable[[Plan], None]:
    """A function that asks for a plan, unless `yes`. It raises RefusedError on a no."""

    def confirm(plan: Plan) -> None:
        if yes or not plan.operations:
            return
        if not sys.stdin.isatty():
            raise RefusedError("nobody is there to confirm the plan", hint="say `--yes`, or apply a saved plan with it")
        for change in plan.changes:
            if change.destructive:
                _by_name(change)
        if not click.confirm("Apply this plan?", err=True):
            raise RefusedError("not confirmed; nothing was done")

    return confirm


def _by_name(change: Change) -> None:
    """Ask for the name of one thing that goes; anything else that is typed is a no."""
    why = "".join(f"\n  {note}" for note in change.notes)
    typed = click.prompt(f"{change.action.value} {change.address}{why}\nType its name to confirm", err=True, default="")
    if typed.strip() not in {change.address, change.address.partition(":")[2]}:
        raise RefusedError(f"`{change.address}` was not confirmed; nothing was done")
