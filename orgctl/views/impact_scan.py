"""What a question to Athena takes: how much is read, and what that costs."""

from __future__ import annotations

from orgctl.replay.athena.estimating import DOLLARS, Estimate
from orgctl.views.wording import counted

_LEAST = 10 * 10**6
"""Bytes of a query at least. Source: "Amazon Athena Pricing", a minimum of 10 MB per query."""

_UNITS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def expected(found: Estimate, queries: int) -> str:
    """What is to be expected, and how that is known."""
    about = f"{counted(queries, 'query', 'queries')} will read"
    if found.is_exact:
        most = "at most " if found.copied else ""
        return f"{about} {most}{size(found.bytes)} ({_price(found.bytes, queries)})"
    return (
        f"{about} about {size(found.bytes)} ({_price(found.bytes, queries)}): between {size(found.least)} and"
        f" {size(found.most)}, by {found.looked:,} of {found.places:,} folders"
    )


def scanned(found: int, queries: int, started: int) -> str:
    """What was read in the end; queries of an earlier run are not paid again."""
    earlier = queries - started
    again = f"; {counted(earlier, 'query', 'queries')} had been started before" if earlier else ""
    return f"{counted(queries, 'query', 'queries')} read {size(found)} ({_price(found, queries)}){again}"


def size(count: int) -> str:
    """Bytes as people read them: `1.2 GB`."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def _price(count: int, queries: int) -> str:
    dollars = max(count, queries * _LEAST) * DOLLARS
    return f"{dollars:,.2f} USD" if dollars >= 0.01 else "less than 0.01 USD"
