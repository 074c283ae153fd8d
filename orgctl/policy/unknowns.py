"""The values that an unknown context key could have, as far as they make a difference.

For every unknown key there are a few values, one for each way in which the statements at hand could take it; all
their combinations are the cases that an answer has to cover. Where not all cases could be listed, `complete` is
False, and the answer must allow for more than the cases show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from itertools import combinations, islice, pairwise, product

from orgctl.policy.compiler import Plan
from orgctl.policy.conditions.condition import ConditionTest
from orgctl.policy.conditions.date import is_ambiguous, seconds
from orgctl.policy.conditions.ip_address import block
from orgctl.policy.conditions.numeric import number
from orgctl.policy.conditions.operators import Family
from orgctl.policy.evaluator import Test
from orgctl.policy.matching import is_arn
from orgctl.policy.request import Request
from orgctl.policy.template import (
    ANY,
    Getter,
    Template,
    Value,
    Variable,
    is_fixed,
    parse_template,
    tokens_of,
    variable_keys,
)
from orgctl.policy.truth import Truth
from orgctl.policy.witnesses import Pattern, witnesses

Case = Mapping[str, Value | None]
"""A value (None: absent) for every unknown key, by its name in lower case."""

MOST_CASES = 4_096
_MOST_SETS = 256
_ANY_VALUE = "any-value"


@dataclass(frozen=True, slots=True)
class Cases:
    """All that the unknown keys could be, as far as it matters."""

    cases: tuple[Case, ...]
    complete: bool


def cases(plan: Plan, request: Request) -> Cases:
    """The cases for the unknown keys that the plan looks at. None at all if there are more than can be weighed."""
    keys = sorted(plan.keys & request.unknown.keys())
    tests = list(dict.fromkeys(test for rule in plan.rules for test in rule.tests))
    values = [_values(key, [test for test in tests if key in test.keys], request) for key in keys]
    count = 1
    for possible, _ in values:
        count *= len(possible)
    if count > MOST_CASES:
        return Cases((), complete=False)
    found = product(*(possible for possible, _ in values))
    return Cases(tuple(dict(zip(keys, case, strict=True)) for case in found), all(complete for _, complete in values))


def getter(request: Request, case: Case) -> Getter:
    """Look up keys as if the unknown ones were as in this case."""
    return {**request.context, **{key: value for key, value in case.items() if value is not None}}.get


def _values(key: str, tests: list[Test], request: Request) -> tuple[list[Value | None], bool]:
    """Values of one key, absence first: one for each way in which its own tests can come out together."""
    own = [test.condition for test in tests if test.condition and test.condition.key == key]
    related = [test for test in tests if len(test.keys) > 1 or test.condition is None]
    texts, complete = _texts(own)
    texts += [text for test in related for text in _related(key, test, request)]
    texts = _readable(texts or [_ANY_VALUE], own)
    distinct: list[Value] = [] if not related else list(dict.fromkeys(texts))
    if not related:
        distinct = _distinct(texts, own)
    if _takes_many(own):
        distinct = _distinct([*distinct, *_sets(distinct, own)], own) if not related else distinct
    return [None, *distinct], complete and not related


def _distinct(values: Iterable[Value], own: list[ConditionTest]) -> list[Value]:
    """One value for every combination of the tests' outcomes."""
    found: dict[tuple[Truth, ...], Value] = {}
    for value in values:
        found.setdefault(tuple(test.check(lambda _, value=value: value) for test in own), value)  # type: ignore[misc]
    return list(found.values())


def _takes_many(own: list[ConditionTest]) -> bool:
    """Whether the key is asked as one with many values, and never as one with a single value."""
    return any(test.operator and test.operator.set_operator for test in own) and all(
        test.operator and (test.operator.set_operator or test.operator.kind.family is Family.NULL) for test in own
    )


def _sets(values: list[Value], own: list[ConditionTest]) -> Iterator[Value]:
    """Sets of values, as large as there are tests that each could need a member of its own."""
    singles = [value for value in values if isinstance(value, str)]
    sets = (combination for size in range(2, len(own) + 2) for combination in combinations(singles, size))
    yield from islice(sets, _MOST_SETS)


def _texts(own: list[ConditionTest]) -> tuple[list[str], bool]:
    texts: list[str] = []
    patterns: list[Pattern] = []
    for test in own:
        family = test.operator.kind.family if test.operator else Family.NULL
        if family in (Family.STRING, Family.ARN):
            patterns += _patterns(test, family)
        elif family in _SAMPLES:
            texts += _SAMPLES[family](test.condition.values)
    found = witnesses(tuple(dict.fromkeys(patterns))) if patterns else None
    return [*(found.texts if found else ()), *texts], found is None or found.complete


