"""From decoded JSON or YAML to a `Document`, or to a diagnostic for every problem of its syntax."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from orgctl.diagnostics import Diagnostic, Position, in_order
from orgctl.errors import InvalidInputError
from orgctl.policy.document import (
    DEFAULT_VERSION,
    VARIABLES_VERSION,
    Condition,
    Document,
    Effect,
    Pattern,
    Principals,
    Statement,
)
from orgctl.source import Place, Source

_PRINCIPAL_KINDS = {kind.lower(): kind for kind in ("AWS", "Service", "Federated", "CanonicalUser")}
_DOCUMENT_ELEMENTS = ("Version", "Id", "Statement")
_STATEMENT_ELEMENTS = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip
_ACTION = re.compile(r"\*+|[^:\s]+:[^:\s]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One syntax problem and where in the value it is."""

    code: str
    place: Place
    message: str
    hint: str | None = None


def parse(value: object) -> Document:
    """Parse a decoded policy, or its JSON text.

    Raises InvalidInputError with a diagnostic for every problem; their position is only the name `policy`.
    """
    if isinstance(value, str):
        value = _decoded(value)
    return _document(value, lambda _: Position("policy"))


def parse_source(source: Source) -> Document:
    """Parse a policy file that has been read. Raises InvalidInputError whose diagnostics point into the file."""
    return _document(source.value, source.at)


def parse_with_problems(value: object) -> tuple[Document, tuple[Problem, ...]]:
    """Parse as far as possible, and say what is wrong: for checks that go on after a problem."""
    reader = _Reader()
    return reader.document(value), tuple(reader.problems)


