"""Athena: workgroups, and queries that are executed over CloudTrail's log files as AWS lays them down."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pyarrow.parquet as pq
import pytest

from orgctl.model.trail_table import COLUMNS, PARTITIONS, layout_of
from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.settings import Delay, Delays
from orgctl.sandbox.snapshot import restore, snapshot
from tests.sandbox.conftest import client, refusal
from tests.trail.places import QUERIES

ACCOUNT, OTHER = "111111111111", "222222222222"
RESULTS = "s3://example-org-trail/orgctl-athena/"
INVALID = "InvalidRequestException"


def made(sandbox: Sandbox, **configuration: Any) -> Any:
    """The bucket, the table over it and a workgroup; what they are queried by."""
    s3 = client(sandbox, "s3", ACCOUNT)
    s3.create_bucket(Bucket="example-org-trail")
    glue = client(sandbox, "glue", ACCOUNT)
    glue.create_database(DatabaseInput={"Name": "orgctl"})
    layout = layout_of(QUERIES)
    table = {
        "Name": "cloudtrail",
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in PARTITIONS.items()],
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": kind} for name, kind in COLUMNS.items()],
            "Location": layout.location,
            "InputFormat": layout.input_format,
            "OutputFormat": layout.output_format,
            "SerdeInfo": {"SerializationLibrary": layout.serde},
        },
        "Parameters": dict(layout.parameters),
    }
    glue.create_table(DatabaseName="orgctl", TableInput=table)
    athena = client(sandbox, "athena", ACCOUNT)
    results = {"ResultConfiguration": {"OutputLocation": RESULTS}, **configuration}
    athena.create_work_group(Name="orgctl", Configuration=results)
    return athena


def record(number: int, **more: Any) -> dict[str, Any]:
    identity = {
        "type": "AssumedRole",
        "accountId": ACCOUNT,
        "sessionContext": {"attributes": {"mfaAuthenticated": "false"}},
    }
    return {"eventID": f"e{number}", "eventName": "GetObject", "readOnly": True, "userIdentity": identity, **more}


def deliver(
    sandbox: Sandbox,
    *records: dict[str, Any],
    account: str = ACCOUNT,
    region: str = "eu-west-1",
    day: str = "2026/11/03",
) -> int:
    """Put a log file where CloudTrail puts it; its size."""
    folder = f"AWSLogs/o-a1b2c3d4e5/{account}/CloudTrail/{region}/{day}"
    body = gzip.compress(json.dumps({"Records": records}).encode(), mtime=0)
    name = f"{account}_CloudTrail_{region}_{day.replace('/', '')}T0000Z_{len(records)}.json.gz"
    client(sandbox, "s3", ACCOUNT).put_object(Bucket="example-org-trail", Key=f"{folder}/{name}", Body=body)
    return len(body)


def run(sandbox: Sandbox, athena: Any, query: str, **more: Any) -> dict[str, Any]:
    """The execution of a query, when it is over."""
    started = athena.start_query_execution(QueryString=query, WorkGroup="orgctl", **more)
    assert sandbox.settled()
    for _ in range(3):
        found = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]
    return dict(found)


def rows(athena: Any, execution: dict[str, Any]) -> list[list[str | None]]:
    """All rows, without the header."""
    pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution["QueryExecutionId"])
    found = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
    return [[cell.get("VarCharValue") for cell in row] for row in found[1:]]


def asked(sandbox: Sandbox, athena: Any, query: str, **more: Any) -> list[list[str | None]]:
    execution = run(sandbox, athena, query, **more)
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    return rows(athena, execution)


HERE = f"account = '{ACCOUNT}' AND region = 'eu-west-1' AND day = '2026/11/03'"
FROM = 'FROM "orgctl"."cloudtrail"'


def test_a_log_file_is_read_as_the_deserializer_reads_it(sandbox: Sandbox) -> None:
    """Each record is a row; names count without case, parameters are JSON as text, what a record lacks is NULL."""
    athena = made(sandbox)
    resource = {"ARN": "arn:aws:s3:::b", "accountId": ACCOUNT}
    parameters = {"bucketName": "b", "x": [1, None]}
    deliver(sandbox, record(1, requestParameters=parameters, resources=[resource]), record(2, responseElements=None))
    columns = "eventid, readonly, useridentity.sessioncontext.attributes.mfaauthenticated, requestparameters"
    columns += ", resources[1].arn, useridentity.username, account, day"
    assert asked(sandbox, athena, f"SELECT {columns} {FROM} WHERE {HERE} ORDER BY 1") == [
        ["e1", "true", "false", '{"bucketName":"b","x":[1,null]}', "arn:aws:s3:::b", None, ACCOUNT, "2026/11/03"],
        ["e2", "true", "false", None, None, None, ACCOUNT, "2026/11/03"],
    ]


def test_only_the_partitions_that_are_asked_for_are_read(sandbox: Sandbox) -> None:
    """By account, region and day: the bytes scanned are those of their files, not of the others."""
    athena = made(sandbox)
    wanted = deliver(sandbox, record(1)) + deliver(sandbox, record(2), record(3), day="2026/11/04")
    deliver(sandbox, record(4), account=OTHER)
    deliver(sandbox, record(5), region="us-east-1")
    deliver(sandbox, record(6), day="2026/11/05")
    deliver(sandbox, record(7), region="ap-south-1")
    where = f"account IN ('{ACCOUNT}') AND region = 'eu-west-1' AND day BETWEEN '2026/11/03' AND '2026/11/04'"
    execution = run(sandbox, athena, f"SELECT eventid {FROM} WHERE {where} AND eventname <> 'x' ORDER BY 1")
    assert rows(athena, execution) == [["e1"], ["e2"], ["e3"]]
    assert execution["Statistics"]["DataScannedInBytes"] == wanted
    everything = f"SELECT eventid {FROM} WHERE (account = '{ACCOUNT}' OR account = '{OTHER}') ORDER BY 1"
    assert [row[0] for row in asked(sandbox, athena, everything)] == ["e1", "e2", "e3", "e4", "e5", "e6"]


def test_an_injected_account_has_to_be_given(sandbox: Sandbox) -> None:
    """By static equality, and of no more than a thousand values: else the query fails, as it does on AWS."""
    athena = made(sandbox)
    many = ", ".join(f"'{number:012}'" for number in range(1001))
    for where in ("region = 'eu-west-1'", "account LIKE '1%'", "account = '1' OR region = 'x'", f"account IN ({many})"):
        status = run(sandbox, athena, f"SELECT count(*) {FROM} WHERE {where}")["Status"]
        assert status["State"] == "FAILED"
        assert status["StateChangeReason"].startswith("CONSTRAINT_VIOLATION: For the injected projected partition")


def test_a_query_is_queued_then_runs_then_is_done() -> None:
    """As many polls as the settings say tell of it as queued or running; results are there only at the end."""
    with running(seed=1, delays=Delays(query=Delay(2))) as sandbox:
        athena = made(sandbox)
        number = athena.start_query_execution(QueryString="SELECT 1 AS one", WorkGroup="orgctl")["QueryExecutionId"]
        assert sandbox.settled()
        states = [athena.get_query_execution(QueryExecutionId=number)["QueryExecution"]["Status"] for _ in range(3)]
        assert [status["State"] for status in states] == ["QUEUED", "RUNNING", "SUCCEEDED"]
        assert "CompletionDateTime" in states[2]


def test_a_query_that_was_stopped_is_cancelled() -> None:
    """And stays so, and has no results; one that is over is not changed by being stopped."""
    with running(seed=1, delays=Delays(query=Delay(2))) as sandbox:
        athena = made(sandbox)
        number = athena.start_query_execution(QueryString="SELECT 1", WorkGroup="orgctl")["QueryExecutionId"]
        athena.stop_query_execution(QueryExecutionId=number)
        assert sandbox.settled()
        assert athena.get_query_execution(QueryExecutionId=number)["QueryExecution"]["Status"]["State"] == "CANCELLED"
        assert refusal(lambda: athena.get_query_results(QueryExecutionId=number))[0] == INVALID
        over = run(sandbox, athena, "SELECT 1")
        athena.stop_query_execution(QueryExecutionId=over["QueryExecutionId"])
        assert rows(athena, over) == [["1"]]


def test_a_query_that_would_read_too_much_is_cancelled(sandbox: Sandbox) -> None:
    """By the workgroup's limit, with the reason that AWS gives, and with what it had read."""
    athena = made(sandbox, BytesScannedCutoffPerQuery=10_000_000)
    folder = f"AWSLogs/o-a1b2c3d4e5/{ACCOUNT}/CloudTrail/eu-west-1/2026/11/03"
    body = json.dumps({"Records": [record(1, userAgent="x" * 10_000_001)]})
    client(sandbox, "s3", ACCOUNT).put_object(Bucket="example-org-trail", Key=f"{folder}/big.json", Body=body)
    execution = run(sandbox, athena, f"SELECT count(*) {FROM} WHERE {HERE}")
    assert (execution["Status"]["State"], execution["Status"]["StateChangeReason"]) == (
        "CANCELLED",
        "Bytes scanned limit was exceeded",
    )
    assert execution["Statistics"]["DataScannedInBytes"] == len(body)


