"""The Glue database that the trail's tables are in."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.query_resources import QueryDatabase, QueryTable
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, Change, Value
from orgctl.reconcile.tags import OWNER, owned

KIND = "database"
RESOURCE = QueryDatabase


def compare(before: QueryDatabase | None, after: QueryDatabase | None, between: Comparison) -> Change | None:
    """Whether it is there. One of ours that nothing needs any more goes, unless others have put tables in it."""
    if after is None:
        return _left(before) if before else None
    if before is None:
        return Change(Action.CREATE, KIND, after.address)
    return change_existing(KIND, after.address, (), tags=before.tags, adopt=between.adopt, how="run with `--adopt`")


def _left(before: QueryDatabase) -> Change | None:
    """DeleteDatabase takes the tables along, whoever made them."""
    change = delete_ours(KIND, before.address, before.tags)
    if change is None or not before.others:
        return change
    return Change(Action.NO_OP, KIND, before.address, notes=("it stays: there are tables in it that are not orgctl's",))


def lower(
    change: Change, before: QueryDatabase | None, after: QueryDatabase | None, between: Comparison
) -> Iterator[Draft]:
    """The calls. The owner's mark is a parameter of the database."""
    if after is None:
        if before is not None:
            tables = tuple(t.address for t in between.actual.each(QueryTable) if t.database == before.name)
            yield _draft(before, between, "DeleteDatabase", *tables, Name=before.name)
        return
    if before is None:
        marked: Value = {"Name": after.name, "Description": _DESCRIPTION, "Parameters": owned(after.tags)}
        yield _draft(after, between, "CreateDatabase", DatabaseInput=marked)
    elif change.action is Action.ADOPT:
        kept: Value = {"Name": after.name, "Parameters": {**(before.tags or {}), **OWNER}}
        yield _draft(after, between, "UpdateDatabase", Name=after.name, DatabaseInput=kept)


_DESCRIPTION = "The organization trail, to be queried"


def _draft(database: QueryDatabase, between: Comparison, action: str, *requires: str, **parameters: Value) -> Draft:
    return Draft(
        database.address,
        "glue",
        action,
        parameters,
        requires=("organization", database.account, *requires),
        account=between.account_of(database.account),
        region=database.region,
    )
