"""The tree: OUs, accounts, their paths, and what AWS attaches by itself."""

from __future__ import annotations

from typing import Any

from orgctl.sandbox.embedded import Sandbox
from tests.sandbox.conftest import enabled, every, member, policy, refusal, root_of, unit


def test_equal_names_are_legal_under_different_parents(sandbox: Sandbox, organizations: Any) -> None:
    """Names only have to differ among siblings, also when an OU is renamed."""
    root = root_of(sandbox)
    a, b = unit(organizations, root, "A"), unit(organizations, root, "B")
    unit(organizations, a, "Prod")
    other = unit(organizations, b, "Dev")
    renamed = organizations.update_organizational_unit(OrganizationalUnitId=other, Name="Prod")
    assert renamed["OrganizationalUnit"]["Name"] == "Prod"


def test_paths_name_every_parent(sandbox: Sandbox, organizations: Any) -> None:
    """`Path` and `Paths` run from the organization's id down to the thing itself, and can be switched off."""
    root = root_of(sandbox)
    a = unit(organizations, root, "A")
    account = member(organizations, "one")
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=a)
    path = f"{sandbox.organization.id}/{root}/{a}/"
    units = every(organizations, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=root)
    assert [path] == [found["Path"] for found in units]
    assert [f"{path}{account}/"] == organizations.describe_account(AccountId=account)["Account"]["Paths"]
    sandbox.configure(paths=False, status=False)
    older = organizations.describe_account(AccountId=account)["Account"]
    assert {"Paths", "Status"}.isdisjoint(older)


def test_parents_and_children_agree(sandbox: Sandbox, organizations: Any) -> None:
    """ListParents is the inverse of ListChildren."""
    root = root_of(sandbox)
    a = unit(organizations, root, "A")
    account = member(organizations, "one")
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=a)
    children = every(organizations, "list_children", "Children", ParentId=a, ChildType="ACCOUNT")
    parents = every(organizations, "list_parents", "Parents", ChildId=account)
    assert ([{"Id": account, "Type": "ACCOUNT"}], [{"Id": a, "Type": "ORGANIZATIONAL_UNIT"}]) == (children, parents)


def test_full_access_is_attached_to_everything(sandbox: Sandbox, organizations: Any) -> None:
    """AWS attaches FullAWSAccess to all there is when SCPs are enabled, and to all that comes later."""
    root = root_of(sandbox)
    before = unit(organizations, root, "before")
    enabled(organizations, root)
    after, account = unit(organizations, root, "after"), member(organizations, "one")
    targets = every(organizations, "list_targets_for_policy", "Targets", PolicyId="p-FullAWSAccess")
    assert {root, before, after, account, "111111111111"} == {target["TargetId"] for target in targets}


def test_rcp_full_access_cannot_be_detached(sandbox: Sandbox, organizations: Any) -> None:
    """RCPFullAWSAccess takes one of the five slots for good."""
    root = root_of(sandbox)
    enabled(organizations, root, "RESOURCE_CONTROL_POLICY")
    assert refusal(lambda: organizations.detach_policy(PolicyId="p-RCPFullAWSAccess", TargetId=root)) == (
        "InvalidInputException",
        "NON_DETACHABLE_POLICY",
    )
    attached = every(
        organizations, "list_policies_for_target", "Policies", TargetId=root, Filter="RESOURCE_CONTROL_POLICY"
    )
    assert [found["Id"] for found in attached] == ["p-RCPFullAWSAccess"]


def test_disabling_a_type_detaches_its_policies(sandbox: Sandbox, organizations: Any) -> None:
    """Once a type is disabled nothing of it is attached; enabled again, only AWS's own is."""
    root = root_of(sandbox)
    enabled(organizations, root)
    mine = policy(organizations, "mine")
    organizations.attach_policy(PolicyId=mine, TargetId=root)
    organizations.disable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    while organizations.list_roots()["Roots"] != [] and sandbox.organization.types:
        pass
    assert every(organizations, "list_targets_for_policy", "Targets", PolicyId=mine) == []
    enabled(organizations, root)
    attached = every(
        organizations, "list_policies_for_target", "Policies", TargetId=root, Filter="SERVICE_CONTROL_POLICY"
    )
    assert [found["Id"] for found in attached] == ["p-FullAWSAccess"]


