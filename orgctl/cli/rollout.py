"""`orgctl rollout`."""

from __future__ import annotations

import click

from orgctl.cli.running import Globals, pass_globals


@click.group()
def rollout() -> None:
    """Staged rollouts of policies."""


@rollout.command()
@click.option("--events", multiple=True, metavar="PATH", help="Look at these events, not at those of the manifest.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def status(options: Globals, events: tuple[str, ...], form: str) -> int:
    """Show how far staged policies have got, what was denied, and what the next apply does about it."""
    from orgctl.api.rollout_status import rollout_status
    from orgctl.cli.progress import reading
    from orgctl.cli.replaying import replaying
    from orgctl.views.rollout_json import status_json
    from orgctl.views.rollout_text import status_text

    looking = replaying(options, events)
    with reading(options) as progress:
        found = rollout_status(options.directory, options.connection, looking, progress)
    if form == "json":
        click.echo(status_json(found), nl=False)
    else:
        options.print(status_text(found))
    return 0
