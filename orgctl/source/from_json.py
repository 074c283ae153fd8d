"""JSON text to a value with marks. JSON is strict: no comments, no trailing commas, no NaN, no key twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic, Position
from orgctl.source import codes
from orgctl.source.document import MAX_DEPTH, Mark, duplicate_key
from orgctl.source.scalars import NUMBER_MESSAGES, number

_TOKEN = re.compile(r'[\[\]{},:]|"(?:[^"\\]|\\.)*"|[^\s\[\]{},:"]+|\n')
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONSTANTS = {"NaN", "Infinity", "-Infinity"}


def parse_json(text: str, file: str) -> tuple[object, Mark | None, list[Diagnostic]]:
    """The value of `text`, its marks and its problems. The mark is None if there is nothing to go on with."""
    try:
        value = json.loads(
            text,
            parse_float=lambda digits: number(digits)[0],
            parse_int=lambda digits: number(digits)[0],
            parse_constant=str,
        )
    except json.JSONDecodeError as error:
        return None, None, [_syntax(error, file)]
    except RecursionError:
        return None, None, [_too_deep(Position(file))]
    scan = _Scan(text, file)
    top = scan.run()
    return value, top, scan.problems


def _syntax(error: json.JSONDecodeError, file: str) -> Diagnostic:
    position = Position(file, error.lineno, error.colno)
    message = f"this is not valid JSON: {error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')}"
    hint = "JSON has no comments and no trailing commas; a `.yaml` file may have both"
    return Diagnostic(codes.SYNTAX, message, position, hint)


def _too_deep(position: Position) -> Diagnostic:
    return Diagnostic(codes.TOO_DEEP, f"this is nested more than {MAX_DEPTH} levels deep", position)


class _Scan:
    """Goes through the tokens of text that is known to be JSON, for their places and for what `json` lets pass."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Diagnostic] = []
        self.stack: list[Mark] = []
        self.key: str | None = None

    def run(self) -> Mark | None:
        """The mark of the whole value; None if it is too deep to go on with."""
        top: Mark | None = None
        for lexeme, line, column in self._tokens():
            if lexeme in "]}":
                self.stack.pop()
            elif lexeme in ",:":
                continue
            elif self.key is None and self.stack and isinstance(self.stack[-1].children, dict):
                self._take_key(json.loads(lexeme), (line, column))
            else:
                mark = self._value(lexeme, line, column)
                top = top or mark
            if len(self.stack) > MAX_DEPTH:
                self.problems.append(_too_deep(Position(self.file, line, column)))
                return None
        return top

    def _tokens(self) -> Iterator[tuple[str, int, int]]:
        line, begin = 1, 0
        for match in _TOKEN.finditer(self.text):
            lexeme = match.group()
            if lexeme == "\n":
                line, begin = line + 1, match.end()
            else:
                yield lexeme, line, match.start() - begin + 1

    def _take_key(self, key: str, place: tuple[int, int]) -> None:
        keys = self.stack[-1].keys
        if key in keys:
            self.problems.append(duplicate_key(self.file, key, place, keys[key]))
        keys[key] = place
        self.key = key

    def _value(self, lexeme: str, line: int, column: int) -> Mark:
        mark = Mark(line, column)
        if self.stack:
            match self.stack[-1].children:
                case dict() as by_key if self.key is not None:
                    by_key[self.key] = mark
                case list() as elements:
                    elements.append(mark)
        self.key = None
        if lexeme in "[{":
            mark.children = [] if lexeme == "[" else {}
            self.stack.append(mark)
        else:
            self._check_scalar(lexeme, mark)
        return mark

    def _check_scalar(self, lexeme: str, mark: Mark) -> None:
        position = Position(self.file, mark.line, mark.column)
        if lexeme.startswith('"'):
            if "\\u" in lexeme and _SURROGATE.search(json.loads(lexeme)):
                message = "half of a surrogate pair is not a character"
                self.problems.append(Diagnostic(codes.NOT_UTF8, message, position))
            return
        mark.text = lexeme
        if lexeme in _CONSTANTS or (lexeme not in ("true", "false", "null") and number(lexeme)[1]):
            self.problems.append(
                Diagnostic(codes.NOT_A_NUMBER, NUMBER_MESSAGES[codes.NOT_A_NUMBER].format(lexeme), position)
            )
