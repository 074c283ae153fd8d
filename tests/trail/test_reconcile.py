"""What the trail is queried by as resources: in order from nothing and back, and quiet where all is as wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orgctl.manifest import LoadedManifest
from orgctl.model.query_resources import QueryDatabase, QueryTable, QueryWorkgroup
from orgctl.model.resources import Bucket, Trail, Unit
from orgctl.model.state import State
from orgctl.model.trail_copies import copies_layout
from orgctl.model.trail_queries import TrailQueries
from orgctl.model.trail_table import TableLayout, create_table, layout_of
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.plan import Action, Join, Plan, Ref
from orgctl.reconcile.planner import make_plan
from orgctl.reconcile.tags import OWNER, owned
from orgctl.state.desired import desired
from orgctl.state.trail_queries import trail_queries
from tests.trail.manifests import with_athena

IDS = {"organization.id": "o-a1b2c3d4e5"}
DATABASE, TABLE, WORKGROUP = "database:orgctl", "table:orgctl.cloudtrail", "workgroup:orgctl"
COPIES = "table:orgctl.cloudtrail_copies"


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedManifest:
    return with_athena(tmp_path, athena=True)


def wanted(loaded: LoadedManifest, *, queried: bool = True, ids: dict[str, str] | None = None) -> State:
    return desired(loaded, IDS if ids is None else ids, with_queries=queried)


def present(loaded: LoadedManifest, *, queried: bool = True) -> State:
    """AWS, exactly as wanted, and ours."""
    resources: dict[str, Any] = {}
    for address, resource in wanted(loaded, queried=queried).resources.items():
        match resource:
            case Unit():
                resources[address] = replace(resource, id="r-0001")
            case QueryTable():
                layout = replace(
                    resource.layout, parameters={**resource.layout.parameters, **OWNER, "EXTERNAL": "TRUE"}
                )
                resources[address] = replace(resource, layout=layout, tags=owned({}))
            case QueryDatabase() | QueryWorkgroup() | Bucket() | Trail():
                resources[address] = replace(resource, tags=owned({}))
            case _:
                resources[address] = resource
    return State(resources)


def changed(state: State, address: str, **attributes: object) -> State:
    return State({**state.resources, address: replace(state.resources[address], **attributes)})  # type: ignore[arg-type]


def plan_from(before: State, after: State, *, adopt: bool = False) -> Plan:
    return make_plan(Comparison(after, before, adopt=adopt))


def calls(plan: Plan) -> list[str]:
    return [f"{operation.title} {operation.address}" for operation in plan.operations]


def test_what_there_is_as_wanted_is_left_as_it_is(loaded: LoadedManifest) -> None:
    """No call is planned."""
    assert calls(plan_from(present(loaded), wanted(loaded))) == []


def test_from_nothing_the_table_comes_after_its_database(loaded: LoadedManifest) -> None:
    """In the account of the bucket and in its region, each with the owner's mark."""
    plan = plan_from(present(loaded, queried=False), wanted(loaded))
    assert calls(plan) == [
        f"glue:CreateDatabase {DATABASE}",
        f"glue:CreateTable {TABLE}",
        f"glue:CreateTable {COPIES}",
        f"athena:CreateWorkGroup {WORKGROUP}",
    ]
    by_title: dict[str, Any] = {each.title: each for each in plan.operations if each.address != COPIES}
    assert {(o.account, o.region) for o in by_title.values()} == {("222222222222", "eu-west-1")}
    assert by_title["glue:CreateTable"].after == (by_title["glue:CreateDatabase"].number,)
    assert by_title["glue:CreateDatabase"].parameters["DatabaseInput"]["Parameters"] == OWNER
    made = by_title["glue:CreateTable"].parameters["TableInput"]
    template = "s3://example-org-trail/AWSLogs/o-a1b2c3d4e5/${account}/CloudTrail/${region}/${day}"
    assert {"storage.location.template": template, **OWNER}.items() <= made["Parameters"].items()
    assert by_title["athena:CreateWorkGroup"].parameters["Configuration"] == {
        "EnforceWorkGroupConfiguration": True,
        "PublishCloudWatchMetricsEnabled": True,
        "BytesScannedCutoffPerQuery": 10**12,
        "EngineVersion": {"SelectedEngineVersion": "AUTO"},
        "ResultConfiguration": {
            "OutputLocation": "s3://example-org-trail/orgctl-athena/",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
            "ExpectedBucketOwner": "222222222222",
        },
    }


