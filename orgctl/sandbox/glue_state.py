"""What the Glue catalog holds: databases, and the tables in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Database:
    """A database: its input as the API has it, and its tables by name, each as GetTable gives it."""

    account: str
    region: str
    name: str
    created: float
    settings: dict[str, Any]
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Glue:
    """All databases, by `account/region/name`."""

    databases: dict[str, Database] = field(default_factory=dict)

    def database(self, account: str, region: str, name: str) -> Database | None:
        """The database of that name, in whatever case it is written."""
        return self.databases.get(f"{account}/{region}/{name.lower()}")
