"""Screens: one look at a value that spares many tests of it.

Most statements about resources or principals are about other ones than the request's. A screen joins the patterns of
many tests of the same thing into one matcher; where nothing fits, none of the tests can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orgctl.policy.conditions.condition import ConditionTest
from orgctl.policy.conditions.operators import Family
from orgctl.policy.matching import glob
from orgctl.policy.request import Request
from orgctl.policy.template import ANY, Getter, Template, Token, Variable, parse_template
from orgctl.policy.truth import Truth

RESOURCE = "the resource"
"""The subject of a screen that is no context key."""

_EXACT = frozenset({"StringEquals"})
_WILD = frozenset({"StringLike", "ArnLike", "ArnEquals"})


@dataclass(frozen=True, slots=True)
class Screen:
    """What is looked at (a context key in lower case, or `RESOURCE`), and the patterns of which one must fit."""

    subject: str
    patterns: tuple[tuple[Token, ...], ...]


def loosened(template: Template) -> tuple[Token, ...]:
    """The template with `*` for every variable: it fits whatever the template fits."""
    return tuple(ANY if isinstance(part, Variable) else part for part in template)


def screen_of_condition(test: ConditionTest) -> Screen | None:
    """The screen of a condition that only holds where one of its values fits; None for other conditions."""
    operator = test.operator
    if operator is None or operator.set_operator or operator.if_exists or not test.condition.values:
        return None
    name = operator.kind.name
    if name not in _EXACT | _WILD:
        return None
    variables = test.variables and operator.kind.family in (Family.STRING, Family.ARN)
    templates = (parse_template(text, variables=variables, wildcards=name in _WILD) for text in test.condition.values)
    return Screen(test.key, tuple(map(loosened, templates)))


def joined(subject: str, screens: Iterable[Screen]) -> Callable[[Getter, Request], Truth]:
    """A test that holds if anything in these screens of one subject fits. A key with many values always passes."""
    fits = glob(pattern for screen in screens for pattern in screen.patterns)
    if subject == RESOURCE:
        return lambda _, request: fits(request.resource) if request.resource else None

    def passes(get: Getter, _request: Request) -> Truth:
        value = get(subject)
        if value is None:
            return False
        return fits(value) if isinstance(value, str) else True

    return passes
