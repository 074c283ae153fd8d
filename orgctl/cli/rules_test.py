"""`orgctl rules test` and `orgctl rules invoke`."""

from __future__ import annotations

from pathlib import Path

import click

from orgctl.cli.running import Globals, pass_globals


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-v", "--verbose", is_flag=True, help="Name every case.")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML to this file, too.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def test(options: Globals, names: tuple[str, ...], verbose: bool, junit: Path | None, form: str) -> int:
    """Run the tests of all rules (or of the rules NAME), each in a process of its own, without AWS.

    A rule's own unittest cases; then its handler, end to end, with each fixture; of Guard rules the cases beside them.

    Exit status: 0 all passed; 1 some failed; 3 a rule's folder cannot be used.
    """
    from orgctl.api.rule_tests import run
    from orgctl.views.rule_tests import failures_text, report_json, report_junit, rule_line

    chatty = verbose or options.verbose
    report = run(
        options.directory,
        names,
        (lambda result: options.print(rule_line(result, verbose=chatty))) if form == "text" else None,
    )
    if junit:
        junit.write_text(report_junit(report), encoding="utf-8")
    if form == "json":
        click.echo(report_json(report))
    else:
        options.print(failures_text(report))
    return 1 if report.failed else 0


@click.command()
@click.argument("name")
@click.option(
    "--event",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A configuration item, or an event of AWS Config's around one: JSON or YAML.",
)
@click.option("--parameter", "parameters", metavar="KEY=VALUE", multiple=True, help="An input parameter of the rule.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def invoke(options: Globals, name: str, file: Path, parameters: tuple[str, ...], form: str) -> int:
    """Ask the rule NAME about one configuration item; nothing is put into AWS Config.

    Calls that the rule makes go to AWS with your credentials. Parameters that are not given are those of the first pack
    with the rule, else the defaults.

    Exit status: 0 it was evaluated, whatever came of it; 1 the rule raised; 3 a file or parameter cannot be used.
    """
    from orgctl.api.rule_tests import invoke as ask
    from orgctl.views.rule_tests import evaluations_json, evaluations_text

    evaluations, run = ask(options.directory, name, file, pairs(parameters), environment(options))
    if run and run.output and options.verbose:
        options.say(run.output.rstrip())
    if form == "json":
        click.echo(evaluations_json(name, evaluations))
    else:
        options.print(evaluations_text(evaluations))
    return 0


def pairs(texts: tuple[str, ...]) -> dict[str, str]:
    """`KEY=VALUE`s as a mapping. Raises InvalidInputError for one without `=`."""
    from orgctl.errors import InvalidInputError

    for text in texts:
        if "=" not in text:
            raise InvalidInputError(f"`{text}` is not KEY=VALUE", hint="write `--parameter KEY=VALUE`")
    return {key: value for key, _, value in (text.partition("=") for text in texts)}


def environment(options: Globals) -> dict[str, str]:
    """The global options as AWS's own variables say them."""
    given = {
        "AWS_PROFILE": options.profile,
        "AWS_REGION": options.region,
        "AWS_DEFAULT_REGION": options.region,
        "AWS_ENDPOINT_URL": options.endpoint_url,
    }
    return {name: value for name, value in given.items() if value}
