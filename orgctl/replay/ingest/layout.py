"""How CloudTrail names its files: `[…/]AWSLogs/[o-…/]<account>/CloudTrail/<region>/<yyyy>/<mm>/<dd>/<file>`.

Source: "Finding your CloudTrail log files", AWS CloudTrail User Guide. Digests, Insights and other services' logs lie
beside them, in folders of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

SERVICE = "CloudTrail"
_ENDINGS = (".json", ".json.gz", ".gz", ".jsonl", ".ndjson", ".log")
_PLACE = re.compile(
    r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(?P<account>\d{12})/(?P<service>[^/]+)/(?:[^/]+/(?P<day>\d{4}/\d\d/\d\d)/)?"
)
_FOLDER = re.compile(
    r"(?P<top>(?:.*/)?AWSLogs/(?:o-[a-z0-9]+/)?)(?:(?P<account>\d{12})/(?:(?P<service>[^/]+)/(?:(?P<region>[^/]+)/)?)?)?"
)


def is_log(path: str) -> bool:
    """Whether a file in a folder may be one of CloudTrail's: digests, insights and other services' logs are not."""
    place = _PLACE.search(path)
    return path.lower().endswith(_ENDINGS) and (place is None or place["service"] == SERVICE)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in that layout, as far down as its path goes: empty is what it does not say.

    Of all accounts it is where `account` is empty, of all regions where `region` is.
    """

    account: str = ""
    service: str = ""
    region: str = ""


def folder_of(prefix: str) -> Folder | None:
    """What a path that ends with `/` says; None if it is in no layout of CloudTrail's, or deeper than a region."""
    found = _FOLDER.fullmatch(prefix)
    return Folder(found["account"] or "", found["service"] or "", found["region"] or "") if found else None


@dataclass(frozen=True, slots=True)
class Span:
    """Which files are wanted: of these days of delivery, both inclusive, and of these accounts; None: of any.

    Files that are not in CloudTrail's layout are wanted in any case, for their names do not tell.
    """

    since: date | None = None
    until: date | None = None
    accounts: frozenset[str] | None = None

    def wants(self, path: str) -> bool:
        """Whether a file is wanted."""
        place = _PLACE.search(path)
        if place is None:
            return True
        if self.accounts is not None and place["account"] not in self.accounts:
            return False
        day = place["day"]
        return day is None or self.first <= day <= self.last

    @property
    def first(self) -> str:
        """The first day, as paths write it; empty if there is none."""
        return f"{self.since:%Y/%m/%d}" if self.since else ""

    @property
    def last(self) -> str:
        """The last day, as paths write it; behind all days if there is none."""
        return f"{self.until:%Y/%m/%d}" if self.until else "~"
