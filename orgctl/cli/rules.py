"""`orgctl rules`: custom AWS Config rules, from a folder to what is deployed."""

from __future__ import annotations

from pathlib import Path

import click

from orgctl.cli.rules_check import check
from orgctl.cli.rules_test import invoke, test
from orgctl.cli.running import Globals, pass_globals

FREQUENCIES = ("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours")
"""AWS Config's words; written here too, so that `--help` need not read the rules' modules."""


@click.group()
def rules() -> None:
    """Custom AWS Config rules: write, list, test, run and build them, offline."""


@rules.command()
@click.argument("name")
@click.option("--resource-types", "types", metavar="TYPE,…", default="", help="Changes of these trigger it.")
@click.option("--periodic", type=click.Choice(FREQUENCIES), help="How often AWS Config asks it without a change.")
@click.option("--parameters", metavar="NAME,…", default="", help="`Name:required` or `Name=default`, with commas.")
@click.option("--guard", is_flag=True, help="A policy of CloudFormation Guard in place of Python.")
@pass_globals
def new(options: Globals, name: str, types: str, periodic: str | None, parameters: str, guard: bool) -> int:
    """Lay down a rule that works: code, tests that pass, a fixture, a page. Nothing is written over."""
    from orgctl.rules.scaffold.wanted import asked
    from orgctl.rules.scaffold.writing import write_rule

    for path in write_rule(options.directory, asked(name, types, periodic, parameters, guard=guard)):
        click.echo(path)
    options.say(f"run its tests with `orgctl rules test {name}`, then change both")
    return 0


@rules.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def list_(options: Globals, form: str) -> int:
    """The rules in config_rules/: what triggers them, their parameters, and the packs that use them.

    Exit status: 0; 3 if a folder holds no usable rule: what is wrong with it goes to stderr.
    """
    from orgctl.api.rules import list_rules
    from orgctl.cli.problems import say_problems
    from orgctl.views.rules import rules_json, rules_text

    listed = list_rules(options.directory)
    if form == "json":
        click.echo(rules_json(listed))
    else:
        options.print(rules_text(listed))
    return say_problems(options, listed.problems)


@rules.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("build"), show_default=True, metavar="DIR"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def build(options: Globals, names: tuple[str, ...], out: Path, form: str) -> int:
    """Write the zip of each rule (or of the rules NAME) for Lambda: the same bytes from the same files, anywhere."""
    from orgctl.api.rules import build_rules
    from orgctl.views.rules import built_json, built_text

    built = build_rules(options.directory, names, out)
    if form == "json":
        click.echo(built_json(built))
    else:
        options.print(built_text(built))
    return 0


for command in (test, invoke, check):
    rules.add_command(command)
