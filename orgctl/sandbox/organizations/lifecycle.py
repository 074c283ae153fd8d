"""The organization itself: created, described, deleted."""

from __future__ import annotations

from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations.arns import arn
from orgctl.sandbox.organizations.policy_types import aws_policies
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.state import Account, Cloud, Organization


def found(cloud: Cloud, management: Account, features: str = "ALL") -> Organization:
    """Make the organization, with the account as its management account under the root and AWS's own policies."""
    cloud.organization = organization = Organization(
        cloud.ids.organization(), cloud.ids.root(), management.id, features
    )
    cloud.outside.pop(management.id, None)
    management.joined, management.joined_method = cloud.clock.now(), "INVITED"
    organization.add_account(management, organization.root)
    organization.policies.update((policy.id, policy) for policy in aws_policies())
    return organization


@operation("CreateOrganization", Access.ANYBODY)
def create_organization(call: Call, params: Parameters) -> Members:
    """The caller becomes the management account. One organization is all that a sandbox holds."""
    organization, caller = call.cloud.organization, call.cloud.outsider(call.caller)
    if organization is not None and call.caller in organization.accounts:
        raise RefusalError("AlreadyInOrganizationException", "The AWS account is already a member of an organization.")
    if organization is not None:
        raise RefusalError("AccessDeniedException", "This sandbox holds an organization of another account already.")
    found(call.cloud, caller, params.get("FeatureSet", "ALL"))
    return _view(call)


@operation("DescribeOrganization", Access.MEMBER)
def describe_organization(call: Call, params: Parameters) -> Members:
    """The caller's organization. AvailablePolicyTypes is what AWS gives: of no use, see ListRoots."""
    return _view(call)


def _view(call: Call) -> Members:
    organization = call.organization
    management = organization.accounts[organization.management]
    return {
        "Organization": {
            "Id": organization.id,
            "Arn": arn(organization, "organization"),
            "FeatureSet": organization.features,
            "MasterAccountArn": arn(organization, "account", management.id),
            "MasterAccountId": management.id,
            "MasterAccountEmail": management.email,
            "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
            if organization.features == "ALL"
            else [],
        }
    }


@operation("DeleteOrganization")
def delete_organization(call: Call, params: Parameters) -> None:
    """Gone, once the management account is alone in it."""
    organization = call.organization
    if len(organization.accounts) > 1 or organization.units:
        raise RefusalError("OrganizationNotEmptyException", "The organization isn't empty.")
    management = organization.accounts[organization.management]
    management.parent = None
    call.cloud.outside[management.id] = management
    call.cloud.organization = None
