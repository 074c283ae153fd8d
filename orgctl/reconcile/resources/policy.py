"""Policies: created, rewritten or renamed in place, tagged, adopted, and deleted once nothing wears them."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.policy_types import BY_FOLDER
from orgctl.model.resources import Account, AccountState, Attachment, Policy, is_owned
from orgctl.policy.canonical import same
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.guardrails import Rewrite
from orgctl.reconcile.ownership import change_existing
from orgctl.reconcile.plan import Action, AttributeChange, Change
from orgctl.reconcile.rollout.rollout import is_next_version
from orgctl.reconcile.tags import as_list, compare_tags, owned, tag_drafts

KIND = "policy"
RESOURCE = Policy


def compare(before: Policy | None, after: Policy | None, between: Comparison) -> Change | None:
    """What has to happen to one policy, its attachments apart."""
    if before is not None and before.aws_managed:
        return None
    if after is None:
        return _removed(before) if before and is_owned(before.tags) else None
    if before is None:
        return Change(Action.CREATE, KIND, after.address, _differences(Policy(after.name, None), after, between))
    attributes = _differences(before, after, between)
    return change_existing(
        KIND,
        after.address,
        attributes,
        tags=before.tags,
        adopt=after.adopt or between.adopt,
        how=f"say `{after.name}: {{adopt: true}}` under `policies`, or run with `--adopt`",
        differs=_attached_otherwise(after, between),
    )


def _removed(before: Policy) -> Change:
    """What is removed is asked for by name; a new version that has come everywhere goes on under its own name."""
    gone = (AttributeChange("content", before.content, None),)
    return Change(Action.DELETE, KIND, before.address, gone, destructive=not is_next_version(before.name))


def _differences(before: Policy, after: Policy, between: Comparison) -> tuple[AttributeChange, ...]:
    changes: list[AttributeChange] = []
    old = between.renamed.get(after.address)
    if old:
        changes.append(AttributeChange("name", old.removeprefix("policy:"), after.name))
    if after.content is not None and (before.content is None or not same(before.content, after.content, sids=True)):
        known = isinstance(between.text(after.content), str)
        changes.append(AttributeChange("content", before.content, after.content, known))
    if after.description is not None and (before.description or "") != after.description:
        changes.append(AttributeChange("description", before.description, after.description))
    return (*changes, *compare_tags(before.tags, after.tags))


def _attached_otherwise(policy: Policy, between: Comparison) -> bool:
    wanted, present = (
        {a.target for a in state.each(Attachment) if a.policy == policy.name}
        for state in (between.desired, between.actual)
    )
    return wanted != {target for target in present if _is_declared(target, between)}


def _is_declared(target: str, between: Comparison) -> bool:
    """Whether the manifest says what is on the target; of an account that is to be closed it says nothing."""
    found = between.desired.resources.get(target)
    return found is not None and not (isinstance(found, Account) and found.state is AccountState.CLOSED)


def lower(change: Change, before: Policy | None, after: Policy | None, between: Comparison) -> Iterator[Draft]:
    """The calls for one policy."""
    if after is None:
        if before is not None:
            yield _delete(before, between)
    elif before is None:
        yield _create(after, between)
    else:
        update = _update(change, after, between)
        if update is not None:
            yield update
        adopt = change.action is Action.ADOPT
        yield from tag_drafts(after.address, between.id_of(after.address), change.attributes, adopt=adopt)


def _create(policy: Policy, between: Comparison) -> Draft:
    api_name = BY_FOLDER[policy.folder].api_name
    return Draft(
        policy.address,
        "organizations",
        "CreatePolicy",
        {
            "Name": policy.aws_name,
            "Type": api_name,
            "Description": policy.description or "",
            "Content": between.text(policy.content or "{}"),
            "Tags": as_list(owned(policy.tags)),
        },
        requires=(f"policy-type:{api_name.lower()}",),
        yields={f"{policy.address}#id": "Policy.PolicySummary.Id"},
    )


def _update(change: Change, policy: Policy, between: Comparison) -> Draft | None:
    wanted = {
        "name": ("Name", policy.aws_name),
        "content": ("Content", between.text(policy.content or "{}")),
        "description": ("Description", policy.description),
    }
    changed = dict(wanted[attribute.name] for attribute in change.attributes if attribute.name in wanted)
    if not changed:
        return None
    effect = Rewrite(policy.name) if "Content" in changed else None
    parameters = {"PolicyId": between.id_of(policy.address), **changed}
    return Draft(policy.address, "organizations", "UpdatePolicy", parameters, effect=effect)


def _delete(policy: Policy, between: Comparison) -> Draft:
    """Deleting waits until nothing wears the policy: each detachment, and each OU that goes with it on."""
    wearing = [a for a in between.actual.each(Attachment) if a.policy == policy.name]
    return Draft(
        policy.address,
        "organizations",
        "DeletePolicy",
        {"PolicyId": between.id_of(policy.address)},
        requires=tuple(name for a in wearing for name in (a.address, a.target)),
    )
