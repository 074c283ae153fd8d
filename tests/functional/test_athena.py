"""What the organization trail is queried by: from nothing to an answered query, and back; killed, narrowed, changed."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.permissions import names_for
from orgctl.api.planning import open_for, plan, plan_loaded
from orgctl.aws.call import read
from orgctl.aws.permissions import Command, Document, policies
from orgctl.aws.write import invoke
from orgctl.manifest import load
from orgctl.reconcile.calls import calls_to
from orgctl.reconcile.executor import execute
from orgctl.reconcile.plan import Action
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.small import account, write
from tests.functional.test_interruption import Killed, Mortal
from tests.functional.test_least_privilege import become

BUCKET = "example-org-trail"
WRITES = 4
"""How many calls it takes to make all of it; a test below holds it to the truth."""


def manifest(directory: Path, athena: object) -> Path:
    """An organization with a trail; `athena` None: the key is absent."""
    root: dict[str, object] = {"units": {"Security": {"accounts": account("log-archive")}}}
    trail = {"name": "trail", "bucket": {"name": BUCKET, "account": "log-archive"}}
    return write(directory, root, trail=trail if athena is None else {**trail, "athena": athena})


def holder(sandbox: Sandbox) -> str:
    return next(i for i, found in sandbox.organization.accounts.items() if found.name == "log-archive")


def client(sandbox: Sandbox, service: str) -> Any:
    """In the account of the bucket, as its administrator."""
    credentials = sandbox.credentials(holder(sandbox), region="eu-west-1")
    session: Any = boto3.session  # Any: the stubs know services by literal names
    return session.Session().client(service, endpoint_url=sandbox.endpoint_url, **credentials)


def applied(directory: Path, connection: Connection) -> list[str]:
    """The calls that were made."""
    made, outcome = apply_manifest(directory, connection, TERMS)
    assert {n: e.message for n, e in outcome.failed.items()} == {}
    assert outcome.complete
    return [operation.title for operation in made.operations]


def narrow(sandbox: Sandbox, document: Document) -> None:
    """Leave the access role in the account of the bucket nothing but this."""
    iam = client(sandbox, "iam")
    for name in iam.list_role_policies(RoleName="OrganizationAccountAccessRole")["PolicyNames"]:
        iam.delete_role_policy(RoleName="OrganizationAccountAccessRole", PolicyName=name)
    text = json.dumps(document)
    iam.put_role_policy(RoleName="OrganizationAccountAccessRole", PolicyName="orgctl", PolicyDocument=text)


def test_from_nothing_to_an_answer_and_back(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """A query through the table finds what CloudTrail delivered; a second plan is empty; then nothing is left of it."""
    assert {"glue:CreateTable", "athena:CreateWorkGroup"} <= set(applied(manifest(tmp_path, athena=True), connection))
    assert plan(tmp_path, connection).plan.is_empty
    (rule,) = client(sandbox, "s3").get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert (rule["Filter"], rule["Expiration"]) == ({"Prefix": "orgctl-athena/"}, {"Days": 30})
    organization, here = sandbox.organization.id, holder(sandbox)
    key = f"AWSLogs/{organization}/{here}/CloudTrail/eu-west-1/2026/11/03/one.json.gz"
    body = gzip.compress(json.dumps({"Records": [{"eventID": "e1", "eventName": "GetObject"}]}).encode())
    client(sandbox, "s3").put_object(Bucket=BUCKET, Key=key, Body=body)
    athena = client(sandbox, "athena")
    partition = f"account = '{here}' AND region = 'eu-west-1' AND day = '2026/11/03'"
    query = f"SELECT eventname FROM orgctl.cloudtrail WHERE {partition}"  # noqa: S608 - ours
    number = athena.start_query_execution(QueryString=query, WorkGroup="orgctl")["QueryExecutionId"]
    assert sandbox.settled()
    rows = athena.get_query_results(QueryExecutionId=number)["ResultSet"]["Rows"]
    assert [[cell["VarCharValue"] for cell in row["Data"]] for row in rows] == [["eventname"], ["GetObject"]]
    assert sorted(applied(manifest(tmp_path, athena=False), connection)) == [
        "athena:DeleteWorkGroup",
        "glue:DeleteDatabase",
        "glue:DeleteTable",
        "glue:DeleteTable",
    ]
    assert client(sandbox, "glue").get_databases()["DatabaseList"] == []
    assert client(sandbox, "s3").head_object(Bucket=BUCKET, Key=key)["ContentLength"] == len(body)
    assert plan(tmp_path, connection).plan.is_empty


def test_what_somebody_has_changed_is_put_back(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Table and workgroup, by an update each; a property that somebody has added to the table stays."""
    applied(manifest(tmp_path, athena={"regions": ["eu-west-1"]}), connection)
    glue, athena = client(sandbox, "glue"), client(sandbox, "athena")
    table = glue.get_table(DatabaseName="orgctl", Name="cloudtrail")["Table"]
    changed = {key: table[key] for key in ("Name", "PartitionKeys", "StorageDescriptor", "TableType")}
    parameters = {**table["Parameters"], "projection.day.range": "2020/01/01,NOW", "comment": "mine"}
    glue.update_table(DatabaseName="orgctl", TableInput={**changed, "Parameters": parameters})
    athena.update_work_group(
        WorkGroup="orgctl",
        State="DISABLED",
        ConfigurationUpdates={"RemoveBytesScannedCutoffPerQuery": True, "EnforceWorkGroupConfiguration": False},
    )
    assert applied(tmp_path, connection) == ["glue:UpdateTable", "athena:UpdateWorkGroup"]
    found = glue.get_table(DatabaseName="orgctl", Name="cloudtrail")["Table"]["Parameters"]
    assert found == {**table["Parameters"], "comment": "mine"}
    assert plan(tmp_path, connection).plan.is_empty


