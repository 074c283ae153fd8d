"""Organization conformance packs: put by the management account or a delegated administrator, deployed in all accounts.

The two do not see each other's packs. Source: the `config` model, "Managing Conformance Packs Across all Accounts in
Your Organization" and "Service Limits" (AWS Config Developer Guide).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orgctl.errors import InvalidInputError
from orgctl.sandbox.config import fanout, find
from orgctl.sandbox.config.pack_templates import RULE, checked, text_of
from orgctl.sandbox.config.packs import inputs
from orgctl.sandbox.config.pages import page
from orgctl.sandbox.config.registry import operation
from orgctl.sandbox.config_state import Member, OrganizationPack
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.operations import Access, Call, Members, Parameters
from orgctl.sandbox.state import Organization

SERVICE = "config-multiaccountsetup.amazonaws.com"
PACKS = 50
RULES = 350
BUCKET = "awsconfigconforms"
_SETTINGS = ("OrganizationConformancePackName", "DeliveryS3Bucket", "DeliveryS3KeyPrefix", "ExcludedAccounts")


@operation("PutOrganizationConformancePack", Access.ANYBODY)
def put_pack(call: Call, params: Parameters) -> Members:
    """Create a pack in all accounts but the excluded ones, or change it; refused while it is under way."""
    organization, home = administered(call), find.home(call)
    if call.caller == organization.management:
        organization.trusted.setdefault(SERVICE, call.now)
    name = params["OrganizationConformancePackName"]
    known = home.organization_packs.get(name)
    if known is not None:
        fanout.settle(call.cloud, home, known)
        _refuse_under_way(known)
    text, count = _checked(call, params, known)
    settings: dict[str, Any] = {key: params[key] for key in _SETTINGS if key in params}
    settings["ConformancePackInputParameters"] = params.get("ConformancePackInputParameters") or []
    arn = home.arn("organization-conformance-pack", f"{name}-{call.cloud.ids.text(8)}")
    settings["OrganizationConformancePackArn"] = known.settings["OrganizationConformancePackArn"] if known else arn
    settings["LastUpdateTime"] = call.now
    tags = known.tags if known else find.tags_of(params.get("Tags"))
    pack = OrganizationPack(settings, text, count, created=known.created if known else call.now, tags=tags)
    pack.members, pack.action = (known.members, "UPDATE") if known else ({}, "CREATE")
    home.organization_packs[name] = pack
    fanout.begin(call.cloud, home, pack, again=True)
    return {"OrganizationConformancePackArn": settings["OrganizationConformancePackArn"]}


def administered(call: Call) -> Organization:
    """The organization, if the caller may deploy in all of it. Raises what AWS raises."""
    organization = call.cloud.organization
    if organization is None or call.caller not in organization.accounts:
        message = "The account is not part of an organization."
        raise RefusalError("OrganizationAccessDeniedException", message)
    if call.caller not in (organization.management, *organization.delegated.get(SERVICE, ())):
        message = "This account is neither the management account nor a delegated administrator for this service."
        raise RefusalError("OrganizationAccessDeniedException", message)
    if organization.features != "ALL":
        message = "Organization does not have all features enabled."
        raise RefusalError("OrganizationAllFeaturesNotEnabledException", message)
    return organization


def _checked(call: Call, params: Parameters, known: OrganizationPack | None) -> tuple[str, int]:
    """The template's text and its number of rules. Raises what AWS refuses in a pack, limits included."""
    bucket = params.get("DeliveryS3Bucket")
    if bucket and not bucket.startswith(BUCKET):
        raise RefusalError("ValidationException", f"The delivery bucket's name must begin with {BUCKET}.")
    for excluded in params.get("ExcludedAccounts") or ():
        if call.cloud.organization is not None and excluded not in call.cloud.organization.accounts:
            raise RefusalError("ValidationException", f"The excluded account {excluded} is not in the organization.")
    others = [pack for pack in _everybodys(call) if pack is not known]
    if known is None and len(others) >= (call.quota("organization_conformance_packs") or PACKS):
        raise _too_many("You have reached the limit of the number of conformance packs in an organization.")
    try:
        text = text_of(call, params)
        template = checked(text, inputs(params))
    except InvalidInputError as problem:
        raise RefusalError("OrganizationConformancePackTemplateValidationException", str(problem)) from None
    count = [resource["Type"] for resource in template.resources.values()].count(RULE)
    if sum(pack.rules for pack in others) + count > (call.quota("organization_conformance_pack_rules") or RULES):
        raise _too_many(f"All conformance packs of an organization have at most {RULES} rules.")
    return text, count


