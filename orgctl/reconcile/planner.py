"""From differences to a plan: which calls, in which order, and what the reader has to know of them.

Three things order the calls: what a call refers to has to exist; calls on one resource go one after another; and
guardrails go as `guardrails.arrange` says. What is unsafe or impossible is not planned: the plan says why instead.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from orgctl.model.policy_types import RCP
from orgctl.model.resources import Attachment, Organization, Policy
from orgctl.policy.canonical import minify
from orgctl.reconcile.comparison import Comparison, Draft
from orgctl.reconcile.diff import Difference, diff, expected, unmanaged
from orgctl.reconcile.guardrails import Arrangement, Effect, Gap, arrange, attached_after
from orgctl.reconcile.plan import Action, Change, Join, Operation, Plan, Ref, Usage, Value
from orgctl.reconcile.resources import attachment, policy
from orgctl.reconcile.terrain import Ground, attached_counts, capacities


def make_plan(between: Comparison) -> Plan:
    """Everything but the time that the plan takes, which depends on the pace of AWS's APIs. Pure."""
    between = expected(between)
    ground = Ground(between)
    differences = diff(between)
    drafts = [draft for difference in differences for draft in _lowered(difference, between)]
    effects = [draft.effect for draft in drafts if draft.effect is not None]
    usage = tuple(_usage(differences, between, effects))
    changes = _resolvable(_explained(differences, ground, between, usage), drafts)
    possible = not any(change.problem for change in changes)
    organization = between.actual.get(Organization, "organization")
    return Plan(
        organization=organization.id if organization else None,
        management_account=between.management_account,
        changes=changes,
        operations=tuple(_operations(drafts, arrange(effects, ground.terrain()))) if possible else (),
        usage=usage,
        unmanaged=unmanaged(between),
        findings=between.actual.findings,
    )


def _lowered(difference: Difference, between: Comparison) -> Iterator[Draft]:
    if difference.change.action is not Action.NO_OP:
        yield from difference.resource_type.lower(difference.change, difference.before, difference.after, between)


# What the reader is told


def _explained(
    differences: Sequence[Difference], ground: Ground, between: Comparison, usage: tuple[Usage, ...]
) -> tuple[Change, ...]:
    worn = defaultdict(set)
    for state in (between.actual, between.desired):
        for each in state.each(Attachment):
            worn[each.policy].add(each.target)
    full = {u.address: u for u in usage if u.limit is not None and u.used > u.limit and u.quota.endswith("attached")}
    return tuple(_explain(difference, ground, worn, full) for difference in differences)


def _explain(difference: Difference, ground: Ground, worn: Mapping[str, set[str]], full: Mapping[str, Usage]) -> Change:
    change = difference.change
    if change.action is Action.NO_OP:
        return change
    if difference.resource_type is policy:
        name = change.address.removeprefix("policy:")
        return replace(change, reach=ground.reach(worn[name])) if worn[name] else change
    if difference.resource_type is attachment:
        target = (difference.after or difference.before).target
        change = replace(change, reach=ground.reach([target]))
        usage = full.get(target)
        if usage and change.action is Action.CREATE:
            return replace(
                change,
                problem=f"`{target}` would have {usage.used} policies of this type; AWS allows {usage.limit}",
                hint="detach one, or merge two of them; policies that orgctl does not manage count too",
            )
    return change


def _usage(differences: Sequence[Difference], between: Comparison, effects: Sequence[Effect]) -> Iterator[Usage]:
    """Slots and sizes that the plan changes, as they are after it."""
    yield from _slots(differences, between, effects)
    for difference in differences:
        after = difference.after
        changed = {a.name for a in difference.change.attributes}
        if isinstance(after, Policy) and after.content and "content" in changed:
            quota = f"{after.folder}_size"
            yield Usage(after.address, quota, len(minify(after.content)), between.limits.quota(quota))


def _slots(differences: Sequence[Difference], between: Comparison, effects: Sequence[Effect]) -> Iterator[Usage]:
    before = frozenset((a.policy, a.target) for a in between.actual.each(Attachment))
    used = attached_counts(attached_after(before, effects))
    capacity = capacities(between)
    touched = {
        ((d.after or d.before).target, (d.after or d.before).folder): None
        for d in differences
        if d.resource_type is attachment and d.change.action is not Action.NO_OP
    }
    for target, folder in touched:
        always = 1 if folder == RCP.folder else 0
        limit = capacity.get(folder)
        yield Usage(
            target, f"{folder}_attached", used[target, folder] + always, None if limit is None else limit + always
        )


