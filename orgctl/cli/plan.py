"""`orgctl plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.replaying import replay_options, replaying
from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.reconcile.plan import Plan

CHANGES = 2


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan, for `orgctl apply FILE`.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@click.option("--adopt", is_flag=True, help="Take over what the manifest names and orgctl does not own yet.")
@click.option("--calls", is_flag=True, help="Show every call, however many.")
@click.option("--skip-tests", is_flag=True, help="Do not run the policy tests.")
@replay_options
@pass_globals
def plan(
    options: Globals,
    out: Path | None,
    form: str,
    detailed_exitcode: bool,
    adopt: bool,
    calls: bool,
    skip_tests: bool,
    events: tuple[str, ...],
    skip_replay: bool,
    hold: bool,
) -> int:
    """Show what would change in AWS, and what it does to access. Writes nothing.

    Runs the policy tests too, and exits with 1 if they fail, or if it denies of what was recorded what the manifest's
    `replay.fail_on` forbids.
    """
    from orgctl.api.planning import plan as make
    from orgctl.cli.progress import reading
    from orgctl.reconcile.plan_file import save

    looking = replaying(options, events, skip=skip_replay, hold=hold)
    with reading(options) as progress:
        saved = make(
            options.directory,
            options.connection,
            adopt=adopt,
            skip_tests=skip_tests,
            replaying=looking,
            progress=progress,
        )
    show(options, saved.plan, form, calls=calls)
    if saved.plan.problems:
        return 1
    if out:
        save(saved, out)
        options.say(f"saved to `{out}`; apply it with `orgctl apply {out}`")
    if (saved.plan.tested and saved.plan.tested.failed) or (saved.plan.replayed and saved.plan.replayed.fails):
        return 1
    return CHANGES if detailed_exitcode and not saved.plan.is_empty else 0


def show(options: Globals, plan: Plan, form: str, *, calls: bool = False) -> None:
    """Print a plan in one of its forms."""
    import json

    from orgctl.reconcile.plan_json import to_json
    from orgctl.views.plan_markdown import plan_markdown
    from orgctl.views.plan_text import plan_text

    if form == "json":
        click.echo(json.dumps(to_json(plan), indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo(plan_markdown(plan), nl=False)
    else:
        options.print(plan_text(plan, all_calls=calls))
