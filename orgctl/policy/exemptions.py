"""Whom SCPs and RCPs do not bind.

Sources: "Service control policies (SCPs)", SCP effects on permissions and Tasks and entities not restricted by SCPs;
"Resource control policies (RCPs)", Resources and entities not restricted by RCPs (AWS Organizations User Guide).
"""

from __future__ import annotations

from dataclasses import dataclass

from orgctl.policy.layers import Layer, Organization
from orgctl.policy.principal import PrincipalKind
from orgctl.policy.request import Request
from orgctl.policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Binding:
    """Whether a layer binds the request; `note` is one sentence on why it does not, or why that cannot be told."""

    bound: Truth
    note: str = ""


_BOUND = Binding(True)


def binding_of_scps(request: Request, organization: Organization) -> Binding:
    """Whether SCPs bind the caller. They do bind root users and delegated administrators of member accounts."""
    caller = request.principal
    if caller.kind is PrincipalKind.SERVICE or request.context.get("aws:principalisawsservice") == "true":
        return Binding(False, "SCPs do not bind AWS services that call on their own behalf")
    if caller.kind is PrincipalKind.OTHER:
        return Binding(
            None, f"it cannot be told whether SCPs bind `{caller.text}`, which is no principal of IAM or STS"
        )
    if caller.account and caller.account == organization.management_account:
        return Binding(False, f"SCPs do not bind the management account `{caller.account}`")
    if not caller.account or not organization.has(caller.account):
        return Binding(False, "SCPs do not bind callers from outside the organization")
    return _service_linked(request, Layer.SCP)


def binding_of_rcps(request: Request, organization: Organization) -> Binding:
    """Whether RCPs bind the resource, whoever calls."""
    owner, service = request.owner, request.service
    if owner and owner == organization.management_account:
        return Binding(False, f"RCPs do not bind resources of the management account `{owner}`")
    if owner and not organization.has(owner):
        return Binding(False, "RCPs do not bind resources from outside the organization")
    if service not in organization.rcp_services:
        return Binding(False, f"`{service}` is not among the services that support RCPs")
    if request.action == "kms:retiregrant":
        return Binding(False, "RCPs do not bind `kms:RetireGrant`")
    if service == "kms" and _alias_of_aws(request):
        return Binding(False, "RCPs do not bind AWS managed keys")
    linked = _service_linked(request, Layer.RCP)
    if linked.bound and service == "kms" and "kms:resourcealiases" in request.unknown:
        return Binding(None, "RCPs do not bind AWS managed keys; `kms:ResourceAliases` would tell whether it is one")
    return linked


def _alias_of_aws(request: Request) -> bool:
    names = (request.context.get("kms:resourcealiases"), request.context.get("kms:requestalias"))
    texts = [text for name in names for text in ((name,) if isinstance(name, str) else name or ())]
    return any(text.startswith("alias/aws/") for text in (*texts, request.resource.rpartition(":")[2]))


def _service_linked(request: Request, layer: Layer) -> Binding:
    linked = request.principal.service_linked
    arn = request.context.get("aws:principalarn")
    if linked is None and isinstance(arn, str):
        linked = ":role/aws-service-role/" in arn
    match linked:
        case False:
            return _BOUND
        case True:
            return Binding(False, f"{layer.value.upper()}s do not bind service-linked roles")
        case None:
            return Binding(
                None,
                f"`{request.principal.text}` looks like a service-linked role, which {layer.value.upper()}s do not"
                " bind; `aws:PrincipalArn` would tell",
            )
