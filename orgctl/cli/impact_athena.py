"""`orgctl impact --athena`: what is said of queries beside their outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from orgctl.cli.running import Globals
from orgctl.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from orgctl.api.impact import Wanted
    from orgctl.api.impact_asking import Asking
    from orgctl.api.impact_explaining import Explained
    from orgctl.replay.athena.running import Query
    from orgctl.replay.verdicts.impact import Impact


def impact_by(options: Globals, wanted: Wanted, *, copy: bool) -> Impact:
    """The impact; if `copy`, of copies. The scan that is to be expected is told before, and what was scanned after."""
    from orgctl.api.impact_athena import impact_by_athena
    from orgctl.cli.progress import bar
    from orgctl.views.impact_scan import scanned

    asked = _asked(options, wanted)
    if copy:
        asked = _copied(options, asked)
    options.say(_expected(options, asked))
    with bar(options, "querying", len(asked.queries)) as (progress, task):
        found = impact_by_athena(
            asked, options.connection, tell=lambda done, total: progress.update(task, completed=done, total=total)
        )
    options.say(scanned(found.scanned, found.queries, found.started))
    return found.impact


def _copied(options: Globals, asked: Asking) -> Asking:
    """The question as it reads copies, which are made of days that are over; what that takes is told likewise."""
    from orgctl.api.impact_athena import copied, copying
    from orgctl.cli.progress import bar
    from orgctl.views.impact_scan import scanned

    queries = copying(asked)
    if not queries:
        return asked
    options.say(f"copying: {_expected(options, replace(asked, queries=queries))}")
    with bar(options, "copying", len(queries)) as (progress, task):
        found = copied(
            asked,
            queries,
            options.connection,
            tell=lambda done, total: progress.update(task, completed=done, total=total),
        )
    options.say(f"copying: {scanned(found.scanned, found.queries, found.started)}")
    return found.asked


def explained_by(options: Globals, wanted: Wanted, event: str) -> Explained:
    """The decision on one event, fetched from the trail."""
    from orgctl.api.impact_athena import explain_by_athena

    return explain_by_athena(_asked(options, wanted), options.connection, event)


def show_queries(options: Globals, wanted: Wanted, out: Path | None, *, copy: bool) -> int:
    """The queries as they would be run, and nothing is; not even the scan is estimated."""
    from orgctl.api.impact_athena import copying
    from orgctl.cli.output_file import write

    asked, written = _asked(options, wanted), ""
    if copy:
        attempts = [(query, query.attempt()) for query in copying(asked)]
        written = "".join(f"-- a copy of {query.piece}\n{query.text(attempt)};\n\n" for query, attempt in attempts)
        asked = asked.over(query.copy(attempt, {}) for query, attempt in attempts)
    written += _written(asked.queries)
    if out:
        write(out, written)
    else:
        click.echo(written, nl=False)
    return 0


def _expected(options: Globals, asked: Asking) -> str:
    from orgctl.api.impact_athena import estimated
    from orgctl.views.impact_scan import expected

    try:
        return expected(estimated(asked, options.connection), len(asked.queries))
    except AwsError as error:
        return f"how much will be read cannot be told: {error.message}"


def _asked(options: Globals, wanted: Wanted) -> Asking:
    from orgctl.api.impact_asking import asking
    from orgctl.cli.progress import reading

    with reading(options) as progress:
        return asking(options.directory, options.connection, wanted, progress=progress)


def _written(queries: Sequence[Query]) -> str:
    return "\n".join(f"-- {query.piece}\n{query.sql};\n" for query in queries)