def test_a_table_of_somebody_else_is_in_the_way(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """The plan says so and changes nothing; with `--adopt` it becomes ours."""
    applied(manifest(tmp_path, athena=None), connection)
    glue = client(sandbox, "glue")
    glue.create_database(DatabaseInput={"Name": "orgctl"})
    glue.create_table(DatabaseName="orgctl", TableInput={"Name": "cloudtrail", "Parameters": {"team": "audit"}})
    found = plan(manifest(tmp_path, athena=True), connection).plan
    assert [problem.address for problem in found.problems] == ["table:orgctl.cloudtrail"]
    _, outcome = apply_manifest(tmp_path, connection, replace(TERMS, adopt=True))
    assert outcome.complete
    parameters = glue.get_table(DatabaseName="orgctl", Name="cloudtrail")["Table"]["Parameters"]
    assert {"team": "audit", "orgctl:managed": "true"}.items() <= parameters.items()
    assert plan(tmp_path, connection).plan.is_empty


def test_as_many_calls_are_made_as_are_killed_below(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Every call is killed after its effect, none is left out."""
    applied(manifest(tmp_path, athena=False), connection)
    assert len(plan(manifest(tmp_path, athena=True), connection).plan.operations) == WRITES
    applied(tmp_path, connection)
    assert len(plan(manifest(tmp_path, athena=False), connection).plan.operations) == WRITES


@pytest.mark.slow
def test_whatever_is_left_is_planned_and_done(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Killed after each call (so before each but the first), on the way there and back: the next apply finishes."""
    applied(manifest(tmp_path, athena=False), connection)
    for nth in range(1, WRITES + 1):
        for wanted in (True, False):
            loaded = load(manifest(tmp_path, athena=wanted))
            aws = open_for(loaded, connection)
            with pytest.raises(Killed):
                execute(plan_loaded(loaded, aws).plan, Mortal(calls_to(aws), nth))
            assert len(applied(tmp_path, connection)) == WRITES - nth
    assert plan(tmp_path, connection).plan.is_empty


def test_the_least_permissions_are_enough(
    tmp_path: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made, seen to be as wanted, queried and taken away under what `orgctl permissions` prints, and no more."""
    applied(manifest(tmp_path, athena=None), connection)
    names = replace(names_for(manifest(tmp_path, athena=True)), bucket_account=holder(sandbox))
    made = {command: policies(command, names) for command in (Command.PLAN, Command.APPLY, Command.IMPACT)}
    documents = {command: document.access_role for command, document in made.items()}
    assert None not in documents.values()
    become(monkeypatch, sandbox, "applier", made[Command.APPLY].caller)
    narrow(sandbox, documents[Command.APPLY] or {})
    sandbox.configure(enforce_iam=True)
    applied(tmp_path, connection)
    narrow(sandbox, documents[Command.PLAN] or {})
    assert plan(tmp_path, connection).plan.is_empty
    narrow(sandbox, documents[Command.IMPACT] or {})
    aws, here = open_for(load(tmp_path), connection), {"account": holder(sandbox), "region": "eu-west-1"}
    asked = {"QueryString": "SELECT 1", "WorkGroup": "orgctl", "ClientRequestToken": "t" * 32}
    number = {"QueryExecutionId": invoke(aws, "athena", "StartQueryExecution", asked, **here)["QueryExecutionId"]}
    assert sandbox.settled()
    assert read(aws, "athena", "GetQueryExecution", number, **here)["QueryExecution"]["WorkGroup"] == "orgctl"
    narrow(sandbox, documents[Command.APPLY] or {})
    assert len(applied(manifest(tmp_path, athena=False), connection)) == WRITES


def test_an_account_that_cannot_be_entered_leaves_it_alone(
    tmp_path: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """A finding says so, and nothing of it is planned, least of all anew."""
    applied(manifest(tmp_path, athena=True), connection)
    client(sandbox, "iam").update_assume_role_policy(
        RoleName="OrganizationAccountAccessRole",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}',
    )
    found = plan(tmp_path, connection).plan
    assert "athena" in [finding.address for finding in found.findings]
    kinds = {"database", "table", "workgroup"}
    assert [
        change.address for change in found.changes if change.kind in kinds and change.action is not Action.NO_OP
    ] == []


def test_a_bucket_in_the_management_account_is_queried_there(
    tmp_path: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """No account is entered then; a second plan is empty."""
    trail = {"name": "trail", "bucket": {"name": BUCKET, "account": "management"}, "athena": True}
    write(tmp_path, {}, trail=trail)
    made, outcome = apply_manifest(tmp_path, connection, TERMS)
    assert outcome.complete
    assert {o.account for o in made.operations if o.service in ("glue", "athena")} == {None}
    assert plan(tmp_path, connection).plan.is_empty
