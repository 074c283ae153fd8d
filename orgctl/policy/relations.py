"""Values of an unknown key that other things are compared with, by way of a variable.

`"Resource": "arn:aws:s3:::home/${aws:username}/*"` makes a request's outcome hang on `aws:username` without a
condition on it: what matters is whether it is the one name with which the pattern covers the resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orgctl.policy.evaluator import Test
from orgctl.policy.request import Request
from orgctl.policy.template import ANY, Template, Value, Variable, parse_template, variable_keys

ANY_VALUE = "any-value"
ANOTHER_VALUE = "another-value"
_MOST_WILDCARDS = 4


@dataclass(frozen=True, slots=True)
class Related:
    """Values at which a test can change its outcome; `complete` if no other value could bring another outcome."""

    values: tuple[str, ...]
    complete: bool


def related(key: str, test: Test, request: Request) -> Related:
    """What an unknown key (in lower case) must be, as far as one test with variables is concerned."""
    templates = [parse_template(text, variables=True, wildcards=True) for text in test.values]
    values = [ANY_VALUE, ANOTHER_VALUE]
    complete = (test.keys & request.unknown.keys()) == {key}
    if test.condition and test.condition.key == key:
        values += ["".join(_known(part, request) or ANY_VALUE for part in template) for template in templates]
        return Related(tuple(values), complete=False)
    target = request.resource if test.condition is None else request.context.get(test.condition.key)
    for template in templates:
        if key in variable_keys(template) and target is not None:
            found = _captured(key, template, target, request) if isinstance(target, str) else None
            values += found or []
            complete = complete and found is not None and all(_holds(test, key, value, request) for value in found)
    return Related(tuple(values), complete)


def _captured(key: str, template: Template, target: str, request: Request) -> list[str] | None:
    """The value with which the template fits the target, or none; None if there could be several such values."""
    if sum(isinstance(part, Variable) and part.key == key for part in template) > 1:
        return None
    if template.count(ANY) > _MOST_WILDCARDS:  # each more multiplies the time that the search may take
        return None
    found = re.fullmatch("".join(_expression(key, template, request)), target, re.DOTALL)
    return [found["value"]] if found else []


def _expression(key: str, template: Template, request: Request) -> Iterator[str]:
    for part in template:
        if isinstance(part, Variable) and part.key == key:
            yield "(?P<value>.+?)"
        elif isinstance(part, str | Variable):
            yield re.escape(_known(part, request) or "")
        else:
            yield ".*?" if part is ANY else "."


def _known(part: object, request: Request) -> str | None:
    if isinstance(part, Variable):
        value = request.context.get(part.key)
        return value if isinstance(value, str) else part.default
    return part if isinstance(part, str) else ""


def _holds(test: Test, key: str, value: str, request: Request) -> bool:
    """Whether the value does make a difference, and an undisputed one."""
    given: dict[str, Value] = {**request.context, key: value}
    other: dict[str, Value] = {**request.context, key: ANY_VALUE}
    outcomes = {test.run(given.get, request), test.run(other.get, request)}
    return outcomes == {True, False}
