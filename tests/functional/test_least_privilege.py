"""The example's whole life under the IAM policies that `orgctl permissions` prints, with IAM enforced."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.permissions import names_for
from orgctl.api.planning import plan
from orgctl.aws.permissions import Command, Document, policies
from orgctl.errors import AwsError
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS


def become(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, name: str, document: Document) -> None:
    """Go on as an IAM user of the management account who has this one policy."""
    iam = boto3.client("iam", endpoint_url=sandbox.endpoint_url, **sandbox.credentials())
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="orgctl", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


def narrow_access_role(sandbox: Sandbox, command: Command, directory: Path) -> None:
    """Leave the access role in the log account nothing but the policy that the command needs."""
    (account,) = [i for i, info in sandbox.organization.accounts.items() if info.name == "log-archive"]
    iam = boto3.client("iam", endpoint_url=sandbox.endpoint_url, **sandbox.credentials(account))
    document = policies(command, names_for(directory)).access_role
    role = "OrganizationAccountAccessRole"
    iam.delete_role_policy(RoleName=role, PolicyName="AdministratorAccess")
    iam.put_role_policy(RoleName=role, PolicyName="orgctl", PolicyDocument=json.dumps(document))


def test_plan_and_apply_under_their_own_policies(
    example: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From nothing to the whole example and an empty second plan, with no permission beyond the printed ones."""
    sandbox.configure(enforce_iam=True)
    become(monkeypatch, sandbox, "applier", policies(Command.APPLY, names_for(example)).caller)
    made, outcome = apply_manifest(example, connection, TERMS)
    assert {number: error.message for number, error in outcome.failed.items()} == {}
    assert len(outcome.done) == len(made.operations)
    narrow_access_role(sandbox, Command.PLAN, example)
    become(monkeypatch, sandbox, "planner", policies(Command.PLAN, names_for(example)).caller)
    assert plan(example, connection).plan.is_empty


def test_the_bucket_is_mended_under_the_narrow_access_role(
    example: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the access role narrowed too, what somebody changed on bucket and trail is put back."""
    apply_manifest(example, connection, TERMS)
    (account,) = [i for i, info in sandbox.organization.accounts.items() if info.name == "log-archive"]
    s3 = boto3.client("s3", endpoint_url=sandbox.endpoint_url, **sandbox.credentials(account))
    s3.put_bucket_versioning(Bucket="example-org-trail", VersioningConfiguration={"Status": "Suspended"})
    s3.delete_bucket_lifecycle(Bucket="example-org-trail")
    trail = boto3.client("cloudtrail", **sandbox.credentials(region="eu-west-1"), endpoint_url=sandbox.endpoint_url)
    trail.stop_logging(Name="organization-trail")
    sandbox.configure(enforce_iam=True)
    narrow_access_role(sandbox, Command.APPLY, example)
    become(monkeypatch, sandbox, "applier", policies(Command.APPLY, names_for(example)).caller)
    made, outcome = apply_manifest(example, connection, TERMS)
    assert [operation.action for operation in made.operations] == [
        "PutBucketVersioning",
        "PutBucketLifecycleConfiguration",
        "StartLogging",
    ]
    assert outcome.complete


def test_a_planner_cannot_apply(
    example: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the policy for `plan`, every write is refused, and the message names user and action."""
    sandbox.configure(enforce_iam=True)
    become(monkeypatch, sandbox, "planner", policies(Command.PLAN, names_for(example)).caller)
    _, outcome = apply_manifest(example, connection, TERMS)
    assert outcome.done == ()
    errors = list(outcome.failed.values())
    assert all(isinstance(error, AwsError) and "user/planner" in error.message for error in errors)
    assert any("organizations:CreateOrganizationalUnit" in error.message for error in errors)
