"""`orgctl compliance`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.compliance.report import Report


@click.group()
def compliance() -> None:
    """What AWS Config says of all accounts, read from the organization's aggregator."""


@compliance.command()
@click.option("--account", "accounts", multiple=True, metavar="NAME|ID", help="Only this account; may be repeated.")
@click.option("--ou", "units", multiple=True, metavar="ou:/PATH", help="Only accounts in this OU; may be repeated.")
@click.option("--rule", metavar="NAME", help="Only this rule, as its pack or as AWS Config calls it.")
@click.option("--pack", metavar="NAME", help="Only the rules of this pack.")
@click.option("--resource", metavar="ID|ARN", help="All that rules say of one resource.")
@click.option("--all", "everything", is_flag=True, help="Leave nothing out; list every resource that does not comply.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option(
    "--waivers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of waivers, in place of `waivers.yaml`.",
)
@click.option("--fail-on-noncompliant", is_flag=True, help="Exit with 1 if a check does not comply and is not waived.")
@pass_globals
def report(
    options: Globals,
    accounts: tuple[str, ...],
    units: tuple[str, ...],
    rule: str | None,
    pack: str | None,
    resource: str | None,
    everything: bool,
    form: str,
    waivers: Path | None,
    fail_on_noncompliant: bool,
) -> int:
    """Who complies: by pack, rule, OU and account, waivers applied, and who says nothing. Writes nothing.

    With an account, a rule or a resource it goes down to single resources; with a resource, or a rule and an account,
    to what the rules said, and since when. CSV has a line for each rule that a resource does not comply with.
    """
    from orgctl.api.compliance import Question, compliance_report
    from orgctl.cli.progress import reading

    question = Question(accounts, units, rule, pack, resource)
    listed = everything or form == "csv"
    with reading(options) as progress:
        made = compliance_report(
            options.directory,
            options.connection,
            question,
            every_resource=listed,
            waivers=waivers,
            progress=progress,
        )
    _show(options, made, form, everything=everything)
    return 1 if fail_on_noncompliant and made.totals.non_compliant else 0


def _show(options: Globals, made: Report, form: str, *, everything: bool) -> None:
    from orgctl.views.compliance_csv import compliance_csv
    from orgctl.views.compliance_json import compliance_json
    from orgctl.views.compliance_text import compliance_text

    if form == "json":
        click.echo(compliance_json(made))
    elif form == "csv":
        for line in compliance_csv(made):
            click.echo(line, nl=False)
    else:
        options.print(compliance_text(made, everything=everything))
