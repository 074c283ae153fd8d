"""A plan for people at a terminal: what changes, what to be careful of, how full it gets, which calls, how long."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orgctl.reconcile.plan import Action, AttributeChange, Change, Operation, Plan, Reach, Tested, Usage
from orgctl.reconcile.plan_json import summary
from orgctl.views.access_text import access_text, alarm
from orgctl.views.policy_difference import policy_lines
from orgctl.views.replayed_text import replayed_text
from orgctl.views.rollout_text import rollouts_text
from orgctl.views.wording import counted, duration, printable, value

SIGNS = {
    Action.NO_OP: (" ", ""),
    Action.CREATE: ("+", "green"),
    Action.ADOPT: ("@", "cyan"),
    Action.UPDATE: ("~", "yellow"),
    Action.MOVE: (">", "yellow"),
    Action.REPLACE: ("±", "magenta"),
    Action.DELETE: ("-", "red"),
    Action.WAIT: ("…", "cyan"),
}
"""One sign and one colour an action; the sign alone is enough without colour."""

_LINE_STYLES = {"+": "green", "-": "red", "~": "yellow"}

VERBS = {
    Action.CREATE: "to create",
    Action.ADOPT: "to adopt",
    Action.UPDATE: "to update",
    Action.MOVE: "to move",
    Action.REPLACE: "to re-create",
    Action.DELETE: "to delete",
    Action.WAIT: "to wait for",
}

_MOST_CALLS = 40
_MOST_FAILURES = 5
_TIGHT = 0.8


_DOCUMENTS = frozenset({"content", "policy", "trust", "template"})
"""Attributes that are JSON documents, of which what differs is shown."""


def plan_text(plan: Plan, *, all_calls: bool = False) -> Iterator[Text]:
    """The lines. Past forty calls only their number is told, unless `all_calls`."""
    yield from _problems(plan)
    for change in plan.changes:
        if change.action is not Action.NO_OP:
            yield from _change(change)
    yield from rollouts_text(plan.rollouts)
    if plan.access:
        yield from access_text(plan.access)
    if plan.replayed:
        yield from replayed_text(plan.replayed)
    yield from _remarks(plan)
    yield from _usage(plan.usage)
    yield from _calls(plan, all_calls=all_calls)
    yield from _tests(plan.tested)
    danger = alarm(plan.access)
    if danger:
        yield Text(danger, style="bold red")
    yield Text(headline(plan), style="bold")


def headline(plan: Plan) -> str:
    """The plan in one sentence."""
    if plan.problems:
        return f"Nothing can be planned: {counted(len(plan.problems), 'problem')} first."
    if plan.is_empty:
        return "No changes: AWS is as the manifest says."
    counts = summary(plan)
    parts = [f"{counts[action.value]} {verb}" for action, verb in VERBS.items() if counts[action.value]]
    calls = counted(len(plan.operations), "call")
    return f"Plan: {', '.join(parts)}; {calls}, {duration(plan.seconds)} at AWS's rates."


def tested_text(tested: Tested) -> str:
    """`policy tests: 120 passed`."""
    if tested.skipped:
        return "policy tests: not run (`--skip-tests`)"
    if not tested.passed and not tested.failed:
        return "policy tests: there are none"
    failed = f"{len(tested.failed):,} failed, " if tested.failed else ""
    return f"policy tests: {failed}{tested.passed:,} passed"


def _tests(tested: Tested | None) -> Iterator[Text]:
    """What the tests said, and which failed; `orgctl test` explains."""
    if tested is None:
        return
    for case in tested.failed[:_MOST_FAILURES]:
        yield Text.assemble(("FAILED ", "red"), f"{printable(case.id)}: {printable(case.problem)}")
    if len(tested.failed) > _MOST_FAILURES:
        yield Text(f"… and {counted(len(tested.failed) - _MOST_FAILURES, 'more', 'more')}", style="dim")
    style = "bold red" if tested.failed else "bold yellow" if tested.skipped else ""
    yield Text(tested_text(tested) + ("; `orgctl test` shows why" if tested.failed else ""), style=style)


def reach_text(reach: Reach) -> str:
    """`reaches 12 accounts: audit, log-archive, …`."""
    more = ", …" if reach.count > len(reach.sample[:3]) else ""
    names = f": {', '.join(reach.sample[:3])}{more}" if reach.sample else ""
    return f"reaches {counted(reach.count, 'account')}{names}"


def _problems(plan: Plan) -> Iterator[Text]:
    for change in plan.problems:
        yield Text.assemble(("error: ", "bold red"), change.problem or "")
        if change.hint:
            yield Text.assemble("  hint: ", change.hint)
    if plan.problems:
        yield Text()


def _change(change: Change) -> Iterator[Text]:
    sign, style = SIGNS[change.action]
    line = Text.assemble((f"{sign} {printable(change.address)}", style))
    if change.reach:
        line.append(f"  {reach_text(change.reach)}", "dim")
    if change.irreversible:
        line.append("  cannot be undone", "bold red")
    yield line
    for attribute in change.attributes:
        yield from _attribute(change, attribute)
    for note in change.notes:
        yield Text(f"    note: {note}", style="italic")


def _attribute(change: Change, attribute: AttributeChange) -> Iterator[Text]:
    if change.kind == "attachment":
        return
    if attribute.name in _DOCUMENTS or attribute.name.startswith("permissions."):
        yield from _policy(attribute)
    elif attribute.before is None:
        yield Text(f"    {attribute.name}: {value(attribute.after)}")
    else:
        yield Text(f"    {attribute.name}: {value(attribute.before)} → {value(attribute.after)}")


def _policy(attribute: AttributeChange) -> Iterator[Text]:
    yield Text(f"    {attribute.name}:" + ("" if attribute.known else "  (ids in it are known after the apply)"))
    for sign, text in policy_lines(attribute.before, attribute.after):
        yield Text(f"      {sign} {text}", style=_LINE_STYLES.get(sign, ""))


def _remarks(plan: Plan) -> Iterator[Text]:
    remarks = list(_notes(plan))
    remarks += [f"{finding.address}: {finding.message}" for finding in plan.findings]
    remarks += [f"{operation.title} {operation.address}: {operation.guardrail_gap}" for operation in plan.gaps]
    if plan.unmanaged:
        remarks.append(f"not in the manifest, and left alone: {_few(plan.unmanaged)}")
    if remarks:
        yield Text("\nRemarks", style="bold")
        yield from (Text(f"  {printable(remark)}") for remark in remarks)


def _notes(plan: Plan) -> Iterator[str]:
    """What is to be said of things that do not change. After an import, one remark may hold for hundreds of them."""
    by_note: dict[str, list[str]] = {}
    for change in plan.changes:
        for note in change.notes if change.action is Action.NO_OP else ():
            by_note.setdefault(note, []).append(change.address)
    yield from (f"{_few(tuple(addresses))}: {note}" for note, addresses in by_note.items())


def _few(addresses: tuple[str, ...], most: int = 5) -> str:
    more = f" and {len(addresses) - most} more" if len(addresses) > most else ""
    return ", ".join(addresses[:most]) + more


def _usage(usage: tuple[Usage, ...]) -> Iterator[Text]:
    """The fullest first; what is less than four fifths full is not worth a line."""
    tight = [u for u in usage if u.limit and u.used / u.limit >= _TIGHT]
    if tight:
        yield Text("\nNearly full after it", style="bold")
    for each in sorted(tight, key=lambda u: -u.used / (u.limit or 1)):
        yield Text(f"  {printable(each.address)}: {each.used:,} of {each.limit:,} ({each.quota})")


def _calls(plan: Plan, *, all_calls: bool) -> Iterator[Text]:
    if not plan.operations:
        return
    yield Text("\nCalls, in order", style="bold")
    shown = plan.operations if all_calls else plan.operations[:_MOST_CALLS]
    width = len(str(len(plan.operations)))
    yield from (_call(operation, width) for operation in shown)
    left = len(plan.operations) - len(shown)
    if left:
        yield Text(f"  … and {counted(left, 'more', 'more')}; `--calls` shows them", style="dim")
    yield Text()


def _call(operation: Operation, width: int) -> Text:
    where = f"  (in {_account(operation)})" if operation.account else ""
    return Text(f"  {operation.number:>{width}}. {operation.title:<42} {printable(operation.address)}{where}")


def _account(operation: Operation) -> str:
    return operation.account if isinstance(operation.account, str) else getattr(operation.account, "address", "")
