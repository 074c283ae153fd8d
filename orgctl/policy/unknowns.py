"""The values that an unknown context key could have, as far as they make a difference.

For every unknown key there are a few values, one for each way in which the statements at hand could take it; all
their combinations are the cases that an answer has to cover. Where not all cases could be listed, `complete` is
False, and the answer must allow for more than the cases show.
"""

from __future__ import annotations

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
from orgctl.policy.relations import ANY_VALUE, related
from orgctl.policy.request import Request
from orgctl.policy.template import (
    ANY,
    Getter,
    Value,
    is_fixed,
    parse_template,
    tokens_of,
)
from orgctl.policy.truth import Truth
from orgctl.policy.witnesses import Pattern, witnesses

Case = Mapping[str, Value | None]
"""A value (None: absent) for every unknown key, by its name in lower case."""

MOST_CASES = 4_096
_MOST_SETS = 256


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
    """Values of one key, absence first: one for each way in which its tests can come out together."""
    own = [test.condition for test in tests if test.condition and test.condition.key == key]
    relations = [related(key, test, request) for test in tests if len(test.keys) > 1 or test.condition is None]
    texts, complete = _texts(own)
    texts += [value for relation in relations for value in relation.values]
    readable = _readable(texts or [ANY_VALUE], own)
    if relations:
        sole = len(relations) == 1 and not any(test.operator and test.operator.kind.prepare for test in own)
        return [None, *dict.fromkeys(readable)], complete and sole and relations[0].complete
    singles = _distinct(readable, own)
    if not _takes_many(own):
        return [None, *singles], complete
    sets = list(islice(_sets(singles, len(own)), _MOST_SETS))
    return [None, *_distinct([*singles, *sets], own)], complete and len(sets) < _MOST_SETS


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


def _sets(values: list[Value], tests: int) -> Iterator[Value]:
    """Sets of values, as large as there are tests that could each need a member of its own."""
    singles = [value for value in values if isinstance(value, str)]
    return (combination for size in range(2, tests + 1) for combination in combinations(singles, size))


def _texts(own: list[ConditionTest]) -> tuple[list[str], bool]:
    """Values by what the tests take the key for; incomplete if they take it for different things."""
    by_family: dict[Family, list[str]] = {}
    patterns: list[Pattern] = []
    for test in own:
        family = test.operator.kind.family if test.operator else Family.NULL
        if family in (Family.STRING, Family.ARN):
            patterns += _patterns(test, family)
        elif family in _SAMPLES:
            by_family.setdefault(family, []).extend(test.condition.values)
    texts = [text for family, values in by_family.items() for text in _SAMPLES[family](tuple(values))]
    if not patterns:
        return texts, len(by_family) <= 1
    found = witnesses(tuple(dict.fromkeys(patterns)))
    return [*found.texts, *texts], found.complete and not by_family


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
    return [*values, ANY_VALUE]


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
