"""`orgctl simulate`."""

from __future__ import annotations

import click

from orgctl.cli.running import Globals, pass_globals


@click.command()
@click.option("--account", metavar="NAME", help="The account (its name in the manifest, or its id) of the caller.")
@click.option("--action", metavar="SERVICE:ACTION", help="What is asked for: `s3:GetObject`.")
@click.option("--resource", metavar="ARN", help="On what; without it, `*`.")
@click.option("--principal", metavar="ARN", help="Who asks: an ARN, `role/NAME`, `user/NAME`, `root`, a service, `*`.")
@click.option("--resource-account", metavar="NAME", help="The account that the resource is in, if its ARN has none.")
@click.option("--context", metavar="KEY=VALUE", multiple=True, help="A context key; several for one key: many values.")
@click.option("--unknown", metavar="KEY", multiple=True, help="A context key that nobody knows.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def simulate(
    options: Globals,
    account: str | None,
    action: str | None,
    resource: str | None,
    principal: str | None,
    resource_account: str | None,
    context: tuple[str, ...],
    unknown: tuple[str, ...],
    form: str,
) -> None:
    """Say whether a request passes the organization's policies, and why (not). Needs no AWS."""
    from orgctl.api.request_syntax import read_context
    from orgctl.api.simulating import Question
    from orgctl.api.simulating import simulate as ask
    from orgctl.views.decision_json import decision_json
    from orgctl.views.decision_text import decision_text

    if account is None or action is None:
        raise click.UsageError("say which `--account` and which `--action`")
    question = Question(account, action, resource, principal, read_context(context), unknown, resource_account)
    ruling = ask(options.directory, question)
    if form == "json":
        click.echo(decision_json(ruling))
    else:
        options.print(decision_text(ruling))
