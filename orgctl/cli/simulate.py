"""`orgctl simulate`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from orgctl.cli.running import INVALID_INPUT, Globals, pass_globals

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from orgctl.policy.ruling import Ruling

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
    action: str | None,
    batch: Path | None,
    from_event: Path | None,
    form: str,
    **request: str | tuple[str, ...] | None,
) -> int:
    """Say whether a request passes the organization's policies, and why (not). Needs no AWS.

    The exit status says whether there is an answer, not which: 0, or 3 where a request cannot be read.
    """
    if batch or from_event:
        others = [name for name, given in (("action", action), *request.items()) if given]
        others += ["account"] if batch and account else []
        others += ["from-event"] if batch and from_event else []
        if others:
            mode = "--batch" if batch else "--from-event"
            raise click.UsageError(f"`{mode}` does not go with `--{others[0].replace('_', '-')}`")
    if batch:
        return _batch(options, batch)
    if from_event:
        _show(options, _blamed(options, from_event, account), form, several=True)
        return 0
    if account is None or action is None:
        raise click.UsageError("say which `--account` and which `--action`")
    _show(options, (_ruled(options, account, action, request),), form)
    return 0


def _ruled(options: Globals, account: str, action: str, request: dict[str, str | tuple[str, ...] | None]) -> Ruling:
    from orgctl.api.request_syntax import read_context
    from orgctl.api.simulating import Question
    from orgctl.api.simulating import simulate as ask

    context = {**read_context(request.pop("context") or ()), **dict.fromkeys(request.pop("absent") or (), ())}
    return ask(options.directory, Question(account, action, context=context, **request))  # type: ignore[arg-type]


def _blamed(options: Globals, file: Path, account: str | None) -> tuple[Ruling, ...]:
    from orgctl.api.blaming import blame

    with _opened(file) as stream:
        return blame(options.directory, stream.read().decode("utf-8-sig", "replace"), account)


def _batch(options: Globals, file: Path) -> int:
    from orgctl.api.batch import Batch
    from orgctl.api.simulating import Court
    from orgctl.manifest import load
    from orgctl.views.wording import counted

    batch = Batch(lambda: Court(load(options.directory)))
    with _opened(file) as stream:
        at_once = stream is sys.stdin.buffer and not stream.seekable()
        for answer in batch.answers(stream):
            sys.stdout.write(f"{answer}\n")
            if at_once:
                sys.stdout.flush()  # whoever writes requests into a pipe may wait for the answer to each
    sys.stdout.flush()
    if batch.trouble:
        raise batch.trouble
    if batch.errors:
        options.say(f"error: {counted(batch.errors, 'line')} of {batch.lines:,} could not be answered")
    return INVALID_INPUT if batch.errors else 0


def _opened(file: Path) -> AbstractContextManager[BinaryIO]:
    from orgctl.errors import InvalidInputError

    if str(file) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        raise InvalidInputError(f"`{file}` cannot be read: {error.strerror}") from error


def _show(options: Globals, rulings: tuple[Ruling, ...], form: str, *, several: bool = False) -> None:
    from orgctl.views.decision_json import decision_json, decisions_json
    from orgctl.views.decision_text import decision_text

    if form == "json":
        click.echo(decisions_json(rulings) if several else decision_json(rulings[0]))
        return
    for number, ruling in enumerate(rulings):
        if number:
            click.echo()
        options.print(decision_text(ruling))
