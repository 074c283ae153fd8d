"""Who called, by a CloudTrail record; and whom SCPs do not bind.

The principal of a role session is the role, whose ARN stands (with its path) in the session's issuer; the session's own
ARN lacks the path, and with it what tells a service-linked role. Sources: "CloudTrail userIdentity element", AWS
CloudTrail User Guide; "Service control policies (SCPs)", Tasks and entities not restricted by SCPs, AWS Organizations
User Guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from orgctl.policy.layers import Organization
from orgctl.policy.principal import Principal, PrincipalKind
from orgctl.replay.event import Event, Identity

_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_ACCOUNT = re.compile(r"\d{12}")
_FEDERATED = frozenset(("WebIdentityUser", "SAMLUser", "IdentityCenterUser"))

HIDDEN_OF_ROLES = ("aws:PrincipalArn",)
HIDDEN_OF_IDENTITIES = ("aws:PrincipalArn", "aws:PrincipalType", "aws:username", "aws:userid")
HIDDEN_OF_FEDERATION = ("aws:FederatedProvider", "aws:PrincipalType", "aws:SourceIdentity", "aws:userid")
"""Not told: a session's role; all but the account of a caller of another; of whom else a provider vouched for."""


class Exemption(Enum):
    """Why SCPs do not bind a caller."""

    MANAGEMENT_ACCOUNT = "management account"
    SERVICE_LINKED_ROLE = "service-linked role"
    SERVICE_PRINCIPAL = "service principal"
    OUTSIDE_IDENTITY = "outside identity"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called. `principal` is None where the record does not tell, and `reason` says why.

    `arn` is what `aws:PrincipalArn` held: the role's with its path, never the session's; None if that is not recorded.
    `account` is the caller's, empty for callers without one. `linked`: it is a service-linked role. `hidden` are the
    context keys that the call had, or may have had, of which the record says nothing.
    """

    principal: Principal | None
    arn: str | None = None
    account: str = ""
    linked: bool = False
    hidden: tuple[str, ...] = ()
    reason: str | None = None


def caller_of(event: Event) -> Caller:
    """The caller of an event."""
    who = event.identity
    if "userIdentity" in event.unread or not (who.type or who.arn or who.account_id or who.invoked_by):
        return Caller(None, reason="the record does not say who called")
    if who.type == "AWSService" or (who.type is None and not who.arn and who.invoked_by):
        return _service(event, who)
    if who.arn:
        return _identified(who, who.arn)
    if who.type in _FEDERATED:
        return Caller(Principal("*", PrincipalKind.ANONYMOUS), hidden=HIDDEN_OF_FEDERATION)
    if who.account_id and _ACCOUNT.fullmatch(who.account_id):
        return _elsewhere(who.account_id)
    return Caller(None, reason=f"a caller of the type `{who.type}` without an ARN is nobody that IAM knows")


def exemption_of(caller: Caller, organization: Organization) -> Exemption | None:
    """Why SCPs do not bind the caller; None if they do, or if it is not known who called."""
    if caller.principal is None:
        return None
    if caller.principal.kind is PrincipalKind.SERVICE:
        return Exemption.SERVICE_PRINCIPAL
    if not caller.account or not organization.has(caller.account):
        return Exemption.OUTSIDE_IDENTITY
    if caller.account == organization.management_account:
        return Exemption.MANAGEMENT_ACCOUNT
    return Exemption.SERVICE_LINKED_ROLE if caller.linked else None


def _service(event: Event, who: Identity) -> Caller:
    name = who.invoked_by or event.source_address or event.event_source
    return Caller(Principal(name if _SERVICE.fullmatch(name) else event.event_source, PrincipalKind.SERVICE))


def _identified(who: Identity, arn: str) -> Caller:
    """A caller with an ARN: of a session, the role's."""
    principal = Principal.parse(arn)
    account = principal.account or who.account_id or ""
    if principal.kind is PrincipalKind.OTHER:
        return Caller(None, account=account, reason=f"`{arn}` is nobody that IAM or STS knows")
    if principal.kind is not PrincipalKind.SESSION:
        return Caller(principal, arn, account, principal.service_linked is True)
    issuer = who.session_context.session_issuer if who.session_context else None
    role = Principal.parse(issuer.arn) if issuer and issuer.arn else None
    if role is None or role.kind is not PrincipalKind.ROLE:
        return Caller(principal, None, account, hidden=HIDDEN_OF_ROLES)
    return Caller(principal, role.text, account, role.service_linked is True)


def _elsewhere(account: str) -> Caller:
    """A caller of another account, of whom the record tells the account only: some identity of it."""
    name = "not-recorded"
    role = Principal(f"arn:aws:iam::{account}:role/{name}", PrincipalKind.ROLE, account, name)
    return Caller(role, None, account, hidden=HIDDEN_OF_IDENTITIES)
