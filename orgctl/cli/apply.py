"""`orgctl apply`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.replaying import replay_options, replaying
from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.reconcile.plan import Plan


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--adopt", is_flag=True, help="Take over what the manifest names and orgctl does not own yet.")
@click.option(
    "--allow-guardrail-gap", is_flag=True, help="Permit a moment without a guardrail, where a target is full."
)
@click.option("--allow-close", is_flag=True, help="Permit closing accounts; --yes is not enough for it.")
@click.option("--skip-tests", is_flag=True, help="Apply though policy tests fail or were not run; the log says so.")
@click.option("--lock-timeout", default=0.0, metavar="SECONDS", help="How long to wait for another apply.")
@click.option("--break-lock", is_flag=True, help="Take the lock away from an apply that is gone.")
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), help="Append every write to this file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@replay_options
@pass_globals
def apply(
    options: Globals,
    file: Path | None,
    yes: bool,
    adopt: bool,
    allow_guardrail_gap: bool,
    allow_close: bool,
    skip_tests: bool,
    lock_timeout: float,
    break_lock: bool,
    log: Path | None,
    form: str,
    events: tuple[str, ...],
    skip_replay: bool,
    hold: bool,
) -> int:
    """Do what a saved plan FILE says; without FILE, plan first and ask."""
    from orgctl.api.applying import Terms, apply_manifest, apply_saved
    from orgctl.cli.asking import confirming
    from orgctl.cli.progress import applying, reading
    from orgctl.reconcile.plan_file import load
    from orgctl.views.outcome import outcome_json, outcome_text
    from orgctl.views.plan_text import plan_text

    if file and (events or hold):
        option = "--events" if events else "--hold"
        raise click.UsageError(f"{option} is for planning: a saved plan says itself what it does")
    if file and adopt:
        raise click.UsageError("--adopt is for planning: a saved plan says itself what it adopts")
    terms = Terms(
        confirm=confirming(yes=yes),
        show=lambda plan: options.print(plan_text(plan)) if form == "text" else None,
        watch=lambda plan: applying(options, plan, log, _remark(plan, skip_tests=skip_tests, skip_replay=skip_replay)),
        warn=lambda sentence: options.say(f"warning: {sentence}"),
        reading=lambda: reading(options),
        allow_guardrail_gap=allow_guardrail_gap,
        allow_close=allow_close,
        skip_tests=skip_tests,
        replaying=replaying(options, events, skip=skip_replay, hold=hold),
        adopt=adopt,
        lock_timeout=lock_timeout,
        break_lock=break_lock,
    )
    if file:
        plan, outcome = apply_saved(load(file), options.connection, terms)
    else:
        plan, outcome = apply_manifest(options.directory, options.connection, terms)
    if form == "json":
        click.echo(outcome_json(plan, outcome))
    else:
        options.print(outcome_text(plan, outcome))
    return 0 if outcome.complete else 1


def _remark(plan: Plan, *, skip_tests: bool, skip_replay: bool) -> str | None:
    """What the log is to say of that was passed over."""
    from orgctl.api.replaying import passed_over_replay
    from orgctl.api.tested import passed_over

    said = [
        *([passed_over(plan.tested)] if skip_tests else []),
        *([passed_over_replay(plan.replayed)] if skip_replay else []),
    ]
    return "; ".join(filter(None, said)) or None