def test_the_same_token_starts_no_second_query(sandbox: Sandbox) -> None:
    """The answer is the first one's id; another query under that token is refused."""
    athena = made(sandbox)
    asked_for = {"WorkGroup": "orgctl", "ClientRequestToken": "t" * 32}
    first, again = (athena.start_query_execution(QueryString="SELECT 1", **asked_for) for _ in range(2))
    assert first["QueryExecutionId"] == again["QueryExecutionId"]
    assert refusal(lambda: athena.start_query_execution(QueryString="SELECT 2", **asked_for))[0] == INVALID
    assert athena.list_query_executions(WorkGroup="orgctl")["QueryExecutionIds"] == [first["QueryExecutionId"]]


def test_results_come_in_pages_with_the_header_first(sandbox: Sandbox) -> None:
    """A thousand rows at most, NULL as a cell without a value, and the columns' types."""
    athena = made(sandbox)
    query = "SELECT n AS Number, CAST(NULL AS VARCHAR) AS nothing, n > 1 AS more FROM UNNEST(sequence(1, 2500)) AS t(n)"
    execution = run(sandbox, athena, query)
    number = execution["QueryExecutionId"]
    first = athena.get_query_results(QueryExecutionId=number)
    sizes = [len(first["ResultSet"]["Rows"])]
    columns = first["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    assert [(each["Name"], each["Type"]) for each in columns] == [
        ("number", "bigint"),
        ("nothing", "varchar"),
        ("more", "boolean"),
    ]
    assert first["ResultSet"]["Rows"][:2] == [
        {"Data": [{"VarCharValue": "number"}, {"VarCharValue": "nothing"}, {"VarCharValue": "more"}]},
        {"Data": [{"VarCharValue": "1"}, {}, {"VarCharValue": "false"}]},
    ]
    while "NextToken" in first:
        first = athena.get_query_results(QueryExecutionId=number, NextToken=first["NextToken"])
        sizes.append(len(first["ResultSet"]["Rows"]))
    assert sizes == [1000, 1000, 501]
    assert refusal(lambda: athena.get_query_results(QueryExecutionId=number, NextToken="x"))[0] == INVALID


