"""`orgctl validate`."""

from __future__ import annotations

import click

from orgctl.cli.running import Globals, pass_globals


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def validate(options: Globals, form: str) -> int:
    """Check the manifest and the policies, offline: every problem with file, line and column."""
    from orgctl.diagnostics import Severity
    from orgctl.manifest import problems
    from orgctl.views.diagnostics import diagnostic_text, diagnostics_json
    from orgctl.views.wording import counted

    found = problems(options.directory)
    errors = sum(problem.severity is Severity.ERROR for problem in found)
    if form == "json":
        click.echo(diagnostics_json(found))
    else:
        for problem in found:
            options.print(diagnostic_text(problem))
        warnings = len(found) - errors
        options.say(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}")
    return 3 if errors else 0