def test_deleting_an_ou_frees_its_policies(sandbox: Sandbox, organizations: Any) -> None:
    """A policy that was attached to a deleted OU only is not in use any more."""
    root = root_of(sandbox)
    enabled(organizations, root)
    a, mine = unit(organizations, root, "A"), policy(organizations, "mine")
    organizations.attach_policy(PolicyId=mine, TargetId=a)
    organizations.delete_organizational_unit(OrganizationalUnitId=a)
    organizations.delete_policy(PolicyId=mine)
    names = [p["Name"] for p in every(organizations, "list_policies", "Policies", Filter="SERVICE_CONTROL_POLICY")]
    assert names == ["FullAWSAccess"]


def test_all_fifteen_types_can_be_enabled_and_attached(sandbox: Sandbox, organizations: Any) -> None:
    """Every policy type of botocore's model is there, with its policies."""
    types = organizations.meta.service_model.shape_for("PolicyType").enum
    documents = {"TAG_POLICY": "tags", "BACKUP_POLICY": "plans", "AISERVICES_OPT_OUT_POLICY": "services"}
    documents |= {"CHATBOT_POLICY": "chatbot", "DECLARATIVE_POLICY_EC2": "ec2_attributes"}
    for service in ("securityhub.amazonaws.com", "inspector2.amazonaws.com"):
        organizations.enable_aws_service_access(ServicePrincipal=service)
    attached = {}
    for kind in types:
        enabled(organizations, root_of(sandbox), kind)
        rcp = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}'
        own = {
            "SERVICE_CONTROL_POLICY": '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*",'
            '"Resource":"*"}]}',
            "RESOURCE_CONTROL_POLICY": rcp,
        }
        content = own.get(kind) or f'{{"{documents.get(kind, "anything")}":{{}}}}'
        mine = policy(organizations, "mine", content, kind)
        organizations.attach_policy(PolicyId=mine, TargetId="111111111111")
        found = every(organizations, "list_policies_for_target", "Policies", TargetId="111111111111", Filter=kind)
        attached[kind] = mine in [p["Id"] for p in found]
    assert dict.fromkeys(types, True) == attached
    assert len(types) == 15


def test_tags_come_and_go(sandbox: Sandbox, organizations: Any) -> None:
    """Roots, OUs, accounts and policies carry tags, given at their creation or later."""
    root = root_of(sandbox)
    made = organizations.create_organizational_unit(
        ParentId=root, Name="A", Tags=[{"Key": "owner", "Value": "security"}, {"Key": "env", "Value": ""}]
    )
    a = made["OrganizationalUnit"]["Id"]
    organizations.tag_resource(ResourceId=a, Tags=[{"Key": "owner", "Value": "größe"}])
    organizations.untag_resource(ResourceId=a, TagKeys=["env", "absent"])
    assert every(organizations, "list_tags_for_resource", "Tags", ResourceId=a) == [{"Key": "owner", "Value": "größe"}]


def test_the_resource_policy_is_kept(sandbox: Sandbox, organizations: Any) -> None:
    """It is put, described with the id that it keeps, and deleted."""
    content = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"}]}'
    first = organizations.put_resource_policy(Content=content)["ResourcePolicy"]["ResourcePolicySummary"]["Id"]
    organizations.put_resource_policy(Content=content + " ")
    found = organizations.describe_resource_policy()["ResourcePolicy"]
    organizations.delete_resource_policy()
    assert (first, content + " ") == (found["ResourcePolicySummary"]["Id"], found["Content"])
    assert sandbox.organization.resource_policy is None
