"""A ruling for people: the decision first, then level by level which statement decided and why."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from orgctl.policy.document import Effect
from orgctl.policy.explanation import Decision, LevelTrace, Standing, StatementTrace
from orgctl.policy.layers import Layer
from orgctl.policy.ruling import Assumed, Reported, Ruling
from orgctl.policy.template import Value
from orgctl.views.decision_words import (
    decider_words,
    element_words,
    layer_words,
    outcome_words,
    quoted,
    target_words,
    verdict_words,
)
from orgctl.views.wording import counted

STYLES = {
    Decision.ALLOWED: "bold green",
    Decision.EXPLICIT_DENY: "bold red",
    Decision.IMPLICIT_DENY: "bold red",
    Decision.UNKNOWN: "bold yellow",
}
_SIGNS = {Standing.HOLDS: "✓", Standing.FAILS: "✗", Standing.OPEN: "?"}
_MATCHES = {Standing.HOLDS: "matches", Standing.FAILS: "does not match", Standing.OPEN: "may match"}


def decision_text(ruling: Ruling) -> Iterator[Text]:
    """All lines, of which the first few are enough for those who only want to know who denied."""
    yield from headline(ruling)
    yield Text()
    yield from _request(ruling)
    yield from _levels(ruling)
    yield from _keys(ruling)


def headline(ruling: Ruling) -> Iterator[Text]:
    """The decision, what decided it, and on what it hangs."""
    answer = ruling.answer
    subject = f" in `{ruling.account}`" if ruling.account else ""
    verdict = f"`{ruling.action}`{subject} {verdict_words(answer.decision)}"
    yield Text.assemble((answer.decision.value, STYLES[answer.decision]), f"  {verdict}")
    if ruling.reported:
        yield from _reported(ruling.reported, ruling)
    if answer.decision is not Decision.ALLOWED:
        yield from _deciders(ruling)
    for outcome in answer.outcomes:
        yield Text(f"  {outcome_words(outcome)}")
    for reason in answer.reasons:
        yield Text(f"  note: {reason}")
    yield from _hanging(ruling)
    if answer.decision is Decision.ALLOWED:
        yield Text("  note: an identity or resource policy still has to allow it; those are not the organization's")


def _deciders(ruling: Ruling) -> Iterator[Text]:
    for by in ruling.answer.decided_by:
        word = "by" if by.statement else "as"
        if ruling.answer.decision is Decision.UNKNOWN:
            word = "on" if by.statement else "as"
        position = ruling.position(by)
        yield Text(f"  {word} {decider_words(by, ruling.target(by))}" + (f": {position}" if position else ""))
        if by.statement is None:
            yield from _attached(ruling, (by.layer, by.level))


def _attached(ruling: Ruling, group: tuple[Layer, int]) -> Iterator[Text]:
    """The policies of which one would have to allow."""
    for name in ruling.attached.get(group, ()):
        position = ruling.locate(name, ())
        yield Text(f"    `{name}`" + (f": {position}" if position else ""))


def _hanging(ruling: Ruling) -> Iterator[Text]:
    """Assumptions without which the decision could be another."""
    if not ruling.hangs_on or ruling.rests_on is None:
        return
    keys = ", ".join(f"`{key}`" for key in ruling.hangs_on)
    yield Text(f"  note: this rests on what is assumed of {keys}; without that, it could be:", style="yellow")
    for outcome in ruling.rests_on.outcomes:
        if outcome.decision is not ruling.answer.decision:
            yield Text(f"    {outcome_words(outcome)}")


def _reported(reported: Reported, ruling: Ruling) -> Iterator[Text]:
    if reported.allowed:
        yield Text("  AWS allowed it when it was recorded")
        return
    if reported.layer is None and reported.explicit:
        yield Text("  AWS denied it, by a Deny, and does not say which kind of policy has it")
        return
    if reported.layer is None:
        yield Text("  AWS denied it, and does not say which kind of policy did")
        return
    article = "an" if reported.layer.startswith("i") else "a"
    how = f"a Deny in {article} {reported.layer}" if reported.explicit else f"no {reported.layer} allows it"
    yield Text(f"  AWS denied it: {how}" + (f", {reported.policy}" if reported.policy else ""))
    if reported.layer not in ("service control policy", "resource control policy"):
        text = "  note: that kind of policy is not the organization's: look for it in the account"
        yield Text(text, style="yellow")
    elif ruling.answer.decision is Decision.ALLOWED:
        text = "  note: the manifest would let it pass, so what is deployed differs from it: `orgctl plan` shows how"
        yield Text(text, style="yellow")


def _request(ruling: Ruling) -> Iterator[Text]:
    request = ruling.request
    assumed = {each.what.lower(): each for each in ruling.assumed}
    yield Text("The request", style="bold")
    yield _line("principal", request.principal.text, assumed.get("principal"))
    yield _line("action", ruling.action, None)
    yield _line("resource", request.resource or "(not known)", assumed.get("resource"))
    yield _line("in account", request.owner or None, assumed.get("resource account"))
    for key, value in ruling.context.items():
        yield _line(key, value, assumed.get(key.lower()))
    for each in ruling.assumed:
        if each.value is None:
            yield _line(each.what, None, each)
    for key, spelling in request.unknown.items():
        if key in ruling.looked_at:
            why = "the record does not hold it" if spelling in ruling.missing else "nobody said"
            yield Text(f"  {spelling:<26} not known: {why}")
    yield from (Text(f"  note: {remark}", style="yellow") for remark in ruling.remarks)


def _line(name: str, value: Value | None, assumed: Assumed | None) -> Text:
    written = "absent" if value is None else value if isinstance(value, str) else quoted(value)
    line = Text(f"  {name:<26} {written}")
    return line.append(f"  (assumed: {assumed.why})", "dim") if assumed else line


def _levels(ruling: Ruling) -> Iterator[Text]:
    explanation = ruling.answer.explanation
    levels = explanation.levels if explanation else ()
    notes = {level.layer: level.note for level in levels if level.note}
    for layer in sorted({*ruling.unasked, *(level.layer for level in levels)}, key=_ORDER.index):
        yield Text()
        why = notes.get(layer) or ruling.unasked.get(layer)
        if why:
            yield Text.assemble((f"{layer_words(layer)}: ", "bold"), f"not looked at: {why}")
        for level in levels if not why else ():
            if level.layer is layer:
                yield from _level(level, ruling)


_ORDER = (Layer.SCP, Layer.RCP, Layer.IDENTITY, Layer.RESOURCE, Layer.BOUNDARY, Layer.SESSION)
"""SCPs first: they are what people mostly look for."""


def _level(level: LevelTrace, ruling: Ruling) -> Iterator[Text]:
    address = ruling.targets.get((level.layer, level.level))
    place = f", {target_words(address)}" if address else f", level {level.level}" if level.layer in _LEVELLED else ""
    line = Text.assemble((f"{layer_words(level.layer)}{place}: ", "bold"), (level.verdict.value, STYLES[level.verdict]))
    if level.verdict is Decision.IMPLICIT_DENY:
        line.append("  nothing here allows it")
    elif not level.statements:
        line.append("  no statement is about this action")
    yield line
    for trace in level.statements:
        yield from _statement(trace, ruling)
    if level.others and level.statements:
        yield Text(f"  {counted(level.others, 'statement is', 'statements are')} about other actions", style="dim")


_LEVELLED = (Layer.SCP, Layer.RCP)


def _statement(trace: StatementTrace, ruling: Ruling) -> Iterator[Text]:
    """A statement that matches with all of its elements, one that does not with the element that fails."""
    position = ruling.locate(trace.policy, trace.statement.place)
    where = f": {position}" if position else ""
    style = "dim" if trace.standing is Standing.FAILS else "red" if trace.effect is Effect.DENY else "green"
    head = f"{_SIGNS[trace.standing]} {trace.effect.value} {_MATCHES[trace.standing]}"
    yield Text.assemble((f"  {head}", style), f"  `{trace.statement.name}` of `{trace.policy}`{where}")
    if trace.effect is Effect.ALLOW and trace.standing is Standing.HOLDS and _is_plain(trace):
        return
    failing = [each for each in trace.elements if each.standing is Standing.FAILS]
    for element in failing or trace.elements:
        yield Text(f"      {element_words(element, ruling.request.action)}", style="dim" if failing else "")


def _is_plain(trace: StatementTrace) -> bool:
    """Whether it holds for everything, and there is nothing to explain."""
    return all(element.expected == ("*",) for element in trace.elements)


def _keys(ruling: Ruling) -> Iterator[Text]:
    explanation = ruling.answer.explanation
    if explanation and explanation.keys:
        yield Text(f"\nContext keys that could matter: {', '.join(explanation.keys)}")
