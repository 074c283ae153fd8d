"""What AWS Organizations refuses, with its codes and reasons."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from orgctl.sandbox.embedded import Sandbox, running
from tests.sandbox.conftest import DENY, Refused, client, enabled, member, policy, refusal, root_of, unit

TAGS_51 = [{"Key": f"k{n}", "Value": ""} for n in range(51)]
RESOURCE_POLICY_WITHOUT_PRINCIPAL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}'


def chain(api: Any, root: str, depth: int) -> str:
    for level in range(depth):
        root = unit(api, root, f"level-{level}")
    return root


REFUSALS: dict[str, tuple[Callable[[Any, SimpleNamespace], object], Refused]] = {
    "duplicate sibling OU": (
        lambda api, s: api.create_organizational_unit(ParentId=s.root, Name="A"),
        ("DuplicateOrganizationalUnitException", None),
    ),
    "rename to a sibling's name": (
        lambda api, s: api.update_organizational_unit(OrganizationalUnitId=s.b, Name="A"),
        ("DuplicateOrganizationalUnitException", None),
    ),
    "OU under an unknown parent": (
        lambda api, s: api.create_organizational_unit(ParentId="ou-abcd-12345678", Name="X"),
        ("ParentNotFoundException", None),
    ),
    "a sixth level": (
        lambda api, s: chain(api, s.root, 6),
        ("ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED"),
    ),
    "delete an OU with a child": (
        lambda api, s: api.delete_organizational_unit(OrganizationalUnitId=s.a),
        ("OrganizationalUnitNotEmptyException", None),
    ),
    "delete an unknown OU": (
        lambda api, s: api.delete_organizational_unit(OrganizationalUnitId="ou-abcd-12345678"),
        ("OrganizationalUnitNotFoundException", None),
    ),
    "attach before the type is enabled": (
        lambda api, s: api.attach_policy(PolicyId=policy(api, "t", '{"tags":{}}', "TAG_POLICY"), TargetId=s.a),
        ("PolicyTypeNotEnabledException", None),
    ),
    "attach twice": (
        lambda api, s: [api.attach_policy(PolicyId=s.policy, TargetId=s.a) for _ in range(2)],
        ("DuplicatePolicyAttachmentException", None),
    ),
    "attach an eleventh SCP": (
        lambda api, s: [api.attach_policy(PolicyId=policy(api, f"p{n}"), TargetId=s.b) for n in range(10)],
        ("ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"),
    ),
    "attach to nothing": (
        lambda api, s: api.attach_policy(PolicyId=s.policy, TargetId="222222222222"),
        ("TargetNotFoundException", None),
    ),
    "attach nothing": (
        lambda api, s: api.attach_policy(PolicyId="p-00000000", TargetId=s.a),
        ("PolicyNotFoundException", None),
    ),
    "detach what is not attached": (
        lambda api, s: api.detach_policy(PolicyId=s.policy, TargetId=s.a),
        ("PolicyNotAttachedException", None),
    ),
    "detach the last SCP": (
        lambda api, s: api.detach_policy(PolicyId="p-FullAWSAccess", TargetId=s.a),
        ("ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"),
    ),
    "change an AWS-managed policy": (
        lambda api, s: api.update_policy(PolicyId="p-FullAWSAccess", Name="x"),
        ("InvalidInputException", "IMMUTABLE_POLICY"),
    ),
    "delete a policy that is attached": (
        lambda api, s: (api.attach_policy(PolicyId=s.policy, TargetId=s.a), api.delete_policy(PolicyId=s.policy)),
        ("PolicyInUseException", None),
    ),
    "a second policy of a name": (
        lambda api, s: policy(api, "deny"),
        ("DuplicatePolicyException", None),
    ),
    "an SCP that is too long": (
        lambda api, s: policy(api, "long", DENY + " " * 10_240),
        ("ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED"),
    ),
    "a malformed SCP": (
        lambda api, s: policy(api, "bad", "{"),
        ("MalformedPolicyDocumentException", None),
    ),
    "a 51st tag": (
        lambda api, s: api.tag_resource(ResourceId=s.a, Tags=TAGS_51),
        ("ConstraintViolationException", "MAX_TAG_LIMIT_EXCEEDED"),
    ),
    "a tag key twice": (
        lambda api, s: api.tag_resource(ResourceId=s.a, Tags=[{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]),
        ("InvalidInputException", "DUPLICATE_TAG_KEY"),
    ),
    "a system tag": (
        lambda api, s: api.tag_resource(ResourceId=s.a, Tags=[{"Key": "aws:x", "Value": "1"}]),
        ("InvalidInputException", "INVALID_SYSTEM_TAGS_PARAMETER"),
    ),
    "enable a type twice": (
        lambda api, s: api.enable_policy_type(RootId=s.root, PolicyType="SERVICE_CONTROL_POLICY"),
        ("PolicyTypeAlreadyEnabledException", None),
    ),
    "enable a type whose service is not trusted": (
        lambda api, s: api.enable_policy_type(RootId=s.root, PolicyType="SECURITYHUB_POLICY"),
        ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED"),
    ),
    "enable a type that is on its way": (
        lambda api, s: [api.enable_policy_type(RootId=s.root, PolicyType="TAG_POLICY") for _ in range(2)],
        ("PolicyChangesInProgressException", None),
    ),
    "move from where the account is not": (
        lambda api, s: api.move_account(AccountId=s.account, SourceParentId=s.a, DestinationParentId=s.b),
        ("SourceParentNotFoundException", None),
    ),
    "move to where it is": (
        lambda api, s: api.move_account(AccountId=s.account, SourceParentId=s.root, DestinationParentId=s.root),
        ("DuplicateAccountException", None),
    ),
    "move to nowhere": (
        lambda api, s: api.move_account(
            AccountId=s.account, SourceParentId=s.root, DestinationParentId="ou-abcd-12345678"
        ),
        ("DestinationParentNotFoundException", None),
    ),
    "remove a young account": (
        lambda api, s: api.remove_account_from_organization(AccountId=s.account),
        ("ConstraintViolationException", "WAIT_PERIOD_ACTIVE"),
    ),
    "remove the management account": (
        lambda api, s: api.remove_account_from_organization(AccountId="111111111111"),
        ("MasterCannotLeaveOrganizationException", None),
    ),
    "close the management account": (
        lambda api, s: api.close_account(AccountId="111111111111"),
        ("ConstraintViolationException", "CANNOT_CLOSE_MANAGEMENT_ACCOUNT"),
    ),
    "close twice": (
        lambda api, s: [api.close_account(AccountId=s.account) for _ in range(2)],
        ("AccountAlreadyClosedException", None),
    ),
    "a delegated administrator of an untrusted service": (
        lambda api, s: api.register_delegated_administrator(
            AccountId=s.account, ServicePrincipal="config.amazonaws.com"
        ),
        ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED"),
    ),
    "trust what is no service": (
        lambda api, s: api.enable_aws_service_access(ServicePrincipal="example.com"),
        ("InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL"),
    ),
    "services of no delegated administrator": (
        lambda api, s: api.list_delegated_services_for_account(AccountId=s.account),
        ("AccountNotRegisteredException", None),
    ),
    "no resource policy": (
        lambda api, s: api.describe_resource_policy(),
        ("ResourcePolicyNotFoundException", None),
    ),
    "a resource policy without a principal": (
        lambda api, s: api.put_resource_policy(Content=RESOURCE_POLICY_WITHOUT_PRINCIPAL),
        ("InvalidInputException", "INVALID_PRINCIPAL"),
    ),
    "an organization in an organization": (
        lambda api, s: api.create_organization(),
        ("AlreadyInOrganizationException", None),
    ),
    "delete an organization with members": (
        lambda api, s: api.delete_organization(),
        ("OrganizationNotEmptyException", None),
    ),
    "a token of another list": (
        lambda api, s: api.list_accounts(NextToken="bm90aGluZw=="),
        ("InvalidInputException", "INVALID_NEXT_TOKEN"),
    ),
    "an id of the wrong form": (
        lambda api, s: api.describe_account(AccountId="12"),
        ("InvalidInputException", "INVALID_PATTERN"),
    ),
    "a page of 21": (
        lambda api, s: api.list_accounts(MaxResults=21),
        ("InvalidInputException", "MAX_LENGTH_EXCEEDED"),
    ),
    "a policy type that there is not": (
        lambda api, s: api.list_policies(Filter="NO_POLICY"),
        ("InvalidInputException", "INVALID_ENUM"),
    ),
    "no effective policy": (
        lambda api, s: api.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=s.account),
        ("EffectivePolicyNotFoundException", None),
    ),
    "an unknown creation": (
        lambda api, s: api.describe_create_account_status(CreateAccountRequestId="car-00000000"),
        ("CreateAccountStatusNotFoundException", None),
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_as_aws_does(sandbox: Sandbox, organizations: Any, case: str) -> None:
    """Each of these is refused with AWS's exception, and its reason where it has one."""
    root = root_of(sandbox)
    enabled(organizations, root)
    a, b = unit(organizations, root, "A"), unit(organizations, root, "B")
    unit(organizations, a, "inside")
    scene = SimpleNamespace(
        root=root, a=a, b=b, policy=policy(organizations, "deny"), account=member(organizations, "one")
    )
    call, expected = REFUSALS[case]
    assert expected == refusal(lambda: call(organizations, scene))


