"""Delegated administrators: for a service that the manifest names, its list is the whole truth."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.resources import DelegatedAdministrators, TrustedAccess
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.plan import Action, AttributeChange, Change

KIND = "delegated-administrators"
RESOURCE = DelegatedAdministrators


def compare(
    before: DelegatedAdministrators | None, after: DelegatedAdministrators | None, between: Comparison
) -> Change | None:
    """Which accounts are registered for one service, and which should be."""
    if after is None:
        return None
    had = before.accounts if before else frozenset()
    wants = {account for account in after.accounts if between.is_member(account)}
    if had == wants:
        return Change(Action.NO_OP, KIND, after.address)
    attribute = AttributeChange("accounts", sorted(had) or None, sorted(wants) or None)
    action = Action.UPDATE if had and wants else Action.CREATE if wants else Action.DELETE
    return Change(action, KIND, after.address, (attribute,), destructive=bool(had - wants))


def lower(
    change: Change,
    before: DelegatedAdministrators | None,
    after: DelegatedAdministrators | None,
    between: Comparison,
) -> Iterator[Draft]:
    """Register the new ones before the old ones go."""
    if after is None:
        return
    had = before.accounts if before else frozenset()
    wants = {account for account in after.accounts if between.is_member(account)}
    calls = [("RegisterDelegatedAdministrator", account) for account in sorted(wants - had)]
    calls += [("DeregisterDelegatedAdministrator", account) for account in sorted(had - wants)]
    for action, account in calls:
        yield Draft(
            after.address,
            "organizations",
            action,
            {"AccountId": between.id_of(account), "ServicePrincipal": after.service},
            requires=(TrustedAccess(after.service).address,),
        )