def _too_many(message: str) -> RefusalError:
    return RefusalError("MaxNumberOfOrganizationConformancePacksExceededException", message)


def _everybodys(call: Call) -> list[OrganizationPack]:
    homes = call.cloud.config.homes.values()
    return [pack for home in homes if home.region == call.region for pack in home.organization_packs.values()]


def _refuse_under_way(pack: OrganizationPack) -> None:
    if any(member.status.endswith("IN_PROGRESS") for member in pack.members.values()):
        message = "Organization conformance pack is being created, updated or deleted. Please try again later."
        raise RefusalError("ResourceInUseException", message)


@operation("DeleteOrganizationConformancePack", Access.ANYBODY)
def delete_pack(call: Call, params: Parameters) -> None:
    """On its way out of all accounts."""
    administered(call)
    home, pack = find.home(call), _pack(call, params["OrganizationConformancePackName"])
    fanout.settle(call.cloud, home, pack)
    _refuse_under_way(pack)
    fanout.withdraw(call.cloud, pack)
    fanout.finish(home, pack)


@operation("DescribeOrganizationConformancePacks", Access.ANYBODY)
def describe(call: Call, params: Parameters) -> Members:
    """The caller's packs. The template is not given back."""
    found = _packs(call, params)
    return page(call, params, "OrganizationConformancePacks", found, lambda pack: pack.settings)


@operation("DescribeOrganizationConformancePackStatuses", Access.ANYBODY)
def describe_statuses(call: Call, params: Parameters) -> Members:
    """The overall status; to a delegated administrator a creation is in progress for ever, as public threads report."""
    found = _packs(call, params)
    for pack in found:
        fanout.settle(call.cloud, find.home(call), pack)
    organization = administered(call)
    delegated = call.caller != organization.management
    return page(
        call,
        params,
        "OrganizationConformancePackStatuses",
        found,
        lambda pack: _overall(pack, delegated=delegated),
    )


def _overall(pack: OrganizationPack, *, delegated: bool) -> Members:
    statuses = [member.status for member in pack.members.values()]
    failed = [member for member in pack.members.values() if member.status.endswith("FAILED")]
    ending = "IN_PROGRESS" if any(s.endswith("IN_PROGRESS") for s in statuses) else "FAILED" if failed else "SUCCESSFUL"
    if delegated and pack.action == "CREATE":
        ending = "IN_PROGRESS"
    answer = {
        "OrganizationConformancePackName": pack.name,
        "Status": f"{pack.action}_{ending}",
        "LastUpdateTime": pack.settings["LastUpdateTime"],
    }
    if ending == "FAILED" and failed[0].code:
        answer |= {"ErrorCode": failed[0].code, "ErrorMessage": failed[0].message or ""}
    return answer


@operation("GetOrganizationConformancePackDetailedStatus", Access.ANYBODY)
def detailed_status(call: Call, params: Parameters) -> Members:
    """How far each account is, and why one failed. Asking lets time pass."""
    administered(call)
    home, pack = find.home(call), _pack(call, params["OrganizationConformancePackName"])
    fanout.settle(call.cloud, home, pack)
    filters = params.get("Filters") or {}
    found = [
        (account, member)
        for account, member in pack.members.items()
        if filters.get("AccountId") in (None, account) and filters.get("Status") in (None, member.status)
    ]
    return page(call, params, "OrganizationConformancePackDetailedStatuses", found, _detailed, size=100)


def _detailed(found: tuple[str, Member]) -> Members:
    account, member = found
    answer: Members = {
        "AccountId": account,
        "ConformancePackName": member.pack,
        "Status": member.status,
        "LastUpdateTime": member.updated,
    }
    return {**answer, "ErrorCode": member.code, "ErrorMessage": member.message or ""} if member.code else answer


def _pack(call: Call, name: str) -> OrganizationPack:
    found = find.home(call).organization_packs.get(name)
    if found is None:
        message = f"Organization conformance pack {name} does not exist."
        raise RefusalError("NoSuchOrganizationConformancePackException", message)
    return found


def _packs(call: Call, params: Parameters) -> list[OrganizationPack]:
    administered(call)
    names: Iterable[str] | None = params.get("OrganizationConformancePackNames")
    return [_pack(call, name) for name in names] if names else list(find.home(call).organization_packs.values())
