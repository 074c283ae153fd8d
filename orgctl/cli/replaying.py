"""The options by which `plan` and `apply` are told of recorded events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from orgctl.cli.running import Globals

if TYPE_CHECKING:
    from orgctl.api.replaying import Replaying

Command = Callable[..., Any]  # Any: a command returns whatever its group understands


def replay_options(command: Command) -> Command:
    """`--events PATH`, `--skip-replay` and `--hold`."""
    command = click.option("--hold", is_flag=True, help="Let no staged policy go on to its next stage.")(command)
    command = click.option(
        "--skip-replay", is_flag=True, help="Do not look at recorded events, nor mind what they said of a saved plan."
    )(command)
    return click.option(
        "--events",
        multiple=True,
        metavar="PATH",
        help="Say what it would have denied of these events, files or folders of CloudTrail's.",
    )(command)


def replaying(options: Globals, events: tuple[str, ...], *, skip: bool = False, hold: bool = False) -> Replaying:
    """What the options say, with a bar for whatever is read."""
    from orgctl.api.replaying import Replaying
    from orgctl.cli.progress import reading_events

    if events and skip:
        raise click.UsageError("`--events` and `--skip-replay` contradict each other")
    return Replaying(events, skip=skip, hold=hold, reading=lambda: reading_events(options))