def _decoded(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInputError(f"the policy is not JSON: {error}") from error


def _document(value: object, position: Callable[[Place], Position]) -> Document:
    document, problems = parse_with_problems(value)
    if problems:
        found = in_order([Diagnostic(p.code, p.message, position(p.place), p.hint) for p in problems])
        raise InvalidInputError(
            found[0].message if len(found) == 1 else f"the policy has {len(found)} problems: {found[0].message}, …",
            hint=found[0].hint,
            diagnostics=found,
        )
    return document


@dataclass(slots=True)
class _Reader:
    """Walks one decoded policy and collects problems on the way."""

    problems: list[Problem] = field(default_factory=list)

    def document(self, value: object) -> Document:
        elements = self._elements(value, (), _DOCUMENT_ELEMENTS, "a policy")
        if elements is None:
            return Document(())
        if "Statement" not in elements:
            self._problem("P101", (), "the policy has no `Statement`")
        key, statements = elements.get("Statement", ("Statement", []))
        return Document(
            tuple(self._statements(statements, (key,))), self._version(elements), self._text(elements, "Id", ())
        )

    def _version(self, elements: Mapping[str, tuple[str, object]]) -> str:
        key, version = elements.get("Version", ("Version", DEFAULT_VERSION))
        if version not in (VARIABLES_VERSION, DEFAULT_VERSION):
            hint = f'write `"Version": "{VARIABLES_VERSION}"`'
            self._problem("P102", (key,), f"`{version}` is not a version of the policy language", hint)
        return str(version)

    def _statements(self, value: object, place: Place) -> Iterator[Statement]:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._statement(item, (*place, index), index)
        else:
            yield from self._statement(value, place, 0)

    def _statement(self, value: object, place: Place, index: int) -> Iterator[Statement]:
        elements = self._elements(value, place, _STATEMENT_ELEMENTS, "a statement")
        if elements is None:
            return
        effect = self._effect(elements, place)
        if "Action" not in elements and "NotAction" not in elements:
            self._problem("P103", place, "the statement has neither `Action` nor `NotAction`")
        actions = self._pattern(elements, "Action", place)
        for action in actions.values if actions else ():
            if not _ACTION.fullmatch(action):
                hint = "write `service:Action`, such as `s3:GetObject`, or `*` alone"
                self._problem("P104", place, f"`{action}` is not an action", hint)
        yield Statement(
            effect,
            actions,
            self._pattern(elements, "Resource", place),
            self._principals(elements, place),
            tuple(self._conditions(elements, place)),
            self._text(elements, "Sid", place),
            index,
            place,
        )

    def _effect(self, elements: Mapping[str, tuple[str, object]], place: Place) -> Effect:
        key, written = elements.get("Effect", ("Effect", None))
        if isinstance(written, str) and written in ("Allow", "Deny"):
            return Effect(written)
        if written is None:
            self._problem("P105", place, "the statement has no `Effect`", "write `Allow` or `Deny`")
        else:
            self._problem("P105", (*place, key), f"`{written}` is not an effect", "write `Allow` or `Deny`")
        return Effect.DENY

    def _pattern(self, elements: Mapping[str, tuple[str, object]], name: str, place: Place) -> Pattern | None:
        chosen = self._one_of(elements, name, place)
        if chosen is None:
            return None
        key, value = elements[chosen]
        return Pattern(self._texts(value, (*place, key)), chosen.startswith("Not"))

    def _principals(self, elements: Mapping[str, tuple[str, object]], place: Place) -> Principals | None:
        chosen = self._one_of(elements, "Principal", place)
        if chosen is None:
            return None
        key, value = elements[chosen]
        return Principals(tuple(self._members(value, (*place, key))), chosen.startswith("Not"))

    def _members(self, value: object, place: Place) -> Iterator[tuple[str, str]]:
        if value == "*":
            yield ("AWS", "*")
        elif isinstance(value, dict):
            for kind, names in value.items():
                known = _PRINCIPAL_KINDS.get(str(kind).lower())
                if known is None:
                    hint = "the kinds are `AWS`, `Service`, `Federated` and `CanonicalUser`"
                    self._problem("P106", (*place, kind), f"`{kind}` is not a kind of principal", hint)
                for name in self._texts(names, (*place, kind)):
                    yield (known or str(kind), name)
        else:
            self._problem("P106", place, "a principal is `*` or a mapping", 'write `{"AWS": "…"}`')

    def _conditions(self, elements: Mapping[str, tuple[str, object]], place: Place) -> Iterator[Condition]:
        key, block = elements.get("Condition", ("Condition", {}))
        for operator, keys in self._mapping(block, (*place, key), "a condition block"):
            inner = (*place, key, operator)
            for name, values in self._mapping(keys, inner, f"the condition `{operator}`"):
                yield Condition(operator, name, self._texts(values, (*inner, name)), (*inner, name))

    def _mapping(self, value: object, place: Place, what: str) -> Iterator[tuple[str, object]]:
        if isinstance(value, dict):
            yield from ((str(key), item) for key, item in value.items())
        else:
            self._problem("P107", place, f"{what} is a mapping")

    def _one_of(self, elements: Mapping[str, tuple[str, object]], name: str, place: Place) -> str | None:
        found = [chosen for chosen in (name, f"Not{name}") if chosen in elements]
        if len(found) > 1:
            self._problem("P108", place, f"the statement has both `{name}` and `Not{name}`", "keep one of them")
        return found[0] if found else None

    def _texts(self, value: object, place: Place) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [value]
        return tuple(self._scalar(item, place) for item in items)

    def _scalar(self, value: object, place: Place) -> str:
        match value:
            case str():
                return value
            case bool():
                return "true" if value else "false"
            case int() | float():
                return json.dumps(value)
            case _:
                self._problem("P109", place, f"`{minified(value)}` is not text, a number or a boolean")
                return ""

    def _text(self, elements: Mapping[str, tuple[str, object]], name: str, place: Place) -> str | None:
        if name not in elements:
            return None
        key, value = elements[name]
        if isinstance(value, str):
            return value
        self._problem("P109", (*place, key), f"`{name}` is not text")
        return None

    def _elements(
        self, value: object, place: Place, names: tuple[str, ...], what: str
    ) -> dict[str, tuple[str, object]] | None:
        """The elements by their proper name, each with its name as written; None if it is no mapping."""
        if not isinstance(value, dict):
            self._problem("P107", place, f"{what} is a mapping, not `{minified(value)}`")
            return None
        proper = {name.lower(): name for name in names}
        found: dict[str, tuple[str, object]] = {}
        for key, item in value.items():
            name = proper.get(str(key).lower())
            if name is None or name in found:
                problem = "is there twice" if name else f"is not an element of {what}"
                self._problem("P110", (*place, key), f"`{key}` {problem}", f"there are {', '.join(names)}")
            else:
                found[name] = (key, item)
        return found

    def _problem(self, code: str, place: Place, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(code, place, message, hint))


def minified(value: object) -> str:
    """JSON text without whitespace and with characters as they are: what AWS counts."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
