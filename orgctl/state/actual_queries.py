"""What was read of that by which the trail is queried, as resources under the names that the manifest uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orgctl.aws.read.query_shapes import DatabaseInfo, QueryInfo, TableInfo, WorkgroupInfo
from orgctl.model.address import account_address
from orgctl.model.query_resources import QueryDatabase, QueryResource, QueryTable, QueryWorkgroup
from orgctl.model.resources import is_owned
from orgctl.model.trail_table import TableLayout


def actual_queries(info: QueryInfo, keys: Mapping[str, str]) -> Iterator[QueryResource]:
    """Everything that was read. `keys` gives the manifest's name of an account by its id."""
    account = account_address(keys.get(info.account, info.account))
    tables = [_table(info, table, account) for table in info.tables]
    if info.database:
        yield _database(info, info.database, account, tables)
    yield from tables
    if info.workgroup:
        yield _workgroup(info, info.workgroup, account)


def _database(info: QueryInfo, database: DatabaseInfo, account: str, tables: Iterable[QueryTable]) -> QueryDatabase:
    ours = {table.name for table in tables if is_owned(table.tags)}
    others = len(set(database.tables) - ours)
    return QueryDatabase(database.name, info.region, account, database.parameters, others)


def _table(info: QueryInfo, found: TableInfo, account: str) -> QueryTable:
    table: Any = found.table
    storage = table.get("StorageDescriptor") or {}
    parameters = table.get("Parameters") or {}
    layout = TableLayout(
        location=storage.get("Location", ""),
        parameters=parameters,
        columns=_columns(storage.get("Columns", ())),
        partitions=_columns(table.get("PartitionKeys", ())),
        serde=(storage.get("SerdeInfo") or {}).get("SerializationLibrary", ""),
        input_format=storage.get("InputFormat", ""),
        output_format=storage.get("OutputFormat", ""),
    )
    name = info.database.name if info.database else ""
    return QueryTable(name, found.name, info.region, account, layout, parameters)


def _columns(listed: Any) -> dict[str, str]:
    return {column["Name"]: column.get("Type", "") for column in listed}


def _workgroup(info: QueryInfo, found: WorkgroupInfo, account: str) -> QueryWorkgroup:
    configuration: Any = found.configuration
    result = configuration.get("ResultConfiguration") or {}
    encryption = result.get("EncryptionConfiguration") or {}
    return QueryWorkgroup(
        found.name,
        info.region,
        account,
        results=result.get("OutputLocation", ""),
        scan_limit=configuration.get("BytesScannedCutoffPerQuery"),
        kms_key=encryption.get("KmsKey"),
        encrypted=bool(encryption),
        own_bucket=result.get("ExpectedBucketOwner") == info.account,
        enforced=configuration.get("EnforceWorkGroupConfiguration") is True,
        metrics=configuration.get("PublishCloudWatchMetricsEnabled") is True,
        enabled=found.state == "ENABLED",
        engine=(configuration.get("EngineVersion") or {}).get("SelectedEngineVersion", ""),
        tags=found.tags,
    )
