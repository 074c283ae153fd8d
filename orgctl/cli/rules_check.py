"""`orgctl rules check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgctl.cli.rules_test import pairs
from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from orgctl.rules.template.finding import Checked


@click.command()
@click.argument(
    "templates", nargs=-1, required=True, metavar="TEMPLATE...", type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--parameter",
    "parameters",
    metavar="KEY=VALUE",
    multiple=True,
    help="A value of a template's parameter, or of AWS::Region, AWS::AccountId and the like.",
)
@click.option("--fail-on-undecided", is_flag=True, help="Fail, too, if something cannot be told before deployment.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text", show_default=True
)
@pass_globals
def check(
    options: Globals, templates: tuple[Path, ...], parameters: tuple[str, ...], fail_on_undecided: bool, form: str
) -> int:
    """Ask the rules about CloudFormation or SAM templates, before anything is deployed.

    Each resource becomes the configuration item that AWS Config would record; rules get the parameters that the packs
    give them. What the template does not say (a parameter without a value, an import) is undecided, not guessed.

    Exit status: 0 no violation; 1 there is one; 3 a template or rule cannot be used.
    """
    from orgctl.api.rule_checks import check_templates
    from orgctl.rules.template.finding import Verdict
    from orgctl.views.rule_findings import checked_json, checked_text, summary

    checked = check_templates(options.directory, templates, pairs(parameters), options.region)
    if form == "json":
        click.echo(checked_json(checked))
    elif form == "text":
        options.print(checked_text(checked))
        options.say(summary(checked))
    else:
        click.echo(_problems(options, checked, form), nl=form == "sarif")
    undecided = checked.count(Verdict.UNDECIDED) if fail_on_undecided else 0
    return 1 if checked.count(Verdict.NON_COMPLIANT) or undecided else 0


def _problems(options: Globals, checked: Checked, form: str) -> str:
    from orgctl.api.rules import list_rules
    from orgctl.views.github import diagnostics_github
    from orgctl.views.sarif import diagnostics_sarif

    found = [finding.diagnostic for finding in checked.findings if finding.diagnostic]
    if form == "github":
        return "".join(f"{line}\n" for line in diagnostics_github(found))
    return diagnostics_sarif(found, {rule.name: rule.summary for rule in list_rules(options.directory).rules})
