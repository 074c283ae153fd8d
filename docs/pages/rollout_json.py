"""What programs may rely on in what is said of staged rollouts, in plans and by `orgctl rollout status`."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.reconcile.rollout.step import Progress

Fields = Mapping[str, str]

_DENIED: Fields = {
    "": "calls of one caller and action, in one account",
    ".principal": "the caller: a role's or user's ARN",
    ".action": "the IAM action",
    ".place": "the account, with its OU",
    ".count": "how many calls",
    ".first": "the time of the first, in UTC; or null",
    ".last": "the time of the last, or null",
    ".sample": "an `eventID`, or null",
}

_STEP: Fields = {
    "": "one for each policy with `rollout` in the manifest",
    ".policy": "the policy: `scp/region-lock`",
    ".new_version": "whether a new version goes from stage to stage, as `scp/region-lock.next`",
    ".stages[]": "the stages, each a list of addresses",
    ".stages[][]": "the address of a target",
    ".bake_seconds": "how long it stays on a stage at least",
    ".max_newly_denied": "how many calls it may deny; null: only time counts",
    ".hold": "whether it is held",
    ".up_to": "the number of the last stage for now, or null",
    ".stage": "the number of the stage that it has reached; 0: none",
    ".since": "since when, in UTC; null where the time on the stage begins anew",
    ".anew": "why it does, or null",
    ".progress": "what the next apply does: " + ", ".join(f"`{each.value}`" for each in Progress),
    ".next_stage": "the number of the stage that it is on after the next apply",
    ".until": "until when it bakes; null where that is not known yet, or does not matter",
    ".why[]": "what keeps it, in clauses",
    ".evidence": "what was recorded; null where nobody looked",
    ".evidence.events": "how many distinct events there are since it is on its stage",
    ".evidence.first": "the time of the first of all events, in UTC; or null",
    ".evidence.last": "the time of the last, or null",
    ".evidence.denied_count": "how many calls it denied",
    **{f".evidence.denied[]{field}": meaning for field, meaning in _DENIED.items()},
    ".evidence.expected_count": "how many calls that went well it would deny on the next stage",
    **{f".evidence.expected[]{field}": meaning for field, meaning in _DENIED.items()},
}

ROLLOUTS: Fields = {f"rollouts[]{field}": meaning for field, meaning in _STEP.items()}

STATUS: Fields = {"format_version": "the version of this format", **ROLLOUTS}
