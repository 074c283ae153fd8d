"""`orgctl impact`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orgctl.cli.running import Globals, pass_globals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.text import Text

    from orgctl.api.impact import Wanted
    from orgctl.api.impact_explaining import Explained
    from orgctl.replay.verdicts.impact import Impact

_FORMS = click.Choice(["text", "json", "markdown", "csv", "html"])
_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option(
    "--events", multiple=True, metavar="PATH", help="Files or folders of CloudTrail's, `s3://bucket/prefix`, or `-`."
)
@click.option("--dataset", type=_FOLDER, metavar="DIR", help="Keep here what is read, and look at what was before.")
@click.option("--athena", is_flag=True, help="Ask the manifest's trail by Amazon Athena, and read no files.")
@click.option("--dry-run", is_flag=True, help="With `--athena`: show the queries, and run none.")
@click.option(
    "--copy", is_flag=True, help="With `--athena`: first copy days that are over, which are read from then on."
)
@click.option("--baseline", default="aws", show_default=True, metavar="aws|none|manifest@REF", help="Against what.")
@click.option("--policy", type=_FILE, metavar="FILE", help="Try this policy alone, instead of the manifest's changes.")
@click.option("--target", metavar="ADDRESS", help="Where to try it: `ou:/Workloads`, an account, `root`.")
@click.option("--since", metavar="TIME", help="Only events from then on: `2026-11-01`, `30d`.")
@click.option("--until", metavar="TIME", help="Only events until then; a day counts in full.")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Only events of this account.")
@click.option("--ou", "units", multiple=True, metavar="OU", help="Only events of accounts in this OU or below it.")
@click.option(
    "--exclude-principal", "exclude", multiple=True, metavar="ARN", help="Not this caller; `*` fits anything."
)
@click.option("--assume", multiple=True, metavar="KEY=VALUE", help="What a context key holds that records do not tell.")
@click.option("--tags", type=_FILE, metavar="FILE", help="Tags of principals and resources, for what hangs on them.")
@click.option("--format", "form", type=_FORMS, default="text", show_default=True)
@click.option("--out", type=_FILE, metavar="FILE", help="Write to this file.")
@click.option(
    "--fail-on",
    type=click.Choice(["denied", "depends"]),
    help="Exit with 1 if something is newly denied, or may be (`depends`).",
)
@click.option("--coverage", is_flag=True, help="Say of how many events action and resources are known, by service.")
@click.option("--explain", metavar="EVENTID", help="Show the whole decision on one event, as text or JSON.")
@pass_globals
def impact(
    options: Globals,
    /,
    form: str,
    out: Path | None,
    fail_on: str | None,
    coverage: bool,
    explain: str | None,
    athena: bool,
    dry_run: bool,
    copy: bool,
    **given: Any,  # Any: one option each, as `Wanted` has them
) -> int:
    """Say what a change of policies would have denied of what was done, by CloudTrail's records.

    What the manifest would change is held against the policies in force in AWS, or against another baseline.
    """
    _check(given, athena=athena, dry_run=dry_run, copy=copy, coverage=coverage)
    if out:
        from orgctl.cli.output_file import check

        check(out)
    if dry_run:
        from orgctl.cli.impact_athena import show_queries

        return show_queries(options, _wanted(given), out, copy=copy)
    if coverage:
        return _cover(options, _wanted(given), form, out, (explain, fail_on))
    if explain is not None:
        return _explain(options, _wanted(given), explain, form, out, athena=athena)
    found = _of_trail(options, given, copy=copy) if athena else _of_files(options, given)
    _show(options, found, form, out)
    return 1 if _fails(found, fail_on) else 0


def _check(given: Mapping[str, Any], *, athena: bool, dry_run: bool, copy: bool, coverage: bool) -> None:
    """What goes together."""
    events = given["events"] or given["dataset"]
    if dry_run and not athena:
        raise click.UsageError("`--dry-run` shows the queries of `--athena`")
    if copy and not athena:
        raise click.UsageError("`--copy` copies what `--athena` reads; `--dataset` keeps what is read of files")
    if athena and events:
        raise click.UsageError("`--athena` asks the trail: leave out `--events` and `--dataset`")
    if athena and coverage:
        raise click.UsageError("`--coverage` reads files: give `--events`")
    if not (athena or events):
        raise click.UsageError("say which `--events` to look at, or which `--dataset`; or ask the trail by `--athena`")


def _wanted(given: Mapping[str, Any]) -> Wanted:
    from datetime import UTC, datetime

    from orgctl.api.impact import Wanted
    from orgctl.api.impact_selection import read_since, read_until

    now, since, until = datetime.now(UTC), given["since"], given["until"]
    times = {"since": read_since(since, now) if since else None, "until": read_until(until, now) if until else None}
    return Wanted(**{**given, **times})


def _of_trail(options: Globals, given: Mapping[str, Any], *, copy: bool) -> Impact:
    from orgctl.cli.impact_athena import impact_by

    return impact_by(options, _wanted(given), copy=copy)


def _of_files(options: Globals, given: Mapping[str, Any]) -> Impact:
    """What reads the files makes itself ready while all that judges them is imported: both take their time."""
    from orgctl.api.impact_reading import looked_up

    with looked_up(given["events"], given["dataset"]) as here:
        from orgctl.api.impact import impact as find
        from orgctl.cli.progress import reading, reading_events

        wanted = _wanted(given)
        with reading(options) as progress, reading_events(options) as tell:
            return find(options.directory, options.connection, wanted, progress=progress, reading=tell, here=here)


def _cover(options: Globals, wanted: Wanted, form: str, out: Path | None, others: tuple[str | None, ...]) -> int:
    from orgctl.api.impact_coverage import coverage
    from orgctl.cli.progress import reading_events
    from orgctl.views.impact_coverage import coverage_json, coverage_text

    if form not in ("text", "json"):
        raise click.UsageError(f"`--coverage` writes text or JSON, not `{form}`")
    if others != (None, None) or any((wanted.policy, wanted.target, wanted.assume, wanted.tags)):
        raise click.UsageError("`--coverage` is about the events alone: only what chooses events goes with it")
    with reading_events(options) as tell:
        found = coverage(options.directory, options.connection, wanted, reading=tell)
    parts = (found.reading, found.services, found.total)
    _put(options, coverage_text(*parts), coverage_json(*parts) if form == "json" else None, out)
    return 0


def _explain(options: Globals, wanted: Wanted, event: str, form: str, out: Path | None, *, athena: bool) -> int:
    from orgctl.views.impact_explained import explained_json, explained_text

    if form not in ("text", "json"):
        raise click.UsageError(f"`--explain` writes text or JSON, not `{form}`")
    found = _explained(options, wanted, event, athena=athena)
    parts = (found.call, found.verdict, found.before, found.after, found.locate)
    _put(options, explained_text(*parts), explained_json(*parts) if form == "json" else None, out)
    return 0


def _explained(options: Globals, wanted: Wanted, event: str, *, athena: bool) -> Explained:
    from orgctl.api.impact_explaining import explain
    from orgctl.cli.impact_athena import explained_by
    from orgctl.cli.progress import reading, reading_events

    if athena:
        return explained_by(options, wanted, event)
    with reading(options) as progress, reading_events(options) as tell:
        return explain(options.directory, options.connection, wanted, event, progress=progress, reading=tell)


def _fails(found: Impact, fail_on: str | None) -> bool:
    from orgctl.replay.verdicts.verdict import Kind

    denied, depends = found.count(Kind.NEWLY_DENIED), found.count(Kind.DEPENDS)
    return bool((fail_on and denied) or (fail_on == "depends" and depends))


def _show(options: Globals, found: Impact, form: str, out: Path | None) -> None:
    from orgctl.views.impact_text import impact_text

    _put(options, impact_text(found), _written(found, form), out)


def _put(options: Globals, lines: Iterable[Text], written: str | None, out: Path | None) -> None:
    """The lines, or what is written in another form, to a file or to stdout."""
    from orgctl.cli.output_file import write

    if out:
        write(out, "".join(f"{line.plain}\n" for line in lines) if written is None else written)
    elif written is None:
        options.print(lines)
    else:
        click.echo(written, nl=False)


def _written(found: Impact, form: str) -> str | None:
    """The impact in a form; None for text."""
    from orgctl.views.impact_csv import impact_csv
    from orgctl.views.impact_html import impact_html
    from orgctl.views.impact_json import impact_json
    from orgctl.views.impact_markdown import impact_markdown

    match form:
        case "json":
            return impact_json(found)
        case "markdown":
            return impact_markdown(found)
        case "csv":
            return impact_csv(found)
        case "html":
            return impact_html(found)
        case _:
            return None
