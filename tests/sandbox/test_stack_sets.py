"""StackSets of the organization: roles that are really made in member accounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.conftest import assumed, client, every, member, refusal, root_of, unit
from tests.sandbox.functions import trust
from tests.sandbox.test_other_services import enter

NAME = {"StackSetName": "evaluation"}
CAPABILITIES = ["CAPABILITY_NAMED_IAM"]
DAYS = 24 * 60 * 60


def template(*actions: str, **more: Any) -> str:
    """A role that the management account may assume, with an inline policy and a managed one."""
    statement = {"Effect": "Allow", "Action": list(actions or ("config:PutEvaluations",)), "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    principal = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${Administrator}:root"}}
    trusting = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }
    role = {
        "RoleName": {"Fn::Sub": "eval${Rest}"},
        "AssumeRolePolicyDocument": trusting,
        "Policies": [{"PolicyName": "evaluate", "PolicyDocument": document}],
        "ManagedPolicyArns": [{"Ref": "Reading"}],
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Reading": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
        **more,
    }
    declared = {
        "Administrator": {"Type": "String", "Default": "111111111111"},
        "Rest": {"Type": "String", "Default": "uation"},
    }
    return json.dumps({"Parameters": declared, "Resources": resources})


@pytest.fixture
def scene(sandbox: Sandbox, organizations: Any) -> SimpleNamespace:
    """An OU with one account, another account beside it, and trusted access."""
    inside, beside = member(organizations, "inside"), member(organizations, "beside")
    root = root_of(sandbox)
    ou = unit(organizations, root, "Workloads")
    organizations.move_account(AccountId=inside, SourceParentId=root, DestinationParentId=ou)
    api = client(sandbox, "cloudformation")
    api.activate_organizations_access()
    return SimpleNamespace(api=api, inside=inside, beside=beside, ou=ou, root=root, organizations=organizations)


def create(api: Any, body: str | None = None, **more: Any) -> None:
    settings = {
        "Capabilities": CAPABILITIES,
        "AutoDeployment": {"Enabled": True, "RetainStacksOnAccountRemoval": False},
    }
    api.create_stack_set(
        **NAME, TemplateBody=body or template(), PermissionModel="SERVICE_MANAGED", **{**settings, **more}
    )


def targets(*units: str, **more: Any) -> dict[str, Any]:
    return {"DeploymentTargets": {"OrganizationalUnitIds": list(units), **more}, "Regions": ["us-east-1"]}


def done(api: Any, answer: dict[str, Any]) -> str:
    """The status of an operation when it is over."""
    status = "RUNNING"
    while status == "RUNNING":
        found = api.describe_stack_set_operation(**NAME, OperationId=answer["OperationId"])
        status = found["StackSetOperation"]["Status"]
    return status


def roles(sandbox: Sandbox, account: str) -> list[str]:
    return [found["RoleName"] for found in client(sandbox, "iam", account).list_roles()["Roles"]]


def policies(sandbox: Sandbox, account: str) -> list[str]:
    iam = client(sandbox, "iam", account)
    document = iam.get_role_policy(RoleName="evaluation", PolicyName="evaluate")["PolicyDocument"]
    return list(document["Statement"][0]["Action"])


def test_a_role_comes_into_an_ou(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """Into its accounts, and no others; it can be entered, and is changed and taken away by operations."""
    create(scene.api, Tags=[{"Key": "orgctl:managed", "Value": "true"}])
    begun = scene.api.create_stack_instances(**NAME, **targets(scene.ou))
    assert roles(sandbox, scene.inside) == []
    assert done(scene.api, begun) == "SUCCEEDED"
    assert (roles(sandbox, scene.inside), roles(sandbox, scene.beside)) == (["evaluation"], [])
    identity = assumed(sandbox, "sts", enter(sandbox, scene.inside, "evaluation")).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{scene.inside}:assumed-role/evaluation/test"
    changed = template("config:Put*", "lambda:Get*")
    assert (
        done(scene.api, scene.api.update_stack_set(**NAME, TemplateBody=changed, Capabilities=CAPABILITIES))
        == "SUCCEEDED"
    )
    assert policies(sandbox, scene.inside) == ["config:Put*", "lambda:Get*"]
    assert scene.api.describe_stack_set(**NAME)["StackSet"]["TemplateBody"] == changed
    (instance,) = every(scene.api, "list_stack_instances", "Summaries", **NAME)
    assert (instance["Account"], instance["Status"], instance["OrganizationalUnitId"]) == (
        scene.inside,
        "CURRENT",
        scene.ou,
    )
    assert (
        done(scene.api, scene.api.delete_stack_instances(**NAME, **targets(scene.ou), RetainStacks=False))
        == "SUCCEEDED"
    )
    assert roles(sandbox, scene.inside) == []
    scene.api.delete_stack_set(**NAME)
    assert scene.api.list_stack_sets()["Summaries"] == []


def test_accounts_follow_by_themselves(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """An account that joins gets its stack, one that leaves the OU loses it; the management account never has one."""
    create(scene.api)
    done(scene.api, scene.api.create_stack_instances(**NAME, **targets(scene.root)))
    late = member(scene.organizations, "late")
    assert (roles(sandbox, late), roles(sandbox, "111111111111")) == (["evaluation"], [])
    sandbox.advance(4 * DAYS)
    scene.organizations.remove_account_from_organization(AccountId=late)
    assert roles(sandbox, late) == []
    actions = [found["Action"] for found in scene.api.list_stack_set_operations(**NAME)["Summaries"]]
    assert actions == ["DELETE", "CREATE", "CREATE"]


def test_a_failure_in_one_account_does_not_hide_the_others(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """The role exists there already; its result has the reason, and nothing half done stays."""
    client(sandbox, "iam", scene.beside).create_role(RoleName="evaluation", AssumeRolePolicyDocument=trust())
    create(scene.api)
    begun = scene.api.create_stack_instances(**NAME, **targets(scene.root))
    assert done(scene.api, begun) == "FAILED"
    found = every(scene.api, "list_stack_set_operation_results", "Summaries", **NAME, OperationId=begun["OperationId"])
    assert {result["Account"]: result["Status"] for result in found} == {
        scene.inside: "SUCCEEDED",
        scene.beside: "FAILED",
    }
    reason = next(result["StatusReason"] for result in found if result["Status"] == "FAILED")
    assert "already exists" in reason
    assert client(sandbox, "iam", scene.beside).list_policies(Scope="Local")["Policies"] == []


def test_some_accounts_of_an_ou(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """A filter takes accounts out, or leaves only them."""
    create(scene.api, AutoDeployment={"Enabled": False})
    only = targets(scene.root, Accounts=[scene.beside], AccountFilterType="INTERSECTION")
    done(scene.api, scene.api.create_stack_instances(**NAME, **only))
    assert (roles(sandbox, scene.inside), roles(sandbox, scene.beside)) == ([], ["evaluation"])
    others = targets(scene.root, Accounts=[scene.beside], AccountFilterType="DIFFERENCE")
    done(scene.api, scene.api.create_stack_instances(**NAME, **others))
    assert roles(sandbox, scene.inside) == ["evaluation"]


def test_a_delegated_administrator_acts_for_the_organization(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """With CallAs; the StackSet is the management account's all the same."""
    service = "member.org.stacksets.cloudformation.amazonaws.com"
    scene.organizations.register_delegated_administrator(AccountId=scene.beside, ServicePrincipal=service)
    theirs = client(sandbox, "cloudformation", scene.beside)
    create(theirs, CallAs="DELEGATED_ADMIN")
    assert f":{'1' * 12}:stackset/" in scene.api.describe_stack_set(**NAME)["StackSet"]["StackSetARN"]
    assert refusal(lambda: theirs.describe_stack_set(**NAME))[0] == "ValidationError"


