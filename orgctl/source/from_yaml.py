"""YAML text to a value with marks, from libyaml's events: no alias is ever expanded, nothing recurses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from yaml import CSafeLoader

from orgctl.diagnostics import Diagnostic, Position
from orgctl.source import codes
from orgctl.source.document import MAX_DEPTH, Mark, duplicate_key
from orgctl.source.scalars import NUMBER_HINT, NUMBER_MESSAGES, describe, resolve

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IGNORED = object()
"""The pending key whose value is dropped, because the key itself was refused."""

_HINTS = {
    "cannot start any token": "indent with spaces, not tabs; put text that begins with `@`, `` ` `` or `%` in quotes",
    "mapping values are not allowed": "put text that holds `: ` in quotes, and look at the indentation",
    "did not find expected key": "look at the indentation, and for text after a closing quote",
    "did not find expected ',' or": "a bracket or brace is not closed, or a comma is missing",
    "unexpected end of stream": "a quote, bracket or brace is not closed",
    "unknown escape character": "in single quotes a backslash stands for itself",
}


def parse_yaml(
    text: str, file: str, functions: Mapping[str, str] | None = None
) -> tuple[object, Mark | None, list[Diagnostic]]:
    """The value of `text`, its marks and its problems. The mark is None if there is nothing to go on with.

    `functions` are tags that are allowed, with the key that each stands for: `!Sub x` is then `{"Fn::Sub": "x"}`.
    """
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        return None, None, [_unprintable(text, unprintable.start(), file)]
    builder = _Builder(file, functions or {})
    loader = CSafeLoader(text)
    try:
        builder.run(loader)
    except yaml.MarkedYAMLError as error:
        return None, None, [*builder.problems, _syntax(error, file)]
    return builder.value, builder.top, builder.problems


def _unprintable(text: str, offset: int, file: str) -> Diagnostic:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    message = f"the character U+{ord(text[offset]):04X} is not allowed"
    return Diagnostic(codes.NOT_UTF8, message, Position(file, line, column), "save the file as UTF-8 text")


def _syntax(error: yaml.MarkedYAMLError, file: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    position = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file)
    problem = error.problem or error.context or "unreadable"
    message = f"this is not valid YAML: {problem}"
    if error.context and error.context_mark and "next token" not in error.context:
        message += f" ({error.context} begun at line {error.context_mark.line + 1})"
    hint = next((hint for part, hint in _HINTS.items() if part in problem), None)
    return Diagnostic(codes.SYNTAX, message, position, hint)


class _StoppedError(Exception):
    """There is no point in taking more events."""


def _pass(_event: yaml.Event) -> None:
    """An event that says nothing."""


def _place(event: yaml.Event) -> tuple[int, int]:
    start: Any = event.start_mark  # always there in events from libyaml; the stubs cannot say so
    return start.line + 1, start.column + 1


class _Frame:
    """A collection that is being filled. `key` is the key that waits for its value."""

    __slots__ = ("key", "mark", "value")

    def __init__(self, value: dict[str, object] | list[object], mark: Mark) -> None:
        self.value = value
        self.mark = mark
        self.key: object = None


class _Builder:
    """Puts values and marks together from events."""

    def __init__(self, file: str, functions: Mapping[str, str]) -> None:
        self.file = file
        self.functions = functions
        self.value: object = None
        self.top: Mark | None = None
        self.problems: list[Diagnostic] = []
        self.stack: list[_Frame] = []

    def run(self, loader: CSafeLoader) -> None:
        """Take every event, up to the end, or to where going on makes no sense."""
        take: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.DocumentEndEvent: _pass,
            yaml.StreamStartEvent: _pass,
        }
        try:
            while (event := loader.get_event()).__class__ is not yaml.StreamEndEvent:
                take[event.__class__](event)
        except _StoppedError:
            pass

    def _problem(self, code: str, message: str, event: yaml.Event, hint: str | None = None) -> None:
        self.problems.append(Diagnostic(code, message, Position(self.file, *_place(event)), hint))

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        if self.top:
            hint = "keep one document in a file"
            self._problem(codes.MANY_DOCUMENTS, "a second YAML document begins here", event, hint)
            raise _StoppedError

    def _refuse(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        """Report anchors and tags, on whatever carries them."""
        if event.anchor:
            hint = "write the value out wherever it is used"
            self._problem(codes.ANCHOR, f"the anchor `&{event.anchor}` is not allowed", event, hint)
        if event.tag and event.tag not in self.functions:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            hint = "put text in quotes and leave numbers bare; policies insert values with `@{...}`"
            self._problem(codes.TAG, f"the tag `{tag}` is not allowed", event, hint)

    def _alias(self, event: yaml.AliasEvent) -> None:
        hint = "write the value out; policies can insert `@{parameters.NAME}`"
        self._problem(codes.ANCHOR, f"the alias `*{event.anchor}` is not allowed", event, hint)
        self._put(None, Mark(*_place(event)), event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.anchor or event.tag:
            self._refuse(event)
        mark = Mark(*_place(event))
        function = self.functions.get(event.tag or "")
        if function:
            self._put_function(function, event.value, mark, event)
            return
        if event.style:
            self._put(event.value, mark, event)
            return
        value, code = resolve(event.value)
        if code:
            self._problem(code, NUMBER_MESSAGES[code].format(event.value), event, NUMBER_HINT)
        if value.__class__ is not str:
            mark.text = event.value
        self._put(value, mark, event)

    def _mapping(self, event: yaml.MappingStartEvent) -> None:
        self._start({}, {}, event)

    def _sequence(self, event: yaml.SequenceStartEvent) -> None:
        self._start([], [], event)

    def _start(
        self,
        value: dict[str, object] | list[object],
        children: dict[str, Mark] | list[Mark],
        event: yaml.CollectionStartEvent,
    ) -> None:
        if event.anchor or event.tag:
            self._refuse(event)
        if len(self.stack) == MAX_DEPTH:
            self._problem(codes.TOO_DEEP, f"this is nested more than {MAX_DEPTH} levels deep", event)
            self.top = None
            raise _StoppedError
        mark = Mark(*_place(event))
        mark.children = children
        function = self.functions.get(event.tag or "")
        if function:
            self._put_function(function, value, mark, event)
        else:
            self._put(value, mark, event)
        self.stack.append(_Frame(value, mark))

    def _end(self, _event: yaml.CollectionEndEvent) -> None:
        self.stack.pop()

    def _put_function(self, key: str, value: object, mark: Mark, event: yaml.Event) -> None:
        """Hand on `{key: value}` for a value whose tag stands for that."""
        outer = Mark(mark.line, mark.column)
        outer.children, outer.keys = {key: mark}, {key: (mark.line, mark.column)}
        self._put({key: value}, outer, event)

    def _put(self, value: object, mark: Mark, event: yaml.Event) -> None:
        """Hand a value to whatever waits for it: the document, a list, a mapping's key, or a key's value."""
        if not self.stack:
            self.value, self.top = value, mark
            return
        frame = self.stack[-1]
        if frame.key is None and isinstance(frame.value, dict):
            frame.key = self._key(value, mark, event, frame.mark)
            return
        if isinstance(frame.value, list):
            frame.value.append(value)
            frame.mark.children.append(mark)  # type: ignore[union-attr]  # a list's mark has a list of marks
            return
        if frame.key is not _IGNORED:
            frame.value[frame.key] = value  # type: ignore[index]  # a key that is not ignored is text
            frame.mark.children[frame.key] = mark  # type: ignore[index,call-overload]  # and so are its marks' keys
        frame.key = None

    def _key(self, value: object, mark: Mark, event: yaml.Event, parent: Mark) -> object:
        """The key to store under: the text as written where the key is not text, `_IGNORED` where there is none."""
        if value.__class__ is not str:
            if mark.text is None:
                self._problem(codes.KEY_NOT_TEXT, "a key must be text", event)
                return _IGNORED
            message = f"the key `{mark.text}` is read as {describe(value)}, not as text"
            self._problem(codes.KEY_NOT_TEXT, message, event, f'put it in quotes: "{mark.text}"')
            value = mark.text
        elif value == "<<" and not getattr(event, "style", None):
            self._problem(codes.ANCHOR, "the merge key `<<` is not allowed", event, "write the keys out")
            return _IGNORED
        return self._new_key(str(value), (mark.line, mark.column), parent)

    def _new_key(self, key: str, place: tuple[int, int], parent: Mark) -> str:
        if key in parent.keys:
            self.problems.append(duplicate_key(self.file, key, place, parent.keys[key]))
        parent.keys[key] = place
        return key