def _patterns(test: ConditionTest, family: Family) -> Iterator[Pattern]:
    name = test.operator.kind.name if test.operator else ""
    wildcards = family is Family.ARN or name.endswith("Like")
    for text in test.condition.values:
        template = parse_template(text, variables=test.variables, wildcards=wildcards)
        if is_fixed(template):
            yield Pattern(tokens_of(template), fold=name.endswith("IgnoreCase"), fields=family is Family.ARN)
    if family is Family.ARN:
        yield Pattern((":".join([""] * 6),))
        yield Pattern((ANY, *((":", ANY) * 5)))


def _numbers(values: tuple[str, ...]) -> list[str]:
    return _around({found for text in values if (found := number(text)) is not None})


def _dates(values: tuple[str, ...]) -> list[str]:
    return _around({found for text in values if not is_ambiguous(text) and (found := seconds(text)) is not None})


def _around(limits: set[Decimal]) -> list[str]:
    """Every limit, a number between every two of them, and one beyond each end."""
    ordered = sorted(limits) or [Decimal(0)]
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    return [f"{found:f}" for found in (ordered[0] - 1, *ordered, *between, ordered[-1] + 1)]


def _addresses(values: tuple[str, ...]) -> list[str]:
    """The ends of every block and their neighbours, and one address of each version in no block at all."""
    blocks = [found for text in values if (found := block(text))]
    numbers = {(v, at) for v, low, high in blocks for at in (low - 1, low, high, high + 1)} | {(4, 0), (6, 0)}
    return [_address(version, at) for version, at in sorted(numbers) if 0 <= at < 1 << (32 if version == 4 else 128)]


def _address(version: int, at: int) -> str:
    return str(IPv4Address(at) if version == 4 else IPv6Address(at))


def _truths(_values: tuple[str, ...]) -> list[str]:
    return ["true", "false"]


def _as_given(values: tuple[str, ...]) -> list[str]:
    return [*values, _ANY_VALUE]


_SAMPLES: Mapping[Family, Callable[[tuple[str, ...]], list[str]]] = {
    Family.NUMERIC: _numbers,
    Family.DATE: _dates,
    Family.IP_ADDRESS: _addresses,
    Family.BOOL: _truths,
    Family.BINARY: _as_given,
}

_READS: Mapping[Family, Callable[[str], bool]] = {
    Family.NUMERIC: lambda text: number(text) is not None,
    Family.DATE: lambda text: seconds(text) is not None and not is_ambiguous(text),
    Family.IP_ADDRESS: lambda text: block(text) is not None,
    Family.BOOL: lambda text: text.lower() in ("true", "false"),
    Family.ARN: is_arn,
}


def _readable(texts: list[str], own: list[ConditionTest]) -> list[str]:
    """Those that every test can read as what it takes the key for; all of them if there is none such."""
    families = {test.operator.kind.family for test in own if test.operator}
    reads = [_READS[family] for family in families if family in _READS]
    return [text for text in texts if all(read(text) for read in reads)] or texts


def _related(key: str, test: Test, request: Request) -> Iterator[str]:
    """Values at which a test that puts variables in could change: what a variable must be, or what it makes."""
    get = request.context.get
    for text in test.values:
        template = parse_template(text, variables=True, wildcards=True)
        if key in variable_keys(template):
            yield _ANY_VALUE
            target = request.resource if test.condition is None else get(test.condition.key)
            yield from _captured(key, template, target if isinstance(target, str) else None)
        if test.condition and test.condition.key == key:
            yield "".join(_filled(part, get) for part in template)
    yield _ANY_VALUE
    yield "another-value"


def _captured(key: str, template: Template, target: str | None) -> Iterator[str]:
    """What the variable must be for the template to fit the target."""
    pattern = ""
    for part in template:
        if isinstance(part, str):
            pattern += re.escape(part)
        elif isinstance(part, Variable) and part.key == key and "(?P<" not in pattern:
            pattern += "(?P<value>.*?)"
        else:
            pattern += ".*?"
    found = re.fullmatch(pattern, target, re.DOTALL) if target else None
    if found and found["value"]:
        yield found["value"]


def _filled(part: object, get: Getter) -> str:
    if isinstance(part, Variable):
        value = get(part.key)
        return value if isinstance(value, str) else part.default or _ANY_VALUE
    return part if isinstance(part, str) else ""
