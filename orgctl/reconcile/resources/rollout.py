"""How far staged policies have got: a mark in the policy's tags, made before anything is attached to a new stage.

If an apply is killed between the two, the next plan finds a stage that was reached and not attached to; the time on
that stage then begins anew. So no interruption makes a policy bake for less than it should.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.resources import Policy
from orgctl.model.rollout_mark import SINCE_TAG, STAGE_TAG, RolloutMark, stage_value
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.plan import Action, AttributeChange, Change, Moment
from orgctl.reconcile.tags import as_list

KIND = "rollout"
RESOURCE = RolloutMark

WHEN_APPLIED = "when it is applied"


def compare(before: RolloutMark | None, after: RolloutMark | None, between: Comparison) -> Change | None:
    """What becomes of a policy's mark. One whose policy goes needs nothing."""
    if after is None:
        if before is None or between.desired.get(Policy, f"policy:{before.policy}") is None:
            return None
        return Change(Action.DELETE, KIND, before.address, (AttributeChange("stage", before.stage, None),))
    if before is not None and before == after:
        return Change(Action.NO_OP, KIND, after.address)
    stage, since = (before.stage, before.since) if before else (None, None)
    attributes = (
        *([AttributeChange("stage", stage, after.stage)] if stage != after.stage else []),
        AttributeChange("since", since, after.since or WHEN_APPLIED, known=after.since is not None),
    )
    return Change(Action.UPDATE if before else Action.CREATE, KIND, after.address, attributes)


def lower(
    change: Change, before: RolloutMark | None, after: RolloutMark | None, between: Comparison
) -> Iterator[Draft]:
    """One call: both tags at once, or both gone."""
    mark = after or before
    if mark is None:
        return
    policy = between.id_of(f"policy:{mark.policy}")
    if after is None:
        keys = [STAGE_TAG, SINCE_TAG]
        yield Draft(mark.address, "organizations", "UntagResource", {"ResourceId": policy, "TagKeys": keys})
        return
    tags = [*as_list({STAGE_TAG: stage_value(after)}), {"Key": SINCE_TAG, "Value": after.since or Moment()}]
    yield Draft(mark.address, "organizations", "TagResource", {"ResourceId": policy, "Tags": tags})
