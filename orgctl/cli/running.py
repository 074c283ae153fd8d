"""How every command runs: its global options, its two streams, and how its errors end."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from orgctl.api.connection import Connection

INVALID_INPUT = 3

UNPACED = "ORGCTL_UNPACED"
"""The variable that a sandbox without throttling sets to 1: there are no rates to keep."""


@dataclass
class Globals:
    """The options that stand before the command, and the consoles that they lead to."""

    directory: Path = Path()
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    verbose: bool = False
    no_color: bool = False

    def __post_init__(self) -> None:
        if self.verbose:
            logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
            logging.getLogger("orgctl").setLevel(logging.DEBUG)

    @cached_property
    def connection(self) -> Connection:
        """How to reach AWS."""
        from orgctl.api.connection import Connection

        paced = os.environ.get(UNPACED, "") != "1"
        return Connection(self.profile, self.region, self.endpoint_url, paced=paced)

    @cached_property
    def out(self) -> Console:
        """Data."""
        return _console(no_color=self.no_color, stderr=False)

    @cached_property
    def talk(self) -> Console:
        """Everything that is not data."""
        return _console(no_color=self.no_color, stderr=True)

    def print(self, lines: Iterable[Text]) -> None:
        """Data, line by line; long lines are left to the terminal."""
        for line in lines:
            self.out.print(line, soft_wrap=True)

    def say(self, line: Text | str) -> None:
        """Talk, not data; long lines are left to the terminal."""
        self.talk.print(line, soft_wrap=True)


def _console(*, no_color: bool, stderr: bool) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, no_color=no_color or None, highlight=False, markup=False, emoji=False)


pass_globals = click.make_pass_decorator(Globals, ensure=True)


_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def _discard_output() -> None:
    """What is still in buffers of stdout is not tried once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Program(click.Group):
    """A group whose errors end in one clear message and orgctl's own exit status."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a command line, and exit."""
        kwargs["standalone_mode"] = False
        try:
            status = super().main(*args, **kwargs)
        except click.ClickException as error:
            error.show()
            sys.exit(INVALID_INPUT)
        except (click.Abort, KeyboardInterrupt):
            click.echo("\nstopped; nothing more was done", err=True)
            sys.exit(1)
        except BrokenPipeError:
            _discard_output()
            sys.exit(1)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            _discard_output()
            click.echo(f"error: there is no room to write: {str(error.strerror).lower()}", err=True)
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, context: click.Context) -> Any:
        """Run the command, and tell its errors."""
        from orgctl.errors import OrgctlError

        try:
            return super().invoke(context)
        except OrgctlError as error:
            from orgctl.views.diagnostics import error_text

            options = context.obj or Globals()
            for line in error_text(error):
                options.say(line)
            if options.verbose:
                logging.getLogger("orgctl").debug("raised from", exc_info=error)
            return error.exit_status
