"""Where and how the organization trail is queried with Amazon Athena: one value, from the manifest's `trail.athena`.

The queries run in the account that holds the log files, in the region of the bucket, so that no bucket policy has to
let another account in. What stands in AWS for it (a Glue database with one table, an Athena workgroup) follows from
this value, and so does what a query says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FIRST_DAY = date(2018, 11, 1)
"""No organization trail is older: "AWS CloudTrail Adds Support for AWS Organizations" is of that month."""

RESULTS_PREFIX = "orgctl-athena/"
"""Where results go in the trail's bucket, unless the manifest names a place: beside `AWSLogs/`, never in it."""

RESULTS_DAYS = 30
"""How long they stay there."""

GIGABYTE = 10**9


def copies_of(table: str) -> str:
    """What the table of the trail's copies is called: `cloudtrail_copies`."""
    return f"{table}_copies"


@dataclass(frozen=True, slots=True)
class TrailQueries:
    """Everything that is needed to query the trail.

    `account` is an address (`account:log-archive`), `results` begins with `s3://` and ends with `/`, `results_key` is
    the ARN of the KMS key that results are encrypted with (None: SSE-S3), `trail_key` that of the log files. No query
    reads more than `scan_limit` bytes. `organization` is the organization's id; while AWS has not given it, the
    placeholder `@{organization.id}`. Log files are looked for in `regions`, and from the day `since` on.
    """

    account: str
    region: str
    partition: str
    database: str
    table: str
    workgroup: str
    results: str
    scan_limit: int
    bucket: str
    organization: str
    regions: tuple[str, ...]
    prefix: str = ""
    since: date = FIRST_DAY
    results_key: str | None = None
    trail_key: str | None = None

    @property
    def log_prefix(self) -> str:
        """How everything begins that CloudTrail delivers: `example-org-trail/AWSLogs/`."""
        return f"{self.bucket}/{self.prefix}/AWSLogs/" if self.prefix else f"{self.bucket}/AWSLogs/"

    @property
    def location(self) -> str:
        """Where the organization's log files begin: `s3://example-org-trail/AWSLogs/o-a1b2c3d4e5`."""
        return f"s3://{self.log_prefix}{self.organization}"

    @property
    def qualified_table(self) -> str:
        """The table as a query names it: `"orgctl"."cloudtrail"`."""
        return f'"{self.database}"."{self.table}"'

    @property
    def qualified_copies(self) -> str:
        """Likewise the table of copies: `"orgctl"."cloudtrail_copies"`."""
        return f'"{self.database}"."{copies_of(self.table)}"'

    def folder(self, account: str, region: str, day: date) -> str:
        """Where the log files of one account (an id), region and day lie."""
        return f"{self.location}/{account}/CloudTrail/{region}/{day:%Y/%m/%d}"
