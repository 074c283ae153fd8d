"""`orgctl validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.diagnostics import Diagnostic


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="github: annotations of a pull request.",
)
@pass_globals
def validate(options: Globals, paths: tuple[Path, ...], form: str) -> int:
    """Check the manifest, policies, rules and packs, offline: every problem with file, line and column.

    With PATH, only what is wrong in these files and directories; policy files need no manifest then.
    """
    from orgctl.api.validating import validate as problems_of
    from orgctl.diagnostics import Severity
    from orgctl.views.diagnostics import diagnostic_text
    from orgctl.views.wording import counted

    found = problems_of(options.directory, paths)
    errors = sum(problem.severity is Severity.ERROR for problem in found)
    if form == "text":
        for problem in found:
            options.print(diagnostic_text(problem))
        options.say(f"{counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}")
    else:
        click.echo(_data(found, form), nl=form != "github")
    return 3 if errors else 0


def _data(found: tuple[Diagnostic, ...], form: str) -> str:
    from orgctl.api.validating import TITLES
    from orgctl.views.diagnostics import diagnostics_json
    from orgctl.views.github import diagnostics_github
    from orgctl.views.sarif import diagnostics_sarif

    match form:
        case "github":
            return "".join(f"{line}\n" for line in diagnostics_github(found))
        case "sarif":
            return diagnostics_sarif(found, TITLES)
        case _:
            return diagnostics_json(found)