def test_what_was_deployed_is_saved(sandbox: Sandbox, scene: SimpleNamespace) -> None:
    """IAM's part of a saved state has the roles, since they were made by IAM's calls."""
    create(scene.api)
    done(scene.api, scene.api.create_stack_instances(**NAME, **targets(scene.ou)))
    written = [item["account"] for item in sandbox.front.journal.to_json()]
    assert set(written) == {scene.inside}


REFUSALS: dict[str, tuple[Callable[[SimpleNamespace], object], str]] = {
    "a second of the name": (lambda s: [create(s.api) for _ in range(2)], "NameAlreadyExistsException"),
    "no capability": (lambda s: create(s.api, Capabilities=[]), "ValidationError"),
    "another resource type": (
        lambda s: create(s.api, template(Bucket={"Type": "AWS::S3::Bucket"})),
        "ValidationError",
    ),
    "no template": (lambda s: create(s.api, "nothing"), "ValidationError"),
    "an unknown StackSet": (lambda s: s.api.describe_stack_set(StackSetName="none"), "StackSetNotFoundException"),
    "an unknown OU": (
        lambda s: (create(s.api), s.api.create_stack_instances(**NAME, **targets("ou-abcd-12345678"))),
        "ValidationError",
    ),
    "accounts without an OU": (
        lambda s: (create(s.api), s.api.create_stack_instances(**NAME, Accounts=[s.inside], Regions=["us-east-1"])),
        "ValidationError",
    ),
    "two operations at once": (
        lambda s: (create(s.api), [s.api.create_stack_instances(**NAME, **targets(s.ou)) for _ in range(2)]),
        "OperationInProgressException",
    ),
    "instances that are left": (
        lambda s: (
            create(s.api),
            done(s.api, s.api.create_stack_instances(**NAME, **targets(s.ou))),
            s.api.delete_stack_set(**NAME),
        ),
        "StackSetNotEmptyException",
    ),
    "an unknown operation": (
        lambda s: (create(s.api), s.api.describe_stack_set_operation(**NAME, OperationId="x")),
        "OperationNotFoundException",
    ),
    "an unknown instance": (
        lambda s: (
            create(s.api),
            s.api.describe_stack_instance(**NAME, StackInstanceAccount=s.inside, StackInstanceRegion="us-east-1"),
        ),
        "StackInstanceNotFoundException",
    ),
    "self-managed permissions": (
        lambda s: s.api.create_stack_set(**NAME, TemplateBody=template()),
        "ValidationError",
    ),
    "a template that no longer fits": (
        lambda s: (create(s.api), s.api.update_stack_set(**NAME, TemplateBody="{}", Capabilities=CAPABILITIES)),
        "ValidationError",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_as_cloudformation_does(scene: SimpleNamespace, case: str) -> None:
    """Each of these is refused with AWS's code."""
    call, expected = REFUSALS[case]
    assert expected == refusal(lambda: call(scene))[0]


def test_without_trusted_access(sandbox: Sandbox) -> None:
    """There is no service-managed StackSet."""
    assert refusal(lambda: create(client(sandbox, "cloudformation")))[0] == "ValidationError"