def test_in_a_new_organization_the_table_waits_for_its_id(tmp_path: Path) -> None:
    """Its place is filled in during the apply, which founds the organization and makes the account and the bucket."""
    plan = plan_from(State({}), wanted(with_athena(tmp_path, athena=True, new=True), ids={}))
    (made,) = [operation for operation in plan.operations if operation.address == TABLE]
    storage: Any = made.parameters["TableInput"]
    assert storage["StorageDescriptor"]["Location"] == Join(("s3://example-org-trail/AWSLogs/", Ref("organization")))
    founding = next(o.number for o in plan.operations if o.title == "organizations:CreateOrganization")
    bucket = max(o.number for o in plan.operations if o.address == "bucket:example-org-trail")
    group = next(o for o in plan.operations if o.title == "athena:CreateWorkGroup")
    assert founding in made.after
    assert bucket in group.after
    configuration: Any = group.parameters["Configuration"]
    owner = configuration["ResultConfiguration"]["ExpectedBucketOwner"]
    assert made.account == group.account == owner == Ref("account:log-archive")


DRIFTS: dict[str, tuple[str, Callable[[Any], dict[str, object]], list[str]]] = {
    "a region is missing": (
        TABLE,
        lambda table: {"layout": _with(table.layout, "projection.region.values", "eu-west-1")},
        ["projection.region.values"],
    ),
    "a property of the projection that is not ours": (
        TABLE,
        lambda table: {"layout": _with(table.layout, "projection.year.type", "integer")},
        ["projection.year.type"],
    ),
    "another place": (TABLE, lambda table: {"layout": replace(table.layout, location="s3://else/")}, ["location"]),
    "another format": (TABLE, lambda table: {"layout": replace(table.layout, serde="x")}, ["serde"]),
    "a column of another type": (
        TABLE,
        lambda table: {"layout": replace(table.layout, columns={**table.layout.columns, "readonly": "boolean"})},
        ["columns.readonly"],
    ),
    "partitions in another order": (
        TABLE,
        lambda table: {"layout": replace(table.layout, partitions=dict(reversed(table.layout.partitions.items())))},
        ["partitions"],
    ),
    "no limit": (WORKGROUP, lambda _: {"scan_limit": None}, ["scan_limit"]),
    "queries may set it aside": (WORKGROUP, lambda _: {"enforced": False}, ["enforced"]),
    "results elsewhere": (WORKGROUP, lambda _: {"results": "s3://else/"}, ["results"]),
    "results not encrypted": (WORKGROUP, lambda _: {"encrypted": False}, ["encrypted"]),
    "anybody's bucket": (WORKGROUP, lambda _: {"own_bucket": False}, ["own_bucket"]),
    "switched off": (WORKGROUP, lambda _: {"enabled": False}, ["enabled"]),
}


def _with(layout: Any, key: str, value: str) -> Any:
    return replace(layout, parameters={**layout.parameters, key: value})


@pytest.mark.parametrize("drift", DRIFTS)
def test_what_somebody_has_changed_is_put_back(loaded: LoadedManifest, drift: str) -> None:
    """One update says all of it anew, and the plan names what differs."""
    address, change, names = DRIFTS[drift]
    state = present(loaded)
    found = plan_from(changed(state, address, **change(state.resources[address])), wanted(loaded))
    (made,) = [c for c in found.changes if c.action is Action.UPDATE]
    assert (made.address, [attribute.name for attribute in made.attributes]) == (address, names)
    update = {TABLE: "glue:UpdateTable", WORKGROUP: "athena:UpdateWorkGroup"}[address]
    assert calls(found) == [f"{update} {address}"]


def test_an_update_keeps_what_others_have_set_on_the_table(loaded: LoadedManifest) -> None:
    """UpdateTable replaces all parameters; those of others are said again, those of the projection only as wanted."""
    state = present(loaded)
    table: Any = state.resources[TABLE]
    layout = _with(_with(table.layout, "comment", "ours to read"), "projection.year.type", "integer")
    plan = plan_from(changed(state, TABLE, layout=layout), wanted(loaded))
    (operation,) = plan.operations
    said: Any = operation.parameters["TableInput"]
    assert said["Parameters"]["comment"] == "ours to read"
    assert "projection.year.type" not in said["Parameters"]


def test_what_is_no_longer_wanted_goes_the_table_first(tmp_path: Path) -> None:
    """With `athena: false`. The log files, the results and the trail are not touched."""
    before = present(with_athena(tmp_path, athena=True))
    plan = plan_from(before, wanted(with_athena(tmp_path, athena=False)))
    assert sorted(calls(plan)) == [
        f"athena:DeleteWorkGroup {WORKGROUP}",
        f"glue:DeleteDatabase {DATABASE}",
        f"glue:DeleteTable {TABLE}",
        f"glue:DeleteTable {COPIES}",
    ]
    numbers = {operation.address: operation for operation in plan.operations}
    assert {numbers[TABLE].number, numbers[COPIES].number} <= set(numbers[DATABASE].after)
    assert all(change.destructive for change in plan.changes if change.action is Action.DELETE)


def test_a_database_that_others_use_stays(tmp_path: Path) -> None:
    """DeleteDatabase would take their tables along; the plan says why it stays."""
    before = changed(present(with_athena(tmp_path, athena=True)), DATABASE, others=1)
    plan = plan_from(before, wanted(with_athena(tmp_path, athena=False)))
    assert f"glue:DeleteDatabase {DATABASE}" not in calls(plan)
    (kept,) = [change for change in plan.changes if change.address == DATABASE]
    assert kept.notes == ("it stays: there are tables in it that are not orgctl's",)