QUOTAS: dict[str, tuple[dict[str, int], Callable[[Any, str], object], str]] = {
    "OUs": ({"ous": 1}, lambda api, root: [unit(api, root, n) for n in "ab"], "OU_NUMBER_LIMIT_EXCEEDED"),
    "SCPs": ({"scp_count": 1}, lambda api, root: [policy(api, n) for n in "ab"], "POLICY_NUMBER_LIMIT_EXCEEDED"),
    "closures at a time": (
        {"accounts_being_closed": 1},
        lambda api, root: [api.close_account(AccountId=member(api, n)) for n in ("one", "two")],
        "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
    ),
    "closures in thirty days": (
        {"accounts_closed_in_30_days": 1},
        lambda api, root: [api.close_account(AccountId=member(api, n)) for n in ("one", "two")],
        "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
    ),
}


@pytest.mark.parametrize("case", QUOTAS)
def test_quotas_can_be_set(case: str) -> None:
    """A sandbox's quotas are those of orgctl.model.limits unless its settings say otherwise."""
    quotas, call, reason = QUOTAS[case]
    with running(quotas=quotas) as sandbox:
        api = client(sandbox, "organizations")
        assert ("ConstraintViolationException", reason) == refusal(lambda: call(api, root_of(sandbox)))


def test_only_the_management_account_may_write(sandbox: Sandbox, organizations: Any) -> None:
    """A member may ask what organization it is in, and nothing else; an outsider is told that it is in none."""
    account = member(organizations, "one")
    of_member, outside = client(sandbox, "organizations", account), client(sandbox, "organizations", "222222222222")
    assert sandbox.organization.id == of_member.describe_organization()["Organization"]["Id"]
    assert refusal(of_member.list_accounts) == ("AccessDeniedException", None)
    assert refusal(outside.describe_organization) == ("AWSOrganizationsNotInUseException", None)


