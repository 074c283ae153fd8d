"""What AWS answered about that by which the trail is queried, close to AWS's own shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orgctl.model.resources import Tags

Json = Mapping[str, object]
"""A structure as AWS answered it."""


@dataclass(frozen=True, slots=True)
class DatabaseInfo:
    """A database of the Glue catalog, with its parameters; `tables` names those in it, where it is ours."""

    name: str
    parameters: Tags
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table as GetTable gives it, without what changes by itself."""

    name: str
    table: Json


@dataclass(frozen=True, slots=True)
class WorkgroupInfo:
    """The workgroup as GetWorkGroup gives it, and its tags."""

    name: str
    state: str
    configuration: Json
    tags: Tags


@dataclass(frozen=True, slots=True)
class QueryInfo:
    """All that was read; None: there is none.

    `tables` are those that orgctl would keep. `account` is the id of the account that they are in.
    """

    region: str
    account: str = ""
    database: DatabaseInfo | None = None
    tables: tuple[TableInfo, ...] = ()
    workgroup: WorkgroupInfo | None = None
