"""`orgctl test`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.api.testing import PolicyTests
    from orgctl.policytest.coverage import Coverage
    from orgctl.policytest.mutation import Mutation
    from orgctl.policytest.result import Report

_OUT = click.Path(path_type=Path, dir_okay=False)


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("-k", "keyword", metavar="EXPR", help="Only cases whose file and name fit: `hsm and not root`.")
@click.option("--last-failed", is_flag=True, help="Only cases that failed last time (all if none did).")
@click.option("-v", "--verbose", is_flag=True, help="Name every case.")
@click.option("--coverage", "cover", is_flag=True, help="Say which statements and conditions no test makes decide.")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="N", help="Fail if coverage is below N percent.")
@click.option("--mutate", is_flag=True, help="Break the policies one way after another; fail if no test notices.")
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
    cover: bool,
    fail_under: float | None,
    mutate: bool,
    junit: Path | None,
    form: str,
) -> int:
    """Run the policy tests, offline: all of them, or those in the files and folders PATHS.

    Exit status: 0 all passed; 1 some failed, coverage is too low, or a mutant survived; 3 a test file cannot be used.
    """
    from orgctl.cli.test_progress import told

    tests = _read(options, paths, keyword, last_failed, form)
    with told(options, verbose=verbose or options.verbose, silent=form != "text") as observer:
        report = tests.run(observer)
    covered = tests.coverage() if cover or fail_under is not None else None
    mutated = None
    if mutate:
        from orgctl.cli.progress import bar

        with bar(options, "mutating policies") as (progress, task):
            mutated = tests.mutation(lambda done, total: progress.update(task, completed=done, total=total))
    if junit:
        from orgctl.views.test_report_junit import report_junit

        junit.write_text(report_junit(report), encoding="utf-8")
    _show(options, form, report, covered, mutated)
    too_low = covered is not None and fail_under is not None and covered.percent < fail_under
    if too_low and covered:
        options.say(f"error: coverage is {int(covered.percent * 10) / 10:g} %, below {fail_under:g} %")
    return 1 if report.failed or too_low or (mutated and mutated.survivors) else 0


def _read(options: Globals, paths: tuple[Path, ...], keyword: str | None, last_failed: bool, form: str) -> PolicyTests:
    from orgctl.api.testing import PolicyTests
    from orgctl.errors import InvalidInputError
    from orgctl.views.github import diagnostics_github

    try:
        return PolicyTests(options.directory, paths, keyword=keyword, only_failed=last_failed)
    except InvalidInputError as error:
        for line in diagnostics_github(error.diagnostics) if form == "github" else ():
            click.echo(line)
        raise


def _show(options: Globals, form: str, report: Report, covered: Coverage | None, mutated: Mutation | None) -> None:
    from orgctl.views.test_report import report_text
    from orgctl.views.test_report_coverage import coverage_data, coverage_text, mutation_data, mutation_text
    from orgctl.views.test_report_github import report_github
    from orgctl.views.test_report_json import report_json

    if form == "json":
        more: dict[str, object] = {"coverage": coverage_data(covered)} if covered else {}
        more |= {"mutation": mutation_data(mutated)} if mutated else {}
        click.echo(report_json(report, more))
        return
    if covered:
        options.print(coverage_text(covered))
    if mutated:
        options.print(mutation_text(mutated))
    options.print(report_text(report))
    for line in report_github(report) if form == "github" else ():
        click.echo(line)
