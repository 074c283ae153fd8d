"""`orgctl permissions`."""

from __future__ import annotations

import click

from orgctl.cli.running import Globals, pass_globals

_TITLES = {
    "caller": "for whoever runs `orgctl {command_line}` in account {management_account}",
    "access_role": "for the role `{access_role}` in the account of the bucket ({bucket_account})",
    "administrator": "for the role `{access_role}` in the account that administers AWS Config ({config_account})",
    "member": "for the role `{access_role}` in every account, to see whether AWS Config records there",
    "access_role_trust": "the trust policy of that role",
}


@click.command()
@click.argument("command", type=click.Choice(["plan", "apply", "compliance", "impact"]))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def permissions(options: Globals, command: str, form: str) -> None:
    """Print the least IAM policies that a command needs for the manifest here; `compliance` is `compliance report`."""
    import json
    from dataclasses import asdict

    from orgctl.api.permissions import names_for
    from orgctl.aws.permissions import Command, policies

    names = names_for(options.directory)
    documents = {key: value for key, value in asdict(policies(Command(command), names)).items() if value is not None}
    if form == "json":
        click.echo(json.dumps({"format_version": 1, "command": command, "policies": documents}, indent=2))
        return
    for key, document in documents.items():
        click.echo(f"# {_TITLES[key].format(command_line=Command(command).command_line, **asdict(names))}\n")
        click.echo(json.dumps(document, indent=2) + "\n")
