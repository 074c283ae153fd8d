"""The command line: arguments → api → view → exit status. Nothing else lives here, and click lives nowhere else.

Exit status: 0 done; 1 it failed; 2 `plan --detailed-exitcode` with changes; 3 invalid input.
Modules of commands import what they need inside their functions, so that `orgctl --help` answers at once.
"""

from __future__ import annotations

from pathlib import Path

import click

from orgctl import __version__
from orgctl.cli.apply import apply
from orgctl.cli.compliance import compliance
from orgctl.cli.graph import graph
from orgctl.cli.impact import impact
from orgctl.cli.import_ import import_
from orgctl.cli.packs import packs
from orgctl.cli.permissions import permissions
from orgctl.cli.plan import plan
from orgctl.cli.rollout import rollout
from orgctl.cli.rules import rules
from orgctl.cli.running import Globals, Program
from orgctl.cli.sandbox import sandbox
from orgctl.cli.simulate import simulate
from orgctl.cli.test import test
from orgctl.cli.validate import validate


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    default=".",
    type=click.Path(path_type=Path),
    help="The directory of organization.yaml.",
)
@click.option("--profile", help="The AWS profile to use.")
@click.option("--region", help="The AWS region to use.")
@click.option("--endpoint-url", help="Where AWS is: for the sandbox.")
@click.option("-v", "--verbose", is_flag=True, help="Say what is done, on stderr.")
@click.option("--no-color", is_flag=True, help="No colours (as NO_COLOR).")
@click.version_option(__version__, prog_name="orgctl")
@click.pass_context
def orgctl(
    context: click.Context,
    directory: Path,
    profile: str | None,
    region: str | None,
    endpoint_url: str | None,
    verbose: bool,
    no_color: bool,
) -> None:
    """Keep an AWS Organization in git: plan, prove and apply its accounts, policies and trail."""
    context.obj = Globals(directory, profile, region, endpoint_url, verbose=verbose, no_color=no_color)


for command in (
    validate,
    plan,
    apply,
    compliance,
    import_,
    graph,
    impact,
    packs,
    permissions,
    rollout,
    rules,
    sandbox,
    simulate,
    test,
):
    orgctl.add_command(command)
