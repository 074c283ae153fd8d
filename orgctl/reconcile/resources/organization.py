"""The organization: created with all features, or brought to them."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.resources import FeatureSet, Organization
from orgctl.reconcile.comparison import ROOT_ADDRESS, Comparison, Draft
from orgctl.reconcile.plan import Action, AttributeChange, Change, Wait

KIND = "organization"
RESOURCE = Organization

_APPROVAL = "every invited account has to approve; plan again once they have: policies wait for it"


def compare(before: Organization | None, after: Organization | None, between: Comparison) -> Change | None:
    """Whether there is an organization, with all features."""
    if after is None:
        return None
    features = AttributeChange("features", before.features.value if before else None, after.features.value)
    if before is None:
        return Change(Action.CREATE, KIND, after.address, (features,))
    if before.features is FeatureSet.ALL:
        return Change(Action.NO_OP, KIND, after.address)
    if before.enabling_all_features:
        return Change(Action.NO_OP, KIND, after.address, notes=(f"all features are being enabled: {_APPROVAL}",))
    notes = ("an organization cannot go back to consolidated billing alone", _APPROVAL)
    return Change(Action.UPDATE, KIND, after.address, (features,), notes, irreversible=True, destructive=True)


def lower(
    change: Change, before: Organization | None, after: Organization | None, between: Comparison
) -> Iterator[Draft]:
    """CreateOrganization or EnableAllFeatures."""
    if before is None:
        yield Draft(
            "organization",
            "organizations",
            "CreateOrganization",
            {"FeatureSet": FeatureSet.ALL.value},
            yields={"organization#id": "OrganizationId", f"{ROOT_ADDRESS}#id": "RootId"},
            wait=Wait.ORGANIZATION_READY,
        )
    else:
        yield Draft("organization", "organizations", "EnableAllFeatures", {})