def test_delegated_administrators_may_read(sandbox: Sandbox, organizations: Any) -> None:
    """A delegated administrator of any service reads the organization, and changes nothing in it."""
    account = member(organizations, "one")
    organizations.enable_aws_service_access(ServicePrincipal="config.amazonaws.com")
    organizations.register_delegated_administrator(AccountId=account, ServicePrincipal="config.amazonaws.com")
    api = client(sandbox, "organizations", account)
    assert [account] == [a["Id"] for a in api.list_delegated_administrators()["DelegatedAdministrators"]]
    assert refusal(lambda: api.create_organizational_unit(ParentId=root_of(sandbox), Name="A")) == (
        "AccessDeniedException",
        None,
    )
    assert refusal(lambda: organizations.disable_aws_service_access(ServicePrincipal="config.amazonaws.com")) == (
        "ConstraintViolationException",
        "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
    )


BILLING_ONLY: dict[str, tuple[Callable[[Any, str], object], Refused]] = {
    "a policy": (lambda api, root: policy(api, "p"), ("PolicyTypeNotAvailableForOrganizationException", None)),
    "a policy type": (
        lambda api, root: api.enable_policy_type(RootId=root, PolicyType="TAG_POLICY"),
        ("PolicyTypeNotAvailableForOrganizationException", None),
    ),
    "trusted access": (
        lambda api, root: api.enable_aws_service_access(ServicePrincipal="config.amazonaws.com"),
        ("ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"),
    ),
    "a resource policy": (
        lambda api, root: api.put_resource_policy(Content="{}"),
        ("ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"),
    ),
}