def test_what_is_foreign_stays(tmp_path: Path) -> None:
    """Nothing without our mark is deleted, or changed: a foreign table in the way is a problem, with the way out."""
    state = present(with_athena(tmp_path, athena=True))
    for address in (DATABASE, TABLE, COPIES, WORKGROUP):
        state = changed(state, address, tags={})
    assert calls(plan_from(state, wanted(with_athena(tmp_path, athena=False)))) == []
    table: Any = state.resources[TABLE]
    state = changed(state, TABLE, layout=replace(table.layout, location="s3://else/"))
    plan = plan_from(state, wanted(with_athena(tmp_path, athena=True)))
    assert [problem.address for problem in plan.problems] == [TABLE]
    assert plan.operations == ()


def test_what_is_foreign_can_be_adopted(tmp_path: Path) -> None:
    """Each then gets our mark, and what it had besides stays."""
    loaded = with_athena(tmp_path, athena=True)
    state = present(loaded)
    for address in (TABLE, WORKGROUP):
        state = changed(state, address, tags={})
    state = changed(state, DATABASE, tags={"team": "security"})
    plan = plan_from(state, wanted(loaded), adopt=True)
    assert calls(plan) == [
        f"glue:UpdateDatabase {DATABASE}",
        f"glue:UpdateTable {TABLE}",
        f"athena:TagResource {WORKGROUP}",
    ]
    said: Any = plan.operations[0].parameters["DatabaseInput"]
    assert said["Parameters"] == {"team": "security", **OWNER}


def test_where_athena_is_not_mentioned_it_is_left_alone(tmp_path: Path) -> None:
    """Nothing is wanted of it, and nothing is read."""
    loaded = with_athena(tmp_path, None)
    kinds = (QueryDatabase, QueryTable, QueryWorkgroup)
    assert [r for r in wanted(loaded).resources.values() if isinstance(r, kinds)] == []


@pytest.mark.parametrize(
    ("athena", "lifecycle", "rules"),
    [
        (None, None, None),
        (None, {"expire_after_days": 400}, ["orgctl"]),
        (True, None, ["orgctl-results"]),
        (False, None, ["orgctl-results"]),
        (True, {"expire_after_days": 400}, ["orgctl", "orgctl-results"]),
        ({"results": "s3://elsewhere/"}, None, None),
    ],
)
def test_results_do_not_stay_for_ever(
    athena: object, lifecycle: object, rules: list[str] | None, tmp_path: Path
) -> None:
    """Those in the trail's bucket have a rule of their own in its lifecycle, even once Athena is switched off."""
    bucket = {"name": "example-org-trail", "account": "log-archive", **({"lifecycle": lifecycle} if lifecycle else {})}
    after = wanted(with_athena(tmp_path, athena, bucket=bucket))
    before = changed(present(with_athena(tmp_path, None)), "bucket:example-org-trail", lifecycle_days={"expire": 1})
    plan = plan_from(before, after)
    (operation,) = [each for each in plan.operations if each.address == "bucket:example-org-trail"]
    configuration: Any = operation.parameters.get("LifecycleConfiguration")
    assert (configuration and [rule["ID"] for rule in configuration["Rules"]]) == rules


@pytest.mark.parametrize(("address", "layout"), [(TABLE, layout_of), (COPIES, copies_layout)])
def test_the_ddl_makes_the_table_that_the_api_is_told_to_make(
    loaded: LoadedManifest, address: str, layout: Callable[[TrailQueries], TableLayout]
) -> None:
    """Columns and partitions with their types, formats, place and properties: people can read what apply does."""
    plan = plan_from(present(loaded, queried=False), wanted(loaded))
    (operation,) = [each for each in plan.operations if each.address == address]
    made: Any = operation.parameters["TableInput"]
    queries = trail_queries(loaded, IDS)
    assert queries is not None
    ddl = create_table("orgctl", "any", layout(queries))
    storage = made["StorageDescriptor"]
    columns = ",\n".join(f"  `{each['Name']}` {each['Type']}" for each in storage["Columns"])
    assert f"(\n{columns}\n)" in ddl
    assert ", ".join(f"`{each['Name']}` {each['Type']}" for each in made["PartitionKeys"]) in ddl
    texts = (storage["Location"], storage["InputFormat"], storage["OutputFormat"])
    assert [text for text in (*texts, storage["SerdeInfo"]["SerializationLibrary"]) if f"'{text}'" not in ddl] == []
    ours = {key: value for key, value in made["Parameters"].items() if key not in {*OWNER, "EXTERNAL"}}
    assert [key for key, value in ours.items() if f"'{key}' = '{value}'" not in ddl] == []
    assert ddl.count("projection.") == sum(key.startswith("projection.") for key in ours)
