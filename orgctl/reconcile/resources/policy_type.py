"""Policy types: switched on, or off where the manifest says so; types that it does not name stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.policy_types import by_api_name
from orgctl.model.resources import PolicyTypeSwitch, TrustedAccess
from orgctl.reconcile.comparison import ROOT_ADDRESS, Comparison, Draft
from orgctl.reconcile.plan import Action, AttributeChange, Change, Wait

KIND = "policy-type"
RESOURCE = PolicyTypeSwitch


def compare(before: PolicyTypeSwitch | None, after: PolicyTypeSwitch | None, between: Comparison) -> Change | None:
    """Whether one policy type has to be switched."""
    if after is None:
        return None
    enabled = before is not None and before.enabled
    attribute = AttributeChange("enabled", enabled, after.enabled)
    if enabled == after.enabled:
        pending = before is not None and before.pending
        return Change(Action.WAIT if pending else Action.NO_OP, KIND, after.address)
    if after.enabled:
        return Change(Action.CREATE, KIND, after.address, (attribute,))
    note = "AWS detaches every policy of the type, and attaches none when it is enabled again"
    return Change(Action.DELETE, KIND, after.address, (attribute,), (note,), destructive=True)


def lower(
    change: Change, before: PolicyTypeSwitch | None, after: PolicyTypeSwitch | None, between: Comparison
) -> Iterator[Draft]:
    """EnablePolicyType or DisablePolicyType, and the wait for it."""
    if after is None:
        return
    service = by_api_name(after.api_name).service
    root = {"RootId": between.id_of(ROOT_ADDRESS), "PolicyType": after.api_name}
    if change.action is Action.WAIT:
        yield Draft(after.address, "organizations", "ListRoots", root, wait=Wait.POLICY_TYPE_ENABLED)
        return
    yield Draft(
        after.address,
        "organizations",
        "EnablePolicyType" if after.enabled else "DisablePolicyType",
        root,
        requires=(TrustedAccess(service).address,) if service else (),
        wait=Wait.POLICY_TYPE_ENABLED if after.enabled else Wait.POLICY_TYPE_DISABLED,
    )
