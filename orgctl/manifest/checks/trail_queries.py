"""What `trail.athena` may say, as far as a pattern does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.schema import Athena, Trail
from orgctl.source import Place

_PLACE: Place = ("trail", "athena")


def trail_queries(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """A first day that there is, and results that are not put among the log files."""
    declared = loaded.manifest.trail
    if declared is None or not isinstance(declared.athena, Athena):
        return
    athena, source = declared.athena, loaded.source
    if athena.since and not _is_day(athena.since):
        message = f"there is no day `{athena.since}`"
        yield Diagnostic(codes.NO_SUCH_DAY, message, source.at((*_PLACE, "since")), "write it as year-month-day")
    if athena.results and _among_logs(athena.results, declared):
        message = f"results would be put among the log files, at `{athena.results}`"
        hint = "name a place outside of `AWSLogs/`, or take the key out"
        yield Diagnostic(codes.RESULTS_AMONG_LOGS, message, source.at((*_PLACE, "results")), hint)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _among_logs(results: str, declared: Trail) -> bool:
    """Whether the log files' prefix begins that of results: a query would read the results of others as records."""
    above = f"{declared.bucket.name}/{declared.prefix}" if declared.prefix else declared.bucket.name
    return f"{results.rstrip('/')}/".startswith(f"s3://{above}/AWSLogs/")
