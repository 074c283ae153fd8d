"""The ways in which a policy could be broken: each `Mutant` is its document with one thing changed.

Mutants that mean the same as the policy, or as each other, are left out where that is cheap to see: by the canonical
form, and for a dropped pattern if another one covers it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from orgctl.policy.canonical import canonical_document
from orgctl.policy.document import Document, Pattern
from orgctl.policy.evaluator import action_matcher
from orgctl.policy.matching import glob
from orgctl.policy.parser import parse_with_problems
from orgctl.policy.template import parse_template, tokens_of
from orgctl.policytest.negation import negated_condition
from orgctl.source import Place

Object = dict[str, object]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A document that says something else. `place` is what was changed, `what` says how: ``drops `s3:Put*` ``."""

    document: Object
    place: Place
    statement: str
    what: str


def mutants(document: Object, inserted: Callable[[Object], Object]) -> Iterator[Mutant]:
    """Every mutant of a policy as it is written; `inserted` puts the manifest's values in, to compare meanings."""
    known = {_meaning(document, inserted)}
    for mutant in _all(document, inserted):
        meaning = _meaning(mutant.document, inserted)
        if meaning not in known:
            known.add(meaning)
            yield mutant


def _meaning(document: Object, inserted: Callable[[Object], Object]) -> tuple[str, frozenset[str]]:
    return canonical_document(parse_with_problems(inserted(document))[0])


@dataclass(frozen=True, slots=True)
class _Site:
    """One statement of a document, and how to change something in it."""

    document: Object
    place: Place
    name: str
    statement: Object
    inserted: Callable[[Object], Object]

    def key(self, element: str) -> str | None:
        """How the statement spells an element; None if it has none."""
        return next((key for key in self.statement if key.lower() == element.lower()), None)

    def changed(self, place: Place, what: str, value: object) -> Mutant:
        """The document with another value at a place within the statement; None takes the key or item out."""
        document = copy.deepcopy(self.document)
        full = (*self.place, *place)
        parent: object = document
        for step in full[:-1]:
            parent = cast("dict[str | int, object]", parent)[step]
        if value is None:
            del cast("dict[str | int, object]", parent)[full[-1]]
        else:
            cast("dict[str | int, object]", parent)[full[-1]] = value
        return Mutant(document, full, self.name, what)


def _all(document: Object, inserted: Callable[[Object], Object]) -> Iterator[Mutant]:
    parsed: Document = parse_with_problems(document)[0]
    for statement in parsed.statements:
        found: object = document
        for step in statement.place:
            found = cast("dict[str | int, object]", found)[step]
        if isinstance(found, dict):
            site = _Site(document, statement.place, statement.name, found, inserted)
            yield from _effect(site)
            for element in ("Action", "NotAction", "Resource", "NotResource"):
                yield from _dropped(site, element)
            for element in ("Action", "NotAction", "Resource"):
                yield from _widened(site, element)
            yield from _conditions(site)


def _effect(site: _Site) -> Iterator[Mutant]:
    key = site.key("Effect")
    if key:
        effect = "Allow" if site.statement[key] == "Deny" else "Deny"
        yield site.changed((key,), f"has the effect {effect}", effect)


def _dropped(site: _Site, element: str) -> Iterator[Mutant]:
    key = site.key(element)
    values = site.statement.get(key) if key else None
    if key is None or not isinstance(values, list) or len(values) < 2:
        return
    for index, value in enumerate(values):
        others = [other for number, other in enumerate(values) if number != index]
        if not _covered(value, others, actions="Action" in element):
            yield site.changed((key, index), f"does without `{value}` in {key}", None)


def _covered(value: object, others: list[object], *, actions: bool) -> bool:
    """Whether another pattern matches whatever this one does: as text, its wildcards are matched by `*` at least."""
    texts = [other for other in others if isinstance(other, str)]
    if not isinstance(value, str):
        return False
    if actions:
        return bool(action_matcher(Pattern(tuple(texts)))(value.lower()))
    fixed = (text for text in texts if "${" not in text)
    return bool(glob(tokens_of(parse_template(text, variables=False, wildcards=True)) for text in fixed)(value))


def _widened(site: _Site, element: str) -> Iterator[Mutant]:
    key = site.key(element)
    if key is None:
        return
    values = site.statement[key]
    placed: list[tuple[Place, object]] = [((key,), values)]
    if isinstance(values, list):
        placed = [((key, index), value) for index, value in enumerate(values)]
    everything = element == "NotAction"  # nothing is left to a statement about all but everything
    for place, value in placed:
        wider = _wider(value, action="Action" in element)
        if wider and not (everything and wider == "*"):
            everything = everything or wider == "*"  # with `*` in the list it does not matter what else is in it
            yield site.changed(place, f"has `{wider}` for `{value}` in {key}", wider)


def _wider(value: object, *, action: bool) -> str | None:
    """`s3:Get*` becomes `s3:*`, that becomes `*`, and a resource with a wildcard becomes `*`."""
    if not isinstance(value, str) or value == "*" or not ("*" in value or "?" in value):
        return None
    service, colon, name = value.partition(":")
    return f"{service}:*" if action and colon and name != "*" else "*"


def _conditions(site: _Site) -> Iterator[Mutant]:
    block = site.key("Condition")
    operators = site.statement.get(block) if block else None
    if block is None or not isinstance(operators, dict):
        return
    for operator, keys in operators.items():
        for key, values in (keys if isinstance(keys, dict) else {}).items():
            place = (block, operator, key)
            yield _without(site, block, operator, key)
            yield from _negated(site, block, operator, key)
            if isinstance(values, list) and len(values) > 1:
                for index, value in enumerate(values):
                    yield site.changed((*place, index), f"does without `{value}` in `{operator} {key}`", None)


def _without(site: _Site, block: str, operator: str, key: str) -> Mutant:
    """The statement without the condition, and without what would be left empty."""
    operators = cast("dict[str, Object]", site.statement[block])
    place: Place = (block, operator, key)
    if len(operators[operator]) == 1:
        place = (block, operator) if len(operators) > 1 else (block,)
    mutant = site.changed(place, f"does without `{operator} {key}`", None)
    return Mutant(mutant.document, (*site.place, block, operator, key), mutant.statement, mutant.what)


def _negated(site: _Site, block: str, operator: str, key: str) -> Iterator[Mutant]:
    """The condition under the opposite operator, beside whatever stands under that one already."""
    operators = cast("dict[str, Object]", site.statement[block])
    opposite = negated_condition(operator, operators[operator][key])
    if opposite is None:
        return
    name, values = opposite
    if name != operator and key in operators.get(name, {}):
        return  # both cannot be said in one statement
    changed = copy.deepcopy(operators)
    del changed[operator][key]
    changed.setdefault(name, {})[key] = values
    changed = {each: keys for each, keys in changed.items() if keys}
    mutant = site.changed((block,), f"has `{name} {key}` for `{operator} {key}`", changed)
    yield Mutant(mutant.document, (*site.place, block, operator, key), mutant.statement, mutant.what)