def test_results_are_written_where_the_workgroup_says(sandbox: Sandbox) -> None:
    """As a file of quoted values named by the execution, whatever the client says, since the workgroup enforces it."""
    athena = made(sandbox)
    elsewhere = {"OutputLocation": "s3://example-org-trail/elsewhere/"}
    query = "SELECT 'a \"b\"' AS x, CAST(NULL AS VARCHAR) AS y, TIMESTAMP '2026-11-03 10:00:00' AS z"
    execution = run(sandbox, athena, query, ResultConfiguration=elsewhere)
    location = f"{RESULTS}{execution['QueryExecutionId']}.csv"
    assert execution["ResultConfiguration"]["OutputLocation"] == location
    found = client(sandbox, "s3", ACCOUNT).get_object(Bucket="example-org-trail", Key=location.split("/", 3)[3])
    assert found["Body"].read().decode() == '"x","y","z"\n"a ""b""",,"2026-11-03 10:00:00.000"\n'


def test_unload_writes_parquet_to_an_empty_folder(sandbox: Sandbox) -> None:
    """What it writes is what the query gives, and a second time it fails."""
    athena = made(sandbox)
    deliver(sandbox, record(1), record(2))
    unload = f"UNLOAD (SELECT eventid {FROM} WHERE {HERE}) TO 's3://example-org-trail/copy/' WITH (format = 'PARQUET')"
    execution = run(sandbox, athena, unload)
    assert execution["Status"]["State"] == "SUCCEEDED"
    s3 = client(sandbox, "s3", ACCOUNT)
    (key,) = [each["Key"] for each in s3.list_objects_v2(Bucket="example-org-trail", Prefix="copy/")["Contents"]]
    body = s3.get_object(Bucket="example-org-trail", Key=key)["Body"].read()
    assert sorted(pq.read_table(io.BytesIO(body))["eventid"].to_pylist()) == ["e1", "e2"]
    again = run(sandbox, athena, unload)["Status"]
    assert again["State"] == "FAILED"
    assert again["StateChangeReason"].startswith("HIVE_PATH_ALREADY_EXISTS")


