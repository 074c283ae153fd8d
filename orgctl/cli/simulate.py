"""`orgctl simulate`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from orgctl.cli.running import Globals, pass_globals

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.command()
@click.option("--account", metavar="NAME", help="The account (its name in the manifest, or its id) of the caller.")
@click.option("--action", metavar="SERVICE:ACTION", help="What is asked for: `s3:GetObject`.")
@click.option("--resource", metavar="ARN", help="On what; without it, `*`.")
@click.option("--principal", metavar="ARN", help="Who asks: an ARN, `role/NAME`, `user/NAME`, `root`, a service, `*`.")
@click.option("--resource-account", metavar="NAME", help="The account that the resource is in, if its ARN has none.")
@click.option("--context", metavar="KEY=VALUE", multiple=True, help="A context key; several for one key: many values.")
@click.option("--absent", metavar="KEY", multiple=True, help="A context key that the request does not have.")
@click.option("--unknown", metavar="KEY", multiple=True, help="A context key that nobody knows.")
@click.option("--batch", metavar="FILE", type=_FILE, help="Requests, one JSON object a line (`-`: from stdin).")
@click.option("--from-event", metavar="FILE", type=_FILE, help="An access-denied message or a CloudTrail event.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@pass_globals
def simulate(
    options: Globals,
    /,
    account: str | None,
    batch: Path | None,
    from_event: Path | None,
    form: str,
    **asked: str | tuple[str, ...] | None,
) -> int:
    """Say whether a request passes the organization's policies, and why (not). Needs no AWS.

    The exit status says whether there is an answer, not which: 0, or 3 where a request cannot be read.
    """
    from orgctl.cli.simulate_batch import answer_lines
    from orgctl.cli.simulate_one import answer_event, answer_question

    if batch:
        _refuse("--batch", {**asked, "account": account, "from-event": from_event})
        return answer_lines(options, batch)
    if from_event:
        _refuse("--from-event", asked)
        return answer_event(options, from_event, account, form)
    return answer_question(options, account, form, asked)


def _refuse(mode: str, others: Mapping[str, object]) -> None:
    """Refuse what says of one request what many lines, or an event, say themselves."""
    for name, given in others.items():
        if given:
            raise click.UsageError(f"`{mode}` does not go with `--{name.replace('_', '-')}`")
