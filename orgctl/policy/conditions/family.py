"""What every family of operators hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orgctl.policy.template import Getter, OpenError, Template, Token, readings, variable_keys
from orgctl.policy.truth import Truth, some

Match = Callable[[str, Getter], Truth]
"""Says of one value of the context key whether it matches one of the condition's values (before negation)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A condition's values, ready to be matched.

    `exactly` is set where matching is nothing but membership. `keys` are the context keys (in lower case) that the
    values' own variables look up.
    """

    match: Match
    exactly: frozenset[str] | None = None
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Values:
    """What a family is given: the condition's values; whether `${…}` counts; whether the operator is negated.

    Negation matters to a family only where something cannot be read: AWS says that a positive operator does not
    match then, and says nothing of a negated one.
    """

    texts: tuple[str, ...]
    variables: bool
    negated: bool

    @property
    def unreadable(self) -> Truth:
        """What comparing with something unreadable gives, before negation."""
        return None if self.negated else False


Prepare = Callable[[Values], Prepared]
Compare = Callable[[tuple[Token, ...], str], Truth]


def with_variables(
    fixed: Callable[[str], Truth], dynamic: list[Template], compare: Compare, *, wildcards: bool = False
) -> Prepared:
    """Match first what is the same for every request, then each template with its variables' values put in."""
    if not dynamic:
        return Prepared(lambda value, _: fixed(value))

    def match(value: str, get: Getter) -> Truth:
        found = fixed(value)
        return found if found else some([found, *(_compared(t, value, get, compare, wildcards) for t in dynamic)])

    return Prepared(match, keys=frozenset().union(*map(variable_keys, dynamic)))


def _compared(template: Template, value: str, get: Getter, compare: Compare, wildcards: bool) -> Truth:
    """A variable without a value matches nothing; readings that disagree leave it open."""
    try:
        results = {compare(tokens, value) for tokens in readings(template, get, wildcards=wildcards)}
    except OpenError:
        return None
    return agreed(results)


def agreed(results: Iterable[Truth]) -> Truth:
    """What all readings say; None if they differ, false if there is none."""
    distinct = set(results) or {False}
    return distinct.pop() if len(distinct) == 1 else None