FAILING = {
    "SELECT FROM WHERE": "SYNTAX_ERROR",
    "SELECT 1; SELECT 2": "SYNTAX_ERROR",
    "SELECT nothing FROM (SELECT 1 AS one)": "SYNTAX_ERROR",
    "SELECT * FROM orgctl.elsewhere": "TABLE_NOT_FOUND",
    "SELECT * FROM cloudtrail": "TABLE_NOT_FOUND",
    "SELECT CAST('x' AS BIGINT)": "GENERIC_USER_ERROR",
    "DROP TABLE orgctl.cloudtrail": "NOT_SUPPORTED",
    "SELECT ?": "INVALID_PARAMETER_USAGE",
}


@pytest.mark.parametrize("query", FAILING)
def test_a_query_that_cannot_be_executed_fails(query: str, sandbox: Sandbox) -> None:
    """It is started, and its state tells why it failed."""
    status = run(sandbox, made(sandbox), query)["Status"]
    assert (status["State"], status["StateChangeReason"].partition(":")[0]) == ("FAILED", FAILING[query])


def test_a_record_of_another_shape_fails_the_query(sandbox: Sandbox) -> None:
    """The deserializer gives up at a struct that is none; a file that is no JSON cannot be read either."""
    athena = made(sandbox)
    deliver(sandbox, record(1, tlsDetails="TLSv1.3"))
    status = run(sandbox, athena, f"SELECT eventid {FROM} WHERE {HERE}")["Status"]
    assert status["StateChangeReason"].startswith("HIVE_CURSOR_ERROR: Row is not a valid JSON Object")


def test_parameters_and_the_database_of_the_context_are_filled_in(sandbox: Sandbox) -> None:
    """A table without a database is in that of the context; question marks are the parameters in order."""
    athena = made(sandbox)
    deliver(sandbox, record(1), record(2))
    known = f"WITH found AS (SELECT eventid FROM cloudtrail WHERE {HERE})"  # noqa: S608 - ours
    query = f"{known} SELECT ? FROM found AS f WHERE f.eventid = ?"  # noqa: S608 - ours
    context = {"QueryExecutionContext": {"Database": "orgctl"}, "ExecutionParameters": ["7", "'e2'"]}
    assert asked(sandbox, athena, query, **context) == [["7"]]


def test_what_athena_refuses_at_once(sandbox: Sandbox) -> None:
    """A query that is too long in bytes, a workgroup that there is not or that is off, no place for results."""
    athena = made(sandbox)
    athena.create_work_group(Name="off", Configuration={"ResultConfiguration": {"OutputLocation": RESULTS}})
    athena.update_work_group(WorkGroup="off", State="DISABLED")
    start = athena.start_query_execution
    long = "SELECT '" + "é" * 131_072 + "'"
    for refused in (
        lambda: start(QueryString=long, WorkGroup="orgctl"),
        lambda: start(QueryString="x" * 262_145, WorkGroup="orgctl"),
        lambda: start(QueryString="SELECT 1", WorkGroup="nobody"),
        lambda: start(QueryString="SELECT 1", WorkGroup="off"),
        lambda: start(QueryString="SELECT 1"),
        lambda: athena.get_query_execution(QueryExecutionId="nobody"),
        lambda: athena.create_work_group(Name="orgctl"),
        lambda: athena.get_work_group(WorkGroup="nobody"),
        lambda: athena.delete_work_group(WorkGroup="primary"),
    ):
        assert refusal(refused)[0] == INVALID


