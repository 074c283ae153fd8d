"""The columns that SQL makes of the trail's table are those that Python makes of the records, or said to be open."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.lint.catalogue import actions
from orgctl.replay.athena import names
from orgctl.replay.athena.flattening import MADE, WHO, flattened
from orgctl.replay.athena.resources import TYPES
from orgctl.replay.event import event_of
from orgctl.replay.facts import row_of
from orgctl.replay.sql.dialect import to_duckdb
from tests.examples import one_in
from tests.replay.athena.trail import table
from tests.replay.drawn import BUCKET, FUNCTION, KEY, LISTED, OBJECT, POINT, ROLE, TABLE, records
from tests.replay.records import record

FEW = ("s3", "ec2", "iam", "kms")
"""Few services: it is the same SQL, and planned in less time."""

FLATTENED = to_duckdb(flattened("trail", "TRUE", MADE, FEW))
WHAT = ("resource", "resource_account")


def flat(*of: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of some records, with `sure` and `state`."""
    with duckdb.connect() as connection:
        table(connection, of)
        wanted = ", ".join(f'"{name}"' for name in (*MADE, "sure", "state"))
        found = connection.execute(f"SELECT {wanted} FROM ({FLATTENED})").fetchall()  # noqa: S608 - names of ours
    return [dict(zip((*MADE, "sure", "state"), values, strict=True)) for values in found]


def disagreements(row: dict[str, Any], of: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The columns that are said to be sure, and are not what Python makes of the record."""
    expected = row_of(event_of(of))
    sure = ["event_id", "error_code", "refused", "recipient", "source", "name"]
    sure += WHO if row["sure"] else ()
    sure += ["action"] if row["state"] == names.KNOWN or (row["state"] == names.PRESUMED and expected.action) else ()
    sure += [name for name in WHAT if row[name] is not None and expected.action]
    return {n: (row[n], getattr(expected, n)) for n in sure if row[n] != getattr(expected, n)}


@one_in(20)
@given(st.lists(records().filter(lambda each: not event_of(each).unread), min_size=20, max_size=40))
def test_sql_makes_the_columns_that_python_makes(drawn: list[dict[str, Any]]) -> None:
    """Whatever SQL says for sure of a record is what `row_of` says of it."""
    by_id = {each["eventID"]: each for each in drawn}
    for row in flat(*by_id.values()):
        assert disagreements(row, by_id[row["event_id"]]) == {}


ADDRESSES = ("192.0.2.7", "2001:db8::1", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "ABCD::12:0:1")


@pytest.mark.parametrize(
    "address", [*ADDRESSES, "1:2:3:4:5:6:7:8::", "1.2.3.04", "256.1.1.1", ":1:2:3:4:5:6:7", "1::2::3"]
)
@pytest.mark.parametrize("endpoint", [None, "vpce-1"])
def test_addresses_become_numbers(address: str, endpoint: str | None) -> None:
    """An address of either version becomes the number that Python makes of it; what is none becomes nothing."""
    [row] = flat(of := record(sourceIPAddress=address, **({"vpcEndpointId": endpoint} if endpoint else {})))
    assert disagreements(row, of) == {}
    assert (address in ADDRESSES) is bool(row["ipv4"] or row["ipv6"])


def test_ordinary_records_are_sure() -> None:
    """What people, roles and services do leaves nothing open about who did it."""
    calls = [
        record(eventSource="s3.amazonaws.com", eventName="ListBuckets"),
        record(
            userIdentity={"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, sourceIPAddress="ec2.amazonaws.com"
        ),
        record(userIdentity={"type": "AWSAccount", "accountId": "999999999999", "principalId": "AROA:x"}),
    ]
    assert [(r["sure"], r["state"]) for r in flat(*calls)] == [(True, "known"), (True, "presumed"), (True, "presumed")]


def test_listed_actions_are_all_that_a_service_has() -> None:
    """The short form in which actions are listed holds each action of each service, and no other."""
    found = duckdb.execute(to_duckdb(names.known_actions(names.SERVICES))).fetchall()
    assert {action for service in names.SERVICES for action in actions(service)} == {action for action, _ in found}


SCALING = "application-autoscaling:putscalingpolicy"
EVENTS = [
    ("s3.amazonaws.com", "ListObjects", {"bucketName": "b"}, "s3:listbucket"),
    ("s3.amazonaws.com", "HeadObject", {"bucketName": "b", "versionId": "v"}, "s3:getobjectversion"),
    ("s3.amazonaws.com", "HeadObject", {"bucketName": "b", "inner": {"versionId": "v"}}, None),
    ("lambda.amazonaws.com", "CreateFunction20150331v2", None, "lambda:createfunction"),
    ("monitoring.amazonaws.com", "PutMetricAlarm", None, "cloudwatch:putmetricalarm"),
    ("runtime.sagemaker.amazonaws.com", "InvokeEndpoint", None, "sagemaker:invokeendpoint"),
    ("autoscaling.amazonaws.com", "DescribeAutoScalingGroups", None, "autoscaling:describeautoscalinggroups"),
    ("autoscaling.amazonaws.com", "PutScalingPolicy", {"serviceNamespace": "ecs"}, SCALING),
    ("apigateway.amazonaws.com", "GetRestApi", None, None),
    ("bücher.amazonaws.com", "Read", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "name", "parameters", "action"), EVENTS)
def test_names_become_actions(source: str, name: str, parameters: Any, action: str | None) -> None:
    """Exceptions, versions and sources that are called otherwise are followed; what only Python can tell is open."""
    [row] = flat(of := record(eventSource=source, eventName=name, requestParameters=parameters))
    assert (action, action is None) == (row["action"], row["state"] == names.OPEN)
    assert disagreements(row, of) == {}


CERTAIN = [OBJECT, OBJECT, None, None, None, None, BUCKET, BUCKET]
CERTAIN += [None, KEY, FUNCTION, None, TABLE, None, None, ROLE]


@pytest.mark.parametrize(("call", "resource"), list(zip(LISTED, CERTAIN, strict=True)))
def test_a_listed_resource_is_told_where_there_can_be_no_other(call: dict[str, Any], resource: str | None) -> None:
    """Of every type that the action has, it is that one or certainly none; else Python has to look."""
    [row] = flat(of := record(**call))
    assert row["resource"] == resource
    assert disagreements(row, of) == {}


@pytest.mark.slow
@pytest.mark.parametrize("service", TYPES)
def test_whatever_is_listed(service: str) -> None:
    """Every action of the services that list resources, with each of the ARNs, alone and with a parameter."""
    arns = [OBJECT, BUCKET, f"{POINT}/object/k", POINT, KEY, FUNCTION, f"{TABLE}/index/i", TABLE, ROLE]
    parameters = [{}, {"bucketName": "data-a", "key": "red/file"}, {"tableName": "t"}, {"accessPointName": "p"}]
    calls = [
        record(
            eventID=f"{action}-{arn}-{number}",
            eventSource=f"{service}.amazonaws.com",
            eventName=action.partition(":")[2],
            requestParameters=each,
            resources=[{"ARN": arn}],
        )
        for action in actions(service).values()
        for arn in arns
        for number, each in enumerate(parameters)
    ]
    by_id = {each["eventID"]: each for each in calls}
    rows = flat(*calls)
    assert [row["event_id"] for row in rows if disagreements(row, by_id[row["event_id"]])] == []
    assert any(row["resource"] in arns for row in rows) or service in ("sns", "sqs")
