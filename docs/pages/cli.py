"""The command line, from click."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from docs.pages.markdown import block, code, table
from orgctl.cli import orgctl

_INTRODUCTION = """\
# The command line

Data goes to stdout, talk (progress, notes, errors) to stderr; a pipe sees data alone. AWS's own environment variables
(`AWS_PROFILE`, `AWS_ENDPOINT_URL`, …) mean what they mean everywhere, and `NO_COLOR` turns colours off.

| exit status | means |
| --- | --- |
| 0 | done |
| 1 | it failed, was refused, or was not confirmed |
| 2 | `orgctl plan --detailed-exitcode` found something to do |
| 3 | invalid input: the usage, the manifest, a policy, a plan file |

`ORGCTL_UNPACED=1` lets calls go without keeping AWS's rates. A [sandbox](../guides/sandbox.md) that does not throttle
exports it; do not set it for AWS itself, which would throttle you and everybody else who reads the organization.
"""


def page() -> str:
    """The whole command line, the global options first."""
    return "\n".join([_INTRODUCTION, *_command(orgctl, _context(orgctl))])


def _context(program: click.Command) -> click.Context:
    return click.Context(program, info_name="orgctl", help_option_names=["-h", "--help"])


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n"
    yield f"{cleandoc(command.help or '')}\n"
    yield block("text", context.command_path + " " + " ".join(command.collect_usage_pieces(context)))
    rows = [record for p in command.get_params(context) if (record := p.get_help_record(context)) is not None]
    yield from table(("option", "what it does"), ((code(option), text) for option, text in rows))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _command(inner, click.Context(inner, info_name=name, parent=context))
