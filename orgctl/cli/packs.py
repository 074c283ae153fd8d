"""`orgctl packs`: conformance packs, from a file to a template."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from orgctl.cli.running import Globals, pass_globals


@click.group()
def packs() -> None:
    """Conformance packs of AWS Config: list and build them, offline."""


@packs.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def list_(options: Globals, form: str) -> int:
    """The packs in conformance_packs/: their rules, and the accounts and regions that they are for.

    Exit status: 0; 3 if there is an error in one: what is wrong goes to stderr.
    """
    from orgctl.api.packs import list_packs
    from orgctl.cli.problems import say_problems
    from orgctl.views.packs import packs_json, packs_text

    listed = list_packs(options.directory, datetime.now(UTC).date())
    if form == "json":
        click.echo(packs_json(listed))
    else:
        options.print(packs_text(listed))
    return say_problems(options, listed.problems)


@packs.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("build"), show_default=True, metavar="DIR"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def build(options: Globals, names: tuple[str, ...], out: Path, form: str) -> int:
    """Write the template of each pack (or of the packs NAME) for each region, as `apply` deploys it.

    Templates are checked by cfn-lint too, where it is installed.
    """
    from orgctl.api.packs import write_packs
    from orgctl.packs.linting import installed
    from orgctl.views.packs import written_json, written_text

    written = write_packs(options.directory, names, out, datetime.now(UTC).date())
    if form == "json":
        click.echo(written_json(written))
    else:
        options.print(written_text(written))
    if not installed():
        options.say("cfn-lint was not asked: it is not installed (`pip install orgctl[rules]`)")
    return 0
