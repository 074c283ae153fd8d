"""The tables that the trail is queried by: over its log files where they lie, and over copies of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orgctl.model.query_resources import QueryTable, database_address
from orgctl.model.trail_table import PROJECTION, TABLE_TYPE, TableLayout
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing, delete_ours
from orgctl.reconcile.plan import Action, AttributeChange, Change, Value
from orgctl.reconcile.tags import OWNER

KIND = "table"
RESOURCE = QueryTable


def compare(before: QueryTable | None, after: QueryTable | None, between: Comparison) -> Change | None:
    """What differs. A table of ours that the manifest no longer wants goes; the log files are not touched by it."""
    if after is None:
        return delete_ours(KIND, before.address, before.tags) if before else None
    if before is None:
        shown = {"location": after.layout.location, "partitions": ", ".join(after.layout.partitions)}
        attributes = tuple(AttributeChange(name, None, value) for name, value in shown.items())
        return Change(Action.CREATE, KIND, after.address, attributes)
    return change_existing(
        KIND,
        after.address,
        tuple(_differences(before.layout, after.layout)),
        tags=before.tags,
        adopt=between.adopt,
        how="run with `--adopt`",
    )


def _differences(before: TableLayout, after: TableLayout) -> Iterator[AttributeChange]:
    for name in ("location", "serde", "input_format", "output_format"):
        had, wants = getattr(before, name), getattr(after, name)
        if had != wants:
            yield AttributeChange(name, had or None, wants)
    yield from _columns("columns", before.columns, after.columns)
    yield from _columns("partitions", before.partitions, after.partitions)
    ours = {key for key in before.parameters if key.startswith(PROJECTION)} | after.parameters.keys()
    yield from _entries("", before.parameters, after.parameters, sorted(ours))


def _columns(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[AttributeChange]:
    """Each column that differs; or, where they are the same, their order: partitions are found by it."""
    yield from _entries(f"{kind}.", before, after, [*after, *(name for name in before if name not in after)])
    if before == after and [*before] != [*after]:
        yield AttributeChange(kind, ", ".join(before), ", ".join(after))


def _entries(
    prefix: str, before: Mapping[str, str], after: Mapping[str, str], names: list[str]
) -> Iterator[AttributeChange]:
    for name in names:
        if before.get(name) != after.get(name):
            yield AttributeChange(f"{prefix}{name}", before.get(name), after.get(name))


def lower(change: Change, before: QueryTable | None, after: QueryTable | None, between: Comparison) -> Iterator[Draft]:
    """The calls: UpdateTable says all of it anew, and keeps the parameters that others have set."""
    if after is None:
        if before is not None:
            yield _draft(before, between, "DeleteTable", Name=before.name)
        return
    kept = {} if before is None else _of_others(before.layout.parameters)
    if before is None:
        yield _draft(after, between, "CreateTable", TableInput=_input(after, between, kept))
    elif change.attributes or change.action is Action.ADOPT:
        yield _draft(after, between, "UpdateTable", TableInput=_input(after, between, kept))


def _of_others(parameters: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in parameters.items() if not key.startswith(PROJECTION)}


def _input(table: QueryTable, between: Comparison, kept: Mapping[str, str]) -> Value:
    """The table as the Glue API takes it."""
    layout = table.layout
    parameters = {key: between.text(value) for key, value in layout.parameters.items()}
    return {
        "Name": table.name,
        "Description": layout.description,
        "TableType": TABLE_TYPE,
        "PartitionKeys": _listed(layout.partitions),
        "StorageDescriptor": {
            "Columns": _listed(layout.columns),
            "Location": between.text(layout.location),
            "InputFormat": layout.input_format,
            "OutputFormat": layout.output_format,
            "SerdeInfo": {"SerializationLibrary": layout.serde},
        },
        "Parameters": {**kept, "EXTERNAL": "TRUE", **parameters, **OWNER},
    }


def _listed(columns: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Type": kind} for name, kind in columns.items()]


def _draft(table: QueryTable, between: Comparison, action: str, **parameters: Value) -> Draft:
    return Draft(
        table.address,
        "glue",
        action,
        {"DatabaseName": table.database, **parameters},
        requires=(
            "organization",
            table.account,
            *((database_address(table.database),) if action != "DeleteTable" else ()),
        ),
        account=between.account_of(table.account),
        region=table.region,
    )
