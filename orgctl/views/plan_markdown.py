"""A plan for a pull-request comment: a summary line, then folded detail; never longer than GitHub takes."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.reconcile.plan import Action, Change, Plan, Tested
from orgctl.views.access_markdown import access_head, access_items
from orgctl.views.markdown import code, escaped
from orgctl.views.plan_text import SIGNS, headline, reach_text, tested_text
from orgctl.views.policy_difference import policy_lines
from orgctl.views.replayed_markdown import replayed_head, replayed_items
from orgctl.views.rollout_markdown import rollouts_head, rollouts_items
from orgctl.views.wording import counted, value

MOST_CHARACTERS = 60_000
"""GitHub takes 65,536 in a comment; the rest is for what the workflow writes around it."""


def plan_markdown(plan: Plan) -> str:
    """The comment. Detail that does not fit is left out, from the end, and the comment says so."""
    changed = [change for change in plan.changes if change.action is not Action.NO_OP]
    head = "\n".join(_head(plan))
    sections = [
        *_folded("Impact on what was done", replayed_items(plan.replayed) if plan.replayed else []),
        *_folded("Rollouts", rollouts_items(plan.rollouts)),
        *_folded("Access", access_items(plan.access) if plan.access else []),
        *_folded("Policies", [_policy(c) for c in changed if c.kind == "policy"]),
        *_folded("Other changes", [_other(c) for c in changed if c.kind != "policy"]),
        *_folded("Calls, in order", [_call_list(plan)] if plan.operations else []),
    ]
    return _fitting(head, sections)


def _head(plan: Plan) -> Iterator[str]:
    yield f"### orgctl plan\n\n**{headline(plan)}**\n"
    for change in plan.problems:
        yield f"- :x: {escaped(change.problem or '')}" + (f" — {escaped(change.hint)}" if change.hint else "")
    yield from access_head(plan.access)
    yield from replayed_head(plan.replayed)
    yield from rollouts_head(plan.rollouts)
    yield from _tests(plan.tested)
    careful = [c for c in plan.changes if c.destructive or c.irreversible]
    for change in careful[:20]:
        why = "cannot be undone" if change.irreversible else "removes something"
        yield f"- :warning: {code(change.address)} {why}" + "".join(f"; {escaped(note)}" for note in change.notes)
    if len(careful) > 20:
        yield f"- :warning: and {len(careful) - 20} more that remove something or cannot be undone"
    for operation in plan.gaps:
        yield f"- :rotating_light: guardrail gap at call {operation.number}: {escaped(operation.guardrail_gap or '')}"
    for finding in plan.findings[:20]:
        yield f"- :information_source: {code(finding.address)}: {escaped(finding.message)}"
    if plan.unmanaged:
        yield f"- :information_source: {counted(len(plan.unmanaged), 'thing')} in AWS not in the manifest, left alone"


def _tests(tested: Tested | None) -> Iterator[str]:
    if tested is None:
        return
    sign = ":x:" if tested.failed else ":warning:" if tested.skipped else ":information_source:"
    yield f"- {sign} {tested_text(tested)}"
    for case in tested.failed[:20]:
        yield f"  - {code(case.id)}: {escaped(case.problem)}"
    if len(tested.failed) > 20:
        yield f"  - and {len(tested.failed) - 20} more"


def _folded(title: str, items: list[str]) -> list[tuple[str, list[str]]]:
    return [(title, items)] if items else []


def _fitting(head: str, sections: list[tuple[str, list[str]]]) -> str:
    """The head whole, then items while there is room; a section that was cut says how much is missing."""
    note = "\n_Some detail is left out, to fit into a comment; `orgctl plan` shows it all._\n"
    room = MOST_CHARACTERS - len(head) - len(note)
    parts, cut = [head], False
    for title, items in sections:
        opening, closing = f"\n<details><summary>{title} ({len(items)})</summary>\n\n", "\n</details>\n"
        room -= len(opening) + len(closing)
        kept: list[str] = []
        for item in items:
            if len(item) + 1 > room:
                cut = True
                break
            kept.append(item)
            room -= len(item) + 1
        if kept:
            parts += [opening, "\n".join(kept), closing]
    return "".join([*parts, note] if cut else parts).rstrip()[:MOST_CHARACTERS] + "\n"


def _policy(change: Change) -> str:
    lines = [
        f"{SIGNS[change.action][0]} {code(change.address)}" + (f" — {reach_text(change.reach)}" if change.reach else "")
    ]
    for attribute in change.attributes:
        if attribute.name == "content" and attribute.after is not None:
            differs = (f"{sign} {text}" for sign, text in policy_lines(attribute.before, attribute.after))
            lines += ["", "```diff", *(line.replace("`", "'") for line in differs), "```", ""]
        elif attribute.name != "content":
            lines.append(f"  {attribute.name}: {escaped(value(attribute.before))} → {escaped(value(attribute.after))}")
    return "\n".join(lines)


def _other(change: Change) -> str:
    reach = f" — {reach_text(change.reach)}" if change.reach else ""
    attributes = "; ".join(
        f"{a.name}: {escaped(value(a.before))} → {escaped(value(a.after))}"
        for a in change.attributes
        if a.name not in {"policy", "target"}
    )
    return f"- {SIGNS[change.action][0]} {code(change.address)}{reach}" + (f" ({attributes})" if attributes else "")


def _call_list(plan: Plan) -> str:
    calls = [f"{o.number}. {o.title} {o.address}".replace("`", "'") for o in plan.operations[:200]]
    more = [f"… and {len(plan.operations) - 200} more"] if len(plan.operations) > 200 else []
    return "\n".join(["```text", *calls, *more, "```"])
