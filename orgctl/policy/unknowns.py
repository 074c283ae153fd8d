"""The values that an unknown context key could have, as far as they make a difference.

For every unknown key there are a few values, one for each way in which the statements at hand could take it; all
their combinations are the cases that an answer has to cover. Where not all cases could be listed (an unknown key that
is compared with itself or with another unknown one, too many keys at once), `complete` is False, and the answer must
allow for more than the cases show.

A key is taken for what it is asked as: one that numbers are compared with is a number, one that is asked with a set
operator may have many values, and no value is empty. What AWS would make of other values is not documented anyway.
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
from orgctl.policy.matching import arn_fields, is_arn
from orgctl.policy.relations import ANY_VALUE, related
from orgctl.policy.request import Request
from orgctl.policy.template import (
    ANY,
    Getter,
    OpenError,
    Template,
    Token,
    Value,
    parse_template,
    readings,
    variable_keys,
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
    asked = _Asked(key, tuple(t.condition for t in tests if t.condition and t.condition.key == key), request)
    relations = [related(key, test, request) for test in tests if not _settled_but_for(key, test, request)]
    texts, complete = _texts(asked)
    texts += [value for relation in relations for value in relation.values]
    readable = _readable(texts or [ANY_VALUE], asked.tests)
    if relations:
        sole = len(relations) == 1 and not any(test.operator and test.operator.kind.prepare for test in asked.tests)
        return [None, *dict.fromkeys(readable)], complete and sole and relations[0].complete
    singles = asked.distinct(readable)
    if not _takes_many(asked.tests):
        return [None, *singles], complete
    sets = list(islice(_sets(singles, len(asked.tests)), _MOST_SETS))
    return [None, *asked.distinct([*singles, *sets])], complete and len(sets) < _MOST_SETS


@dataclass(frozen=True, slots=True)
class _Asked:
    """The conditions on one unknown key."""

    key: str
    tests: tuple[ConditionTest, ...]
    request: Request

    def distinct(self, values: Iterable[Value]) -> list[Value]:
        """One value for every combination of the conditions' outcomes."""
        found: dict[tuple[Truth, ...], Value] = {}
        for value in values:
            get = {**self.request.context, self.key: value}.get
            found.setdefault(tuple(test.check(get) for test in self.tests), value)
        return list(found.values())


def _settled_but_for(key: str, test: Test, request: Request) -> bool:
    """Whether it is a condition on this key whose values hang on nothing unknown."""
    if test.condition is None or test.condition.key != key:
        return False
    inner = frozenset().union(*(_variables(test.condition, text) for text in test.condition.condition.values))
    return inner.isdisjoint(request.unknown)


def _variables(test: ConditionTest, text: str) -> frozenset[str]:
    return variable_keys(parse_template(text, variables=test.variables, wildcards=False))


def _takes_many(own: tuple[ConditionTest, ...]) -> bool:
    """Whether the key is asked as one with many values, and never as one with a single value."""
    return any(test.operator and test.operator.set_operator for test in own) and all(
        test.operator and (test.operator.set_operator or test.operator.kind.family is Family.NULL) for test in own
    )


def _sets(values: list[Value], tests: int) -> Iterator[Value]:
    """Sets of values, as large as there are tests that could each need a member of its own."""
    singles = [value for value in values if isinstance(value, str)]
    return (combination for size in range(2, tests + 1) for combination in combinations(singles, size))


def _texts(asked: _Asked) -> tuple[list[str], bool]:
    """Values by what the tests take the key for; incomplete if they take it for different things."""
    by_family: dict[Family, list[str]] = {}
    patterns: list[Pattern] = []
    for test in asked.tests:
        family = test.operator.kind.family if test.operator else Family.NULL
        if family in (Family.STRING, Family.ARN, Family.BINARY):
            patterns += _patterns(test, family, asked.request)
        elif family in _SAMPLES:
            by_family.setdefault(family, []).extend(test.condition.values)
    texts = [text for family, values in by_family.items() for text in _SAMPLES[family](tuple(values))]
    if not patterns:
        return texts, len(by_family) <= 1
    found = witnesses(tuple(dict.fromkeys(patterns)))
    return [*found.texts, *texts], found.complete and not by_family


def _patterns(test: ConditionTest, family: Family, request: Request) -> Iterator[Pattern]:
    """The values as patterns, known variables put in; those with unknown ones, and with open ones, are left out."""
    name = test.operator.kind.name if test.operator else ""
    wildcards = family is Family.ARN or name.endswith("Like")
    for text in test.condition.values:
        variables = test.variables and family is not Family.BINARY
        template = parse_template(text, variables=variables, wildcards=wildcards)
        by_field = family is Family.ARN and arn_fields(template) is not None
        if variable_keys(template).isdisjoint(request.unknown):
            for tokens in _readings(template, request, wildcards=wildcards):
                yield Pattern(tokens, fold=name.endswith("IgnoreCase"), fields=by_field)
    if family is Family.ARN:
        yield Pattern((":".join([""] * 6),))
        yield Pattern((ANY, *((":", ANY) * 5)))


def _readings(template: Template, request: Request, *, wildcards: bool) -> tuple[tuple[Token, ...], ...]:
    try:
        return readings(template, request.context.get, wildcards=wildcards)
    except OpenError:
        return ()


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


_SAMPLES: Mapping[Family, Callable[[tuple[str, ...]], list[str]]] = {
    Family.NUMERIC: _numbers,
    Family.DATE: _dates,
    Family.IP_ADDRESS: _addresses,
    Family.BOOL: _truths,
}

_READS: Mapping[Family, Callable[[str], bool]] = {
    Family.NUMERIC: lambda text: number(text) is not None,
    Family.DATE: lambda text: seconds(text) is not None and not is_ambiguous(text),
    Family.IP_ADDRESS: lambda text: block(text) is not None,
    Family.BOOL: lambda text: text.lower() in ("true", "false"),
    Family.ARN: is_arn,
}


def _readable(texts: list[str], own: tuple[ConditionTest, ...]) -> list[str]:
    """Those that every test can read as what it takes the key for; all of them if there is none such."""
    families = {test.operator.kind.family for test in own if test.operator}
    reads = [_READS[family] for family in families if family in _READS]
    return [text for text in texts if all(read(text) for read in reads)] or texts