def test_anothers_bucket_is_closed(sandbox: Sandbox) -> None:
    """Neither are its objects read, nor are results written to it; nor to one whose owner is not the one expected."""
    made(sandbox)
    deliver(sandbox, record(1))
    other = client(sandbox, "athena", OTHER)
    other.create_work_group(Name="orgctl", Configuration={"ResultConfiguration": {"OutputLocation": RESULTS}})
    status = run(sandbox, other, "SELECT 1")["Status"]
    assert status["StateChangeReason"].startswith("PERMISSION_DENIED: Access denied when writing output to url")
    athena = client(sandbox, "athena", ACCOUNT)
    expected = {"ResultConfigurationUpdates": {"ExpectedBucketOwner": OTHER}}
    athena.update_work_group(WorkGroup="orgctl", ConfigurationUpdates=expected)
    assert run(sandbox, athena, "SELECT 1")["Status"]["State"] == "FAILED"


def test_a_workgroup_is_what_was_said_last(sandbox: Sandbox) -> None:
    """An update changes what it names, and takes away what it is told to; a history is deleted only if asked for."""
    athena = made(sandbox, BytesScannedCutoffPerQuery=10_000_000)
    athena.update_work_group(
        WorkGroup="orgctl",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "ResultConfigurationUpdates": {"EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}},
        },
    )
    found = athena.get_work_group(WorkGroup="orgctl")["WorkGroup"]["Configuration"]
    assert "BytesScannedCutoffPerQuery" not in found
    assert found["ResultConfiguration"] == {
        "OutputLocation": RESULTS,
        "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
    }
    assert [group["Name"] for group in athena.list_work_groups()["WorkGroups"]] == ["orgctl", "primary"]
    arn = f"arn:aws:athena:us-east-1:{ACCOUNT}:workgroup/orgctl"
    athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}])
    athena.untag_resource(ResourceARN=arn, TagKeys=["c"])
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    run(sandbox, athena, "SELECT 1")
    assert refusal(lambda: athena.delete_work_group(WorkGroup="orgctl"))[0] == INVALID
    athena.delete_work_group(WorkGroup="orgctl", RecursiveDeleteOption=True)
    assert refusal(lambda: athena.get_work_group(WorkGroup="orgctl"))[0] == INVALID


def test_the_catalog_refuses_what_glue_refuses(sandbox: Sandbox) -> None:
    """What is there already, what is not there, a column twice; and a database goes with its tables."""
    made(sandbox)
    glue = client(sandbox, "glue", ACCOUNT)
    table = glue.get_table(DatabaseName="orgctl", Name="CloudTrail")["Table"]
    assert (table["VersionId"], table["CatalogId"]) == ("1", ACCOUNT)
    doubled = {"Name": "x", "PartitionKeys": [{"Name": "a"}], "StorageDescriptor": {"Columns": [{"Name": "A"}]}}
    for refused, code in (
        (lambda: glue.create_database(DatabaseInput={"Name": "ORGCTL"}), "AlreadyExistsException"),
        (lambda: glue.create_table(DatabaseName="orgctl", TableInput={"Name": "cloudtrail"}), "AlreadyExistsException"),
        (lambda: glue.create_table(DatabaseName="orgctl", TableInput=doubled), "InvalidInputException"),
        (lambda: glue.create_table(DatabaseName="nobody", TableInput={"Name": "x"}), "EntityNotFoundException"),
        (lambda: glue.update_table(DatabaseName="orgctl", TableInput={"Name": "x"}), "EntityNotFoundException"),
        (lambda: glue.get_database(Name="nobody"), "EntityNotFoundException"),
        (lambda: glue.delete_table(DatabaseName="orgctl", Name="x"), "EntityNotFoundException"),
    ):
        assert refusal(refused)[0] == code
    glue.update_table(DatabaseName="orgctl", TableInput={"Name": "cloudtrail", "Parameters": {"a": "b"}})
    (found,) = glue.get_tables(DatabaseName="orgctl")["TableList"]
    assert (found["VersionId"], found["Parameters"], "StorageDescriptor" in found) == ("2", {"a": "b"}, False)
    glue.update_database(Name="orgctl", DatabaseInput={"Name": "orgctl", "Parameters": {"c": "d"}})
    assert [each["Parameters"] for each in glue.get_databases()["DatabaseList"]] == [{"c": "d"}]
    glue.delete_database(Name="orgctl")
    assert glue.get_databases()["DatabaseList"] == []


