"""Trusted access of AWS services, and delegated administrators."""

from __future__ import annotations

from orgctl.model.policy_types import POLICY_TYPES
from orgctl.sandbox.messages import RefusalError, constraint, invalid_input
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.organizations import find
from orgctl.sandbox.organizations.arns import account_view
from orgctl.sandbox.organizations.pages import page
from orgctl.sandbox.organizations.registry import operation
from orgctl.sandbox.state import State


@operation("EnableAWSServiceAccess")
def enable_service(call: Call, params: Parameters) -> None:
    """Trust a service. Enabling twice is no error, and keeps the first date."""
    organization, service = call.organization, _recognized(params["ServicePrincipal"])
    if organization.features != "ALL":
        raise constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "Trusted access needs all features.")
    organization.trusted.setdefault(service, call.now)


@operation("DisableAWSServiceAccess")
def disable_service(call: Call, params: Parameters) -> None:
    """Trust it no longer; refused while it has delegated administrators or a policy type that needs it."""
    organization, service = call.organization, _recognized(params["ServicePrincipal"])
    if organization.delegated.get(service):
        raise constraint(
            "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", "The service has a delegated administrator."
        )
    if any(kind.service == service and kind.api_name in organization.types for kind in POLICY_TYPES):
        raise constraint("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", "A policy type of this service is enabled.")
    organization.trusted.pop(service, None)


@operation("ListAWSServiceAccessForOrganization", Access.DELEGATED)
def list_services(call: Call, params: Parameters) -> Members:
    """The services that are trusted, and since when."""
    services = sorted(call.organization.trusted.items())
    return page(
        call,
        params,
        "EnabledServicePrincipals",
        services,
        lambda entry: {"ServicePrincipal": entry[0], "DateEnabled": entry[1]},
    )


@operation("RegisterDelegatedAdministrator")
def register(call: Call, params: Parameters) -> None:
    """Let a member account administer a service. The number for each service is unlimited unless the quota
    `delegated_administrators` says otherwise: it differs from service to service."""
    organization, service = call.organization, _recognized(params["ServicePrincipal"])
    account = find.account(call, params["AccountId"])
    if account.id == organization.management:
        raise constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", "The management account cannot be one.")
    if account.state is not State.ACTIVE:
        raise constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", "The account is not active.")
    if service not in organization.trusted:
        raise constraint("SERVICE_ACCESS_NOT_ENABLED", f"Enable trusted access for {service} first.")
    administrators = organization.delegated.setdefault(service, {})
    if account.id in administrators:
        raise RefusalError(
            "AccountAlreadyRegisteredException", "The account is a delegated administrator of this service already."
        )
    quota = call.quota("delegated_administrators")
    if quota is not None and len(administrators) >= quota:
        raise constraint(
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED", "The service has its delegated administrators."
        )
    administrators[account.id] = call.now


@operation("DeregisterDelegatedAdministrator")
def deregister(call: Call, params: Parameters) -> None:
    """Let it administer the service no longer."""
    organization, service = call.organization, _recognized(params["ServicePrincipal"])
    account = find.account(call, params["AccountId"])
    if account.id not in organization.delegated.get(service, {}):
        raise RefusalError("AccountNotRegisteredException", "The account is not a delegated administrator.")
    del organization.delegated[service][account.id]


@operation("ListDelegatedAdministrators", Access.DELEGATED)
def list_administrators(call: Call, params: Parameters) -> Members:
    """The accounts that administer a service; without `ServicePrincipal`, any service."""
    organization, wanted = call.organization, params.get("ServicePrincipal")
    since: dict[str, float] = {}
    for service, administrators in organization.delegated.items():
        if wanted in (None, service):
            for account, when in administrators.items():
                since[account] = min(when, since.get(account, when))

    def view(account: str) -> Members:
        shown = account_view(call, organization.accounts[account])
        return {key: value for key, value in shown.items() if key != "Paths"} | {
            "DelegationEnabledDate": since[account]
        }

    return page(call, params, "DelegatedAdministrators", sorted(since), view)


@operation("ListDelegatedServicesForAccount", Access.DELEGATED)
def list_delegated_services(call: Call, params: Parameters) -> Members:
    """The services that an account administers."""
    account = find.account(call, params["AccountId"]).id
    services = [(s, a[account]) for s, a in sorted(call.organization.delegated.items()) if account in a]
    if not services:
        raise RefusalError("AccountNotRegisteredException", "The account is not a delegated administrator.")
    return page(
        call,
        params,
        "DelegatedServices",
        services,
        lambda entry: {"ServicePrincipal": entry[0], "DelegationEnabledDate": entry[1]},
    )


def _recognized(service: str) -> str:
    if not service.endswith((".amazonaws.com", ".amazonaws.com.cn", ".aws.internal")):
        raise invalid_input("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
    return service
