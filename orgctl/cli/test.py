"""`orgctl test`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.policytest.result import Report

_OUT = click.Path(path_type=Path, dir_okay=False)


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-k", "keyword", metavar="EXPR", help="Only cases whose file and name fit: `hsm and not root`.")
@click.option("--last-failed", is_flag=True, help="Only cases that failed last time (all if none did).")
@click.option("-v", "--verbose", is_flag=True, help="Name every case.")
@click.option("--junit", type=_OUT, help="Write JUnit XML to this file, too.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@pass_globals
def test(
    options: Globals,
    /,
    paths: tuple[Path, ...],
    keyword: str | None,
    last_failed: bool,
    verbose: bool,
    junit: Path | None,
    form: str,
) -> int:
    """Run the policy tests, offline: all of them, or those in the files and folders PATHS.

    Exit status: 0 all passed; 1 some failed; 3 a test file cannot be used.
    """
    from orgctl.api.testing import PolicyTests
    from orgctl.cli.test_progress import told
    from orgctl.errors import InvalidInputError
    from orgctl.views.github import diagnostics_github
    from orgctl.views.test_report_junit import report_junit

    try:
        tests = PolicyTests(options.directory, paths, keyword=keyword, only_failed=last_failed)
    except InvalidInputError as error:
        for line in diagnostics_github(error.diagnostics) if form == "github" else ():
            click.echo(line)
        raise
    with told(options, verbose=verbose or options.verbose, silent=form != "text") as observer:
        report = tests.run(observer)
    if junit:
        junit.write_text(report_junit(report), encoding="utf-8")
    _show(options, report, form)
    return 1 if report.failed else 0


def _show(options: Globals, report: Report, form: str) -> None:
    from orgctl.views.test_report import report_text
    from orgctl.views.test_report_github import report_github
    from orgctl.views.test_report_json import report_json

    if form == "json":
        click.echo(report_json(report))
        return
    options.print(report_text(report))
    if form == "github":
        for line in report_github(report):
            click.echo(line)