def test_more_queries_at_once_than_the_quota_are_refused() -> None:
    """Those that wait count; once they are told to be over there is room again."""
    with running(seed=1, delays=Delays(query=Delay(1)), quotas={"athena_queries": 2}) as sandbox:
        athena = made(sandbox)
        start = athena.start_query_execution
        numbers = [start(QueryString=f"SELECT {n}", WorkGroup="orgctl")["QueryExecutionId"] for n in range(2)]
        refused = refusal(lambda: start(QueryString="SELECT 3", WorkGroup="orgctl"))
        assert refused == ("TooManyRequestsException", "CONCURRENT_QUERY_LIMIT_EXCEEDED")
        assert sandbox.settled()
        athena.batch_get_query_execution(QueryExecutionIds=numbers)
        assert "QueryExecutionId" in start(QueryString="SELECT 3", WorkGroup="orgctl")


def test_several_are_asked_about_at_once(sandbox: Sandbox) -> None:
    """Those that there are, and those that there are not."""
    athena = made(sandbox)
    known = run(sandbox, athena, "SELECT 1")["QueryExecutionId"]
    found = athena.batch_get_query_execution(QueryExecutionIds=[known, "nobody"])
    assert [each["QueryExecutionId"] for each in found["QueryExecutions"]] == [known]
    assert [each["QueryExecutionId"] for each in found["UnprocessedQueryExecutionIds"]] == ["nobody"]


def test_lines_of_json_and_parquet_are_read_too(sandbox: Sandbox) -> None:
    """A table without partitions reads everything below its location, each format by its deserializer."""
    athena = made(sandbox)
    glue, s3 = client(sandbox, "glue", ACCOUNT), client(sandbox, "s3", ACCOUNT)
    s3.put_object(Bucket="example-org-trail", Key="lines/a.json", Body=b'{"N": 1, "m": {"a": "x"}}\n\n{"n": 2}\n')
    columns = [{"Name": "n", "Type": "bigint"}, {"Name": "m", "Type": "map<string,string>"}]
    formats = {
        "lines": ("org.apache.hadoop.mapred.TextInputFormat", "org.openx.data.jsonserde.JsonSerDe"),
        "copy": ("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "x"),
    }
    for name, (kind, serde) in formats.items():
        storage = {
            "Columns": columns,
            "Location": f"s3://example-org-trail/{name}",
            "InputFormat": kind,
            "SerdeInfo": {"SerializationLibrary": serde},
        }
        glue.create_table(DatabaseName="orgctl", TableInput={"Name": name, "StorageDescriptor": storage})
    expected = [["1", "{a=x}"], ["2", None]]
    assert asked(sandbox, athena, "SELECT n, m FROM orgctl.lines ORDER BY n") == expected
    unload = "UNLOAD (SELECT * FROM orgctl.lines) TO 's3://example-org-trail/copy/' WITH (format = 'PARQUET')"
    assert run(sandbox, athena, unload)["Status"]["State"] == "SUCCEEDED"
    assert asked(sandbox, athena, "SELECT n, m FROM orgctl.copy ORDER BY n") == expected


def test_catalog_and_workgroups_are_kept_when_the_state_is(sandbox: Sandbox) -> None:
    """What was saved is there again, and can be queried; the history of queries is not kept."""
    athena = made(sandbox)
    deliver(sandbox, record(1))
    run(sandbox, athena, "SELECT 1")
    with sandbox.front.lock:
        saved = json.loads(json.dumps(snapshot(sandbox.front)))
    sandbox.front.ask_moto(restore, sandbox.front, saved)
    assert "QueryExecutionIds" not in athena.list_query_executions(WorkGroup="orgctl")
    assert asked(sandbox, athena, f"SELECT eventid {FROM} WHERE {HERE}") == [["e1"]]
