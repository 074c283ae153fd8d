"""Why an element of a statement holds or fails, as a sentence that needs no knowledge of the policy language."""

from __future__ import annotations

import re
from typing import assert_never

from orgctl.policy.document import Pattern
from orgctl.policy.evaluator import action_matcher
from orgctl.policy.explanation import Decider, Decision, ElementTrace, Outcome, Standing
from orgctl.policy.layers import Layer
from orgctl.policy.template import Value

_MOST = 4
_OPERATOR = re.compile(r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?", re.IGNORECASE)

_RELATIONS = {
    "stringequals": ("is", "is not"),
    "stringequalsignorecase": ("is (upper and lower case alike)", "is not (upper and lower case alike)"),
    "stringlike": ("is like", "is not like"),
    "numericequals": ("is", "is not"),
    "numericlessthan": ("is less than", "is not less than"),
    "numericlessthanequals": ("is at most", "is more than"),
    "numericgreaterthan": ("is more than", "is not more than"),
    "numericgreaterthanequals": ("is at least", "is less than"),
    "dateequals": ("is", "is not"),
    "datelessthan": ("is before", "is not before"),
    "datelessthanequals": ("is not after", "is after"),
    "dategreaterthan": ("is after", "is not after"),
    "dategreaterthanequals": ("is not before", "is before"),
    "bool": ("is", "is not"),
    "binaryequals": ("is", "is not"),
    "ipaddress": ("is in", "is not in"),
    "arnequals": ("is like", "is not like"),
    "arnlike": ("is like", "is not like"),
}
"""What holds between the request's value and the policy's, and what if not; negated operators are these turned."""

_LAYERS = {
    Layer.SCP: "SCP",
    Layer.RCP: "RCP",
    Layer.RESOURCE: "resource policy",
    Layer.IDENTITY: "identity policies",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policies",
}


def layer_words(layer: Layer) -> str:
    """`SCP`, `identity policies`."""
    return _LAYERS[layer]


def target_words(address: str | None) -> str:
    """`root`, `OU /Workloads`, `account shop-prod` from an address."""
    kind, _, name = (address or "").partition(":")
    if kind == "ou":
        return "root" if name == "/" else f"OU {name}"
    return f"{kind} {name}".strip()


def level_words(layer: Layer, level: int, address: str | None) -> str:
    """`the SCPs on OU /Workloads`, or `level 2 of the SCPs` where the level has no name."""
    if layer not in (Layer.SCP, Layer.RCP):
        return f"the {_LAYERS[layer]}"
    return f"the {_LAYERS[layer]}s on {target_words(address)}" if address else f"level {level} of the {_LAYERS[layer]}s"


def decider_words(by: Decider, address: str | None) -> str:
    """`DenyCloudHSM` of `scp/deny-cloudhsm` (root), or the level on which nothing allows."""
    if by.statement is None:
        return f"nothing allows it in {level_words(by.layer, by.level, address)}"
    return f"`{by.statement}` of `{by.policy}`, in {level_words(by.layer, by.level, address)}"


def outcome_words(outcome: Outcome) -> str:
    """`EXPLICIT_DENY, for example if aws:SourceIp is absent`."""
    parts = [f"{key} {'is absent' if value is None else f'is {quoted(value)}'}" for key, value in outcome.when]
    return f"{outcome.decision.value}{', for example if ' if parts else ''}{' and '.join(parts)}"


def verdict_words(decision: Decision) -> str:
    """What a decision means for the request, as an end of `the request …`."""
    match decision:
        case Decision.ALLOWED:
            return "passes the organization's policies"
        case Decision.EXPLICIT_DENY:
            return "is denied"
        case Decision.IMPLICIT_DENY:
            return "is not allowed"
        case Decision.UNKNOWN:
            return "cannot be told: it depends"
        case _ as never:
            assert_never(never)


def element_words(element: ElementTrace, action: str) -> str:
    """One element as a sentence. `action` is the request's, in lower case."""
    if element.standing is Standing.OPEN:
        return f"{element.element}: cannot tell, {_open(element)}"
    return f"{element.element}: {_closed(element, action)}"


def quoted(value: Value) -> str:
    """A value in backticks; several of them as a list."""
    return f"`{value}`" if isinstance(value, str) else f"[{', '.join(f'`{each}`' for each in value)}]"


def listed(values: tuple[str, ...]) -> str:
    """The policy's values: all if they are few, else the first of them and how many more there are."""
    more = f" … ({len(values) - _MOST} more)" if len(values) > _MOST else ""
    return ", ".join(f"`{value}`" for value in values[:_MOST]) + more


def _open(element: ElementTrace) -> str:
    reason = element.reason or "AWS does not document it"
    return f"{reason}; the policy says {listed(element.expected)}" if element.unknown else reason


def _closed(element: ElementTrace, action: str) -> str:
    holds = element.standing is Standing.HOLDS
    match element.element:
        case "Action":
            fitting = [text for text in element.expected if action_matcher(Pattern((text,)))(action)]
            return f"covered by {listed(tuple(fitting))}"
        case "NotAction":
            return f"not among the {len(element.expected)} that are left out"
        case "Resource" | "NotResource":
            covered = holds is (element.element == "Resource")
            return f"{_has(element)} is {'' if covered else 'not '}covered by {listed(element.expected)}"
        case "Principal" | "NotPrincipal":
            named = holds is (element.element == "Principal")
            return f"{_has(element)} is {'' if named else 'not '}named by {listed(element.expected)}"
        case _:
            return _condition(element, holds=holds)


def _has(element: ElementTrace) -> str:
    return quoted(element.actual or "")


def _condition(element: ElementTrace, *, holds: bool) -> str:
    found = _OPERATOR.fullmatch(element.element.partition(" ")[0])
    operator = found[2].lower() if found else ""
    if operator == "null":
        return "the request has no such key" if element.actual is None else f"the request has it: {_has(element)}"
    if element.actual is None:
        return _absent(element, holds=holds)
    negated = operator.startswith("not") or "not" in operator[3:10]
    relation = _RELATIONS.get(operator.replace("not", "", 1) if negated else operator)
    if relation is None or (found and found[1]):
        return f"{_has(element)}, and the policy says {listed(element.expected)}"
    related = holds is not negated
    number = "" if len(element.expected) == 1 else " one of" if related else " any of"
    return f"{_has(element)} {relation[0 if related else 1]}{number} {listed(element.expected)}"


def _absent(element: ElementTrace, *, holds: bool) -> str:
    expected = listed(element.expected)
    if holds:
        return f"the request has no such key, and the condition holds without it; the policy says {expected}"
    return f"the request has no such key; the policy wants {expected}"
