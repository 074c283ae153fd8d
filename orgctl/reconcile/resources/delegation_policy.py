"""The organization's delegation (resource) policy: who but the management account may do what in Organizations."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.resources import DelegationPolicy, is_owned
from orgctl.policy.canonical import same
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.ownership import change_existing
from orgctl.reconcile.plan import Action, AttributeChange, Change
from orgctl.reconcile.tags import OWNER, as_list

KIND = "delegation-policy"
RESOURCE = DelegationPolicy


def compare(before: DelegationPolicy | None, after: DelegationPolicy | None, between: Comparison) -> Change | None:
    """Whether the one resource policy has to be put, or deleted."""
    if after is None:
        if before is None or not is_owned(before.tags):
            return None
        gone = (AttributeChange("content", before.content, None),)
        return Change(Action.DELETE, KIND, before.address, gone, destructive=True)
    content = AttributeChange("content", before.content if before else None, after.content)
    if before is None:
        return Change(Action.CREATE, KIND, after.address, (content,))
    changed = () if same(before.content, after.content, sids=True) else (content,)
    return change_existing(
        KIND, after.address, changed, tags=before.tags, adopt=between.adopt, how="run with `--adopt`"
    )


def lower(
    change: Change, before: DelegationPolicy | None, after: DelegationPolicy | None, between: Comparison
) -> Iterator[Draft]:
    """PutResourcePolicy or DeleteResourcePolicy."""
    if after is None:
        yield Draft("delegation-policy", "organizations", "DeleteResourcePolicy", {})
        return
    tags = {} if before is not None and is_owned(before.tags) else {"Tags": as_list(OWNER)}
    yield Draft(
        after.address,
        "organizations",
        "PutResourcePolicy",
        {"Content": between.text(after.content), **tags},
        requires=("organization",),
    )
