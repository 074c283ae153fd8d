"""Attachments: what of ours is on which target. Foreign policies on a target stay there."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.policy_types import BY_FOLDER, SCP
from orgctl.model.resources import Account, AccountState, Attachment, Policy, PolicyTypeSwitch, Unit, is_owned
from orgctl.model.rollout_mark import mark_address
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.guardrails import Attach, Detach
from orgctl.reconcile.plan import Action, AttributeChange, Change

KIND = "attachment"
RESOURCE = Attachment

FULL_AWS_ACCESS = "scp/FullAWSAccess"


def compare(before: Attachment | None, after: Attachment | None, between: Comparison) -> Change | None:
    """Whether one policy comes onto one target, stays, or leaves it."""
    if after is not None:
        return _wanted(before, after, between)
    if before is None or not _is_ours(before, between) or _goes_with_its_target(before, between):
        return None
    bare = _leaves_bare(before, between)
    notes = ("nothing of ours of this type is left on it, or above it",) if bare else ()
    gone = (AttributeChange("target", before.target, None),)
    return Change(Action.DELETE, KIND, before.address, gone, notes, destructive=bare)


def _wanted(before: Attachment | None, after: Attachment, between: Comparison) -> Change | None:
    if after.target.startswith("account:") and not between.is_member(after.target):
        return None
    if before is not None:
        return Change(Action.NO_OP, KIND, after.address)
    return Change(Action.CREATE, KIND, after.address, (AttributeChange("target", None, after.target),))


def _is_ours(attachment: Attachment, between: Comparison) -> bool:
    """Whether we may detach it: our policy anywhere we look after, or FullAWSAccess where the manifest says so."""
    policy = between.actual.get(Policy, f"policy:{attachment.policy}")
    if policy is None:
        return attachment.policy == FULL_AWS_ACCESS
    declared = _looked_after(attachment.target, between)
    if policy.aws_managed:
        return attachment.policy == FULL_AWS_ACCESS and declared
    wanted = between.desired.get(Policy, policy.address)
    adopted = wanted is not None and (wanted.adopt or between.adopt)
    deleted = wanted is None
    return (is_owned(policy.tags) or adopted) and (declared or deleted)


def _looked_after(target: str, between: Comparison) -> bool:
    """Whether the manifest says what is on the target; of an account that is to be closed it says nothing."""
    wanted = between.desired.resources.get(target)
    return wanted is not None and not (isinstance(wanted, Account) and wanted.state is AccountState.CLOSED)


def _goes_with_its_target(attachment: Attachment, between: Comparison) -> bool:
    """Whether the target is an OU of ours that the plan deletes, and the attachment with it."""
    unit = between.actual.get(Unit, attachment.target)
    return unit is not None and unit.address not in between.desired.resources and is_owned(unit.tags)


def _leaves_bare(attachment: Attachment, between: Comparison) -> bool:
    """Whether the target ends without any policy of ours of this type, on it or above it."""
    if attachment.policy == FULL_AWS_ACCESS:
        return False
    above = set(_and_above(attachment.target, between))
    return not any(
        a.target in above and a.folder == attachment.folder and a.policy != FULL_AWS_ACCESS
        for a in between.desired.each(Attachment)
    )


def _and_above(target: str, between: Comparison) -> Iterator[str]:
    account = between.desired.get(Account, target) or between.actual.get(Account, target)
    if account is not None:
        yield target
        target = Unit(account.parent).address
    unit = between.desired.get(Unit, target) or between.actual.get(Unit, target)
    path = unit.path if unit else ()
    yield from (Unit(path[:depth]).address for depth in range(len(path) + 1))


def lower(change: Change, before: Attachment | None, after: Attachment | None, between: Comparison) -> Iterator[Draft]:
    """One call: AttachPolicy or DetachPolicy. It waits for what creates the target, or switches the type on.

    Attaching waits for the mark of a staged policy, too: see `resources.rollout`.
    """
    attachment = after or before
    if attachment is None:
        return
    attach = change.action is Action.CREATE
    policy, target = attachment.policy, attachment.target
    api_name = BY_FOLDER[attachment.folder].api_name
    yield Draft(
        attachment.address,
        "organizations",
        "AttachPolicy" if attach else "DetachPolicy",
        {"PolicyId": _policy_id(policy, between), "TargetId": between.id_of(target)},
        requires=(PolicyTypeSwitch(api_name).address, *([mark_address(policy)] if attach else [])),
        effect=Attach(policy, target) if attach else Detach(policy, target),
    )


def _policy_id(policy: str, between: Comparison) -> object:
    return SCP.default_policy if policy == FULL_AWS_ACCESS else between.id_of(f"policy:{policy}")


def granted_by_aws(between: Comparison) -> Iterator[Attachment]:
    """The FullAWSAccess attachments that AWS will make itself: on new OUs and accounts, and where SCPs come on."""
    scp = PolicyTypeSwitch(SCP.api_name).address
    wanted, present = (state.get(PolicyTypeSwitch, scp) for state in (between.desired, between.actual))
    if wanted is None or not wanted.enabled:
        return
    comes_on = present is None
    targets: tuple[Unit | Account, ...] = (*between.desired.each(Unit), *between.desired.each(Account))
    for target in targets:
        joins = isinstance(target, Unit) or between.is_member(target.address)
        if joins and (comes_on or target.address not in between.actual.resources):
            yield Attachment(FULL_AWS_ACCESS, target.address)
