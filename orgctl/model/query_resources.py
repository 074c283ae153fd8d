"""What the organization trail is queried by, as resources: a Glue database, the tables in it, and an Athena workgroup.

As in `orgctl.model.resources`, accounts are addresses. Tables cannot bear tags: a database and its tables carry the
owner's mark as a *parameter* instead, and `tags` holds their parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.model.trail_table import TableLayout

ENGINE = "AUTO"
"""Athena's own choice of its engine's version."""


def database_address(name: str) -> str:
    """`database:orgctl`."""
    return f"database:{name}"


@dataclass(frozen=True, slots=True)
class QueryDatabase:
    """A database of the Glue catalog. `others` counts the tables in it that are not ours to take away."""

    name: str
    region: str
    account: str
    tags: Mapping[str, str] | None = None
    others: int = 0

    @property
    def address(self) -> str:
        """`database:orgctl`."""
        return database_address(self.name)


@dataclass(frozen=True, slots=True)
class QueryTable:
    """A table that reads the trail's log files, or copies of them.

    `layout` on the desired side may hold `@{organization.id}`.
    """

    database: str
    name: str
    region: str
    account: str
    layout: TableLayout
    tags: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        """`table:orgctl.cloudtrail`."""
        return f"table:{self.database}.{self.name}"


@dataclass(frozen=True, slots=True)
class QueryWorkgroup:
    """The Athena workgroup. `scan_limit` is in bytes, None: no limit; `kms_key` None: results are encrypted by S3.

    `results` begins with `s3://`, and is in a bucket of `account`. `enforced`: no query may set aside what it says.
    """

    name: str
    region: str
    account: str
    results: str
    scan_limit: int | None
    kms_key: str | None = None
    encrypted: bool = True
    own_bucket: bool = True
    enforced: bool = True
    metrics: bool = True
    enabled: bool = True
    engine: str = ENGINE
    tags: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        """`workgroup:orgctl`."""
        return f"workgroup:{self.name}"


QueryResource = QueryDatabase | QueryTable | QueryWorkgroup
