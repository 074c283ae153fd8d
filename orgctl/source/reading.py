"""From a path or bytes to a `Source`, or to what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orgctl.diagnostics import Diagnostic, Position
from orgctl.errors import InvalidInputError
from orgctl.source import codes
from orgctl.source.document import Source
from orgctl.source.from_json import parse_json
from orgctl.source.from_yaml import parse_yaml


@dataclass(frozen=True, slots=True)
class Parsed:
    """What came out of one file. `source` is None if nothing can be done with it; there are problems then."""

    source: Source | None
    problems: tuple[Diagnostic, ...] = ()


def read(path: Path, *, name: str | None = None) -> Source:
    """Read a `.json`, `.yaml` or `.yml` file. `name` is what messages call it (default: the path as given).

    Raises InvalidInputError with a diagnostic for every problem found.
    """
    parsed = read_parsed(path, name=name)
    if parsed.problems or parsed.source is None:
        raise InvalidInputError(f"`{name or path}` cannot be used", diagnostics=parsed.problems)
    return parsed.source


def read_parsed(path: Path, *, name: str | None = None) -> Parsed:
    """Like `read`, but returns the problems, and where there is one a value to go on with. Raises nothing."""
    file = name or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        return _failed(codes.UNREADABLE, f"`{file}` cannot be read: {reason}", Position(file))
    return parse(data, name=file)


def parse(data: bytes, *, name: str) -> Parsed:
    """The value of a file's bytes: strict JSON if `name` ends in `.json`, else YAML. A byte-order mark is skipped."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, name)
    if not text.strip():
        return _failed(codes.EMPTY, f"`{name}` is empty", Position(name))
    value, top, problems = (parse_json if name.endswith(".json") else parse_yaml)(text, name)
    if top is None:
        problems = problems or [Diagnostic(codes.EMPTY, f"`{name}` holds nothing but comments", Position(name))]
        return Parsed(None, tuple(problems))
    if value is None:
        return _failed(codes.EMPTY, f"`{name}` holds no value", Position(name, top.line, top.column))
    return Parsed(Source(name, value, lambda: top), tuple(problems))


def _failed(code: str, message: str, position: Position) -> Parsed:
    return Parsed(None, (Diagnostic(code, message, position),))


def _not_utf8(data: bytes, error: UnicodeDecodeError, name: str) -> Parsed:
    before = data[: error.start].decode("utf-8-sig", "replace")
    position = Position(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
    hint = "save the file as UTF-8"
    return Parsed(None, (Diagnostic(codes.NOT_UTF8, f"`{name}` is not UTF-8 text", position, hint),))
