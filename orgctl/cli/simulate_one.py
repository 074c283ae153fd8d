"""`orgctl simulate` for one request that is typed, or for what AWS recorded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orgctl.api.blaming import blame
from orgctl.api.request_syntax import read_context
from orgctl.api.simulating import Question
from orgctl.api.simulating import simulate as ask
from orgctl.cli.input_file import opened
from orgctl.views.decision_json import decision_json, decisions_json
from orgctl.views.decision_text import decision_text

if TYPE_CHECKING:
    from orgctl.cli.running import Globals
    from orgctl.policy.ruling import Ruling


def answer_question(options: Globals, account: str | None, form: str, asked: Mapping[str, Any]) -> int:
    """Answer the request that the options make. Raises UsageError where they make none."""
    given = dict(asked)
    action, context, absent = given.pop("action"), given.pop("context"), given.pop("absent")
    if account is None or action is None:
        raise click.UsageError("say which `--account` and which `--action`")
    keys = {**read_context(context or ()), **dict.fromkeys(absent or (), ())}
    ruling = ask(options.directory, Question(account, action, context=keys, **given))
    if form == "json":
        click.echo(decision_json(ruling))
    else:
        options.print(decision_text(ruling))
    return 0


def answer_event(options: Globals, file: Path, account: str | None, form: str) -> int:
    """Answer what a message or CloudTrail's JSON tells of."""
    with opened(file) as stream:
        rulings = blame(options.directory, stream.read().decode("utf-8-sig", "replace"), account)
    if form == "json":
        click.echo(decisions_json(rulings))
    else:
        _print(options, rulings)
    return 0


def _print(options: Globals, rulings: tuple[Ruling, ...]) -> None:
    for number, ruling in enumerate(rulings):
        if number:
            click.echo()
        options.print(decision_text(ruling))