@pytest.mark.parametrize("case", BILLING_ONLY)
def test_consolidated_billing_is_not_enough(case: str) -> None:
    """An organization without all features has no policies, no trusted services, no delegation."""
    call, expected = BILLING_ONLY[case]
    with running(organization=False) as sandbox:
        api = client(sandbox, "organizations")
        api.create_organization(FeatureSet="CONSOLIDATED_BILLING")
        assert refusal(lambda: call(api, root_of(sandbox))) == expected


DELEGATION: dict[str, tuple[Callable[[Any, str], object], Refused]] = {
    "the management account": (
        lambda api, account: register(api, "111111111111"),
        ("ConstraintViolationException", "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"),
    ),
    "an account that is being closed": (
        lambda api, account: (api.close_account(AccountId=account), register(api, account)),
        ("ConstraintViolationException", "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR"),
    ),
    "twice": (
        lambda api, account: [register(api, account) for _ in range(2)],
        ("AccountAlreadyRegisteredException", None),
    ),
    "more than the service takes": (
        lambda api, account: (register(api, account), register(api, member(api, "two"))),
        ("ConstraintViolationException", "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED"),
    ),
    "an end to what never was": (
        lambda api, account: api.deregister_delegated_administrator(AccountId=account, ServicePrincipal=CONFIG_SERVICE),
        ("AccountNotRegisteredException", None),
    ),
    "closing a delegated administrator": (
        lambda api, account: (register(api, account), api.close_account(AccountId=account)),
        ("ConstraintViolationException", "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"),
    ),
    "removing a delegated administrator": (
        lambda api, account: (register(api, account), api.remove_account_from_organization(AccountId=account)),
        ("ConstraintViolationException", "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"),
    ),
}
CONFIG_SERVICE = "config.amazonaws.com"


def register(api: Any, account: str) -> None:
    api.register_delegated_administrator(AccountId=account, ServicePrincipal=CONFIG_SERVICE)


@pytest.mark.parametrize("case", DELEGATION)
def test_who_cannot_be_a_delegated_administrator(case: str) -> None:
    """Registering has its conditions, and a delegated administrator cannot be got rid of before it is deregistered."""
    call, expected = DELEGATION[case]
    with running(quotas={"delegated_administrators": 1}) as sandbox:
        api = client(sandbox, "organizations")
        api.enable_aws_service_access(ServicePrincipal=CONFIG_SERVICE)
        account = member(api, "one")
        assert refusal(lambda: call(api, account)) == expected


def test_a_delegation_ends(sandbox: Sandbox, organizations: Any) -> None:
    """Services are listed for each account, also those that orgctl knows nothing of, until they are deregistered."""
    account = member(organizations, "one")
    services = [CONFIG_SERVICE, "new-service.amazonaws.com"]
    for service in services:
        organizations.enable_aws_service_access(ServicePrincipal=service)
        organizations.register_delegated_administrator(AccountId=account, ServicePrincipal=service)
    listed = organizations.list_delegated_services_for_account(AccountId=account)["DelegatedServices"]
    trusted = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert [found["ServicePrincipal"] for found in listed] == services
    assert [found["ServicePrincipal"] for found in trusted] == services
    for service in services:
        organizations.deregister_delegated_administrator(AccountId=account, ServicePrincipal=service)
        organizations.disable_aws_service_access(ServicePrincipal=service)
    assert sandbox.organization.trusted == {}
