"""Tables: made, said anew, told of, and deleted."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.glue.registry import database_of, operation, page
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters


@operation("CreateTable", Access.ANYBODY)
def create(call: Call, params: Parameters) -> None:
    """Make one in a database that is there."""
    database, given = database_of(call, params["DatabaseName"]), params.get("TableInput")
    if given is None:
        raise RefusalError("InvalidInputException", "Table input is required.")
    name = given["Name"].lower()
    if name in database.tables:
        raise RefusalError("AlreadyExistsException", "Table already exists.")
    _check(given)
    database.tables[name] = {**_made(call, database.name, given, 1), "CreateTime": call.now}


@operation("UpdateTable", Access.ANYBODY)
def update(call: Call, params: Parameters) -> None:
    """Say all of it anew: what is not said is gone."""
    database, given = database_of(call, params["DatabaseName"]), params.get("TableInput")
    if given is None:
        raise RefusalError("InvalidInputException", "Table input is required.")
    before = _found(call, params["DatabaseName"], given["Name"])
    _check(given)
    made = _made(call, database.name, given, int(before["VersionId"]) + 1)
    database.tables[given["Name"].lower()] = {**made, "CreateTime": before["CreateTime"]}


@operation("GetTable", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """One of them."""
    return {"Table": _found(call, params["DatabaseName"], params["Name"])}


@operation("GetTables", Access.ANYBODY)
def get_all(call: Call, params: Parameters) -> Members:
    """Those of a database, by name."""
    tables = database_of(call, params["DatabaseName"]).tables
    return page(params, "TableList", [tables[name] for name in sorted(tables)])


@operation("DeleteTable", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> None:
    """Take one away; what it reads stays where it is."""
    found = _found(call, params["DatabaseName"], params["Name"])
    del database_of(call, params["DatabaseName"]).tables[found["Name"]]


def _found(call: Call, database: str, name: str) -> dict[str, Any]:
    found = database_of(call, database).tables.get(name.lower())
    if found is None:
        raise RefusalError("EntityNotFoundException", f"Table {name.lower()} not found.")
    return found


def _check(given: Parameters) -> None:
    """A column that is a partition too cannot be read: Glue refuses duplicate names."""
    columns = [column["Name"].lower() for column in (given.get("StorageDescriptor") or {}).get("Columns") or ()]
    columns += [column["Name"].lower() for column in given.get("PartitionKeys") or ()]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise RefusalError("InvalidInputException", f"Table has duplicate columns: {', '.join(twice)}")


def _made(call: Call, database: str, given: Parameters, version: int) -> dict[str, Any]:
    return {
        **given,
        "Name": given["Name"].lower(),
        "DatabaseName": database,
        "UpdateTime": call.now,
        "CatalogId": call.caller,
        "VersionId": str(version),
        "IsRegisteredWithLakeFormation": False,
    }