def _resolvable(changes: tuple[Change, ...], drafts: Sequence[Draft]) -> tuple[Change, ...]:
    """Changes whose calls need the id of something that neither is there nor will be get a problem."""
    given = {name for draft in drafts for name in draft.yields}
    missing = {
        draft.address: ref.address
        for draft in drafts
        for ref in _refs((draft.parameters, draft.account))
        if f"{ref.address}#{ref.attribute}" not in given
    }
    return tuple(
        replace(
            change,
            problem=f"`{change.address}` needs `{missing[change.address]}`, which is not in the organization",
            hint="apply again once it is, or take the reference out of the manifest",
        )
        if change.address in missing and not change.problem
        else change
        for change in changes
    )


# The operations


@dataclass(frozen=True, slots=True)
class _Node:
    draft: Draft
    after: frozenset[int]
    gap: Gap | None


def _operations(drafts: Sequence[Draft], arrangement: Arrangement) -> Iterator[Operation]:
    """The drafts in an order in which each comes after what it needs, numbered from 1."""
    gaps = {gap.effect: gap for gap in arrangement.gaps}
    dependencies = _dependencies(drafts, arrangement)
    order = _sorted(drafts, dependencies)
    number = {index: position for position, index in enumerate(order, start=1)}
    for index in order:
        draft = drafts[index]
        gap = gaps.get(draft.effect) if draft.effect else None
        yield Operation(
            number=number[index],
            address=draft.address,
            service=draft.service,
            action=draft.action,
            parameters=draft.parameters,
            after=tuple(sorted(number[needed] for needed in dependencies[index])),
            account=draft.account,
            region=draft.region,
            yields=draft.yields,
            wait=draft.wait,
            guardrail_gap=_gap_text(gap) if gap else None,
        )


def _gap_text(gap: Gap) -> str:
    policies = sorted({g.removeprefix("policy:") for g in gap.guards if g.startswith("policy:")})
    what = ", ".join(f"`{name}`" for name in policies) or _statements(len(gap.guards))
    accounts = ", ".join(f"`{a.removeprefix('account:')}`" for a in gap.accounts[:3])
    more = f" and {len(gap.accounts) - 3} more" if len(gap.accounts) > 3 else ""
    verb = "does" if len(policies) == 1 or (not policies and len(gap.guards) == 1) else "do"
    return f"{what} {verb} not guard {accounts}{more} until a later step"


def _statements(count: int) -> str:
    return "a Deny statement" if count == 1 else f"{count} Deny statements"


def _dependencies(drafts: Sequence[Draft], arrangement: Arrangement) -> list[set[int]]:
    by_address: dict[str, list[int]] = defaultdict(list)
    givers: dict[str, int] = {}
    by_effect: dict[Effect, int] = {}
    dependencies: list[set[int]] = []
    for index, draft in enumerate(drafts):
        dependencies.append(set(by_address[draft.address][-1:]))
        by_address[draft.address].append(index)
        givers.update(dict.fromkeys(draft.yields, index))
        if draft.effect:
            by_effect[draft.effect] = index
    for index, draft in enumerate(drafts):
        needed = dependencies[index]
        for address in draft.requires:
            needed.update(by_address.get(address, ()))
        for ref in _refs((draft.parameters, draft.account)):
            needed.add(givers[f"{ref.address}#{ref.attribute}"])
        needed.discard(index)
    for position, effect in enumerate(arrangement.order):
        dependencies[by_effect[effect]].update(by_effect[arrangement.order[i]] for i in arrangement.after[position])
    return dependencies


def _refs(value: Value) -> Iterator[Ref]:
    match value:
        case Ref():
            yield value
        case Join():
            yield from (part for part in value.parts if isinstance(part, Ref))
        case Mapping():
            for inner in value.values():
                yield from _refs(inner)
        case list() | tuple():
            for inner in value:
                yield from _refs(inner)
        case _:
            return


def _sorted(drafts: Sequence[Draft], dependencies: Sequence[set[int]]) -> list[int]:
    """A topological order that keeps the drafts' own order where it can, and leaves deletions for the end."""
    waiting = [len(needed) for needed in dependencies]
    followers: dict[int, list[int]] = defaultdict(list)
    for index, needed in enumerate(dependencies):
        for dependency in needed:
            followers[dependency].append(index)
    ready = [(_late(drafts[i]), i) for i, count in enumerate(waiting) if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        _, index = heapq.heappop(ready)
        order.append(index)
        for follower in followers[index]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heapq.heappush(ready, (_late(drafts[follower]), follower))
    if len(order) < len(drafts):
        stuck = sorted({drafts[i].address for i, count in enumerate(waiting) if count})
        raise RuntimeError(f"operations wait for each other: {', '.join(stuck)}")
    return order


def _late(draft: Draft) -> bool:
    return draft.action.startswith(("Delete", "Detach", "Disable", "Deregister", "Close"))


def call_counts(plan: Plan) -> Counter[str]:
    """How often each API is called by the plan's operations, as `service:Operation`."""
    return Counter(operation.title for operation in plan.operations)
