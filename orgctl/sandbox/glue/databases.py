"""Databases: made, changed, told of, and deleted with all that is in them."""

from __future__ import annotations

from orgctl.sandbox.glue.registry import database_of, operation, page
from orgctl.sandbox.glue_state import Database
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters


@operation("CreateDatabase", Access.ANYBODY)
def create(call: Call, params: Parameters) -> None:
    """Make one; Glue keeps names in lower case."""
    given = dict(params["DatabaseInput"])
    name = given.pop("Name").lower()
    if call.cloud.glue.database(call.caller, call.region, name) is not None:
        raise RefusalError("AlreadyExistsException", "Database already exists.")
    made = Database(call.caller, call.region, name, call.now, given)
    call.cloud.glue.databases[f"{call.caller}/{call.region}/{name}"] = made


@operation("UpdateDatabase", Access.ANYBODY)
def update(call: Call, params: Parameters) -> None:
    """Say all of it anew."""
    given = dict(params["DatabaseInput"])
    given.pop("Name")
    database_of(call, params["Name"]).settings = given


@operation("GetDatabase", Access.ANYBODY)
def get(call: Call, params: Parameters) -> Members:
    """One of them."""
    return {"Database": _view(database_of(call, params["Name"]))}


@operation("GetDatabases", Access.ANYBODY)
def get_all(call: Call, params: Parameters) -> Members:
    """Those of the account and region, by name."""
    here = (call.caller, call.region)
    found = [each for each in call.cloud.glue.databases.values() if (each.account, each.region) == here]
    return page(params, "DatabaseList", [_view(each) for each in sorted(found, key=lambda each: each.name)])


@operation("DeleteDatabase", Access.ANYBODY)
def delete(call: Call, params: Parameters) -> None:
    """Take one away, and its tables with it."""
    found = database_of(call, params["Name"])
    del call.cloud.glue.databases[f"{found.account}/{found.region}/{found.name}"]


def _view(database: Database) -> Members:
    return {
        **database.settings,
        "Name": database.name,
        "CreateTime": database.created,
        "CatalogId": database.account,
    }
