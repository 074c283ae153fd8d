"""Suppressions: `# orgctl: allow L404 because …` in a YAML file, and `allow` in a policy's options in the manifest.

A comment above everything, or outside the statements, is for the whole file; one above or in a statement for that
statement; in a file of the manifest, for its own line or the one below. A suppression without a reason has no force.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from orgctl.diagnostics import Diagnostic, Position, Severity
from orgctl.lint.titles import MALFORMED, UNKNOWN_CODE, UNUSED

_COMMENT = re.compile(r"(?:^|\s)(# ?orgctl:.*)$")
_ALLOW = re.compile(r"# ?orgctl:\s+allow\s+(L[0-9]{3}(?:\s*,\s*L[0-9]{3})*)\s+because\s+(\S.*)")
_WAY_OUT = "write `# orgctl: allow L404 because ` and the reason"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One code that is allowed between two lines of a file, both included; `last` None: to its end.

    `file` None: wherever it is found; that is how a policy's options in the manifest allow.
    """

    code: str
    reason: str
    position: Position
    file: str | None
    first: int = 0
    last: int | None = None

    def covers(self, found: Diagnostic) -> bool:
        """Whether it is about this."""
        line = found.position.line
        here = self.first <= line and (self.last is None or line <= self.last)
        return found.code == self.code and self.file in (None, found.position.file) and here


@dataclass(frozen=True, slots=True)
class Comments:
    """What the comments of one file say, and which of them say nothing that counts."""

    suppressions: tuple[Suppression, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def comments(text: str, file: str, starts: Sequence[int] | None) -> Comments:
    """Read the comments of a YAML file.

    `starts` are the first lines of its statements, in order; None: every line counts for itself.
    """
    lines = text.splitlines()
    found: list[Suppression] = []
    problems: list[Diagnostic] = []
    for number, line in enumerate(lines, 1):
        comment = _COMMENT.search(line)
        if comment is None:
            continue
        position = Position(file, number, comment.start(1) + 1)
        allowed = _ALLOW.fullmatch(comment[1].rstrip())
        if allowed is None:
            problems.append(_malformed(comment[1], position))
            continue
        ends_statement = starts is not None and _is_inside(lines, number)
        first, last = _scope(number if ends_statement else _target(lines, number), _first(lines), starts)
        codes = re.findall("L[0-9]{3}", allowed[1])
        found += [Suppression(code, allowed[2], position, file, first, last) for code in codes]
    return Comments(tuple(found), tuple(problems))


def apply(found: Iterable[Diagnostic], suppressions: Sequence[Suppression], known: Collection[str]) -> list[Diagnostic]:
    """What is left of the diagnostics, and a problem for each suppression that there was nothing for.

    `known` are the codes that there are.
    """
    used: set[Suppression] = set()
    left: list[Diagnostic] = []
    for diagnostic in found:
        covering = [suppression for suppression in suppressions if suppression.covers(diagnostic)]
        used.update(covering)
        if not covering:
            left.append(diagnostic)
    idle = [suppression for suppression in suppressions if suppression not in used]
    return [*left, *(_unused(each) if each.code in known else _unknown(each) for each in idle)]


def _target(lines: Sequence[str], number: int) -> int:
    """The line that a comment is about: its own, or the next that holds something."""
    while number <= len(lines) and lines[number - 1].lstrip()[:1] in ("", "#"):
        number += 1
    return number


def _is_inside(lines: Sequence[str], number: int) -> bool:
    """Whether a comment ends the statement above: it is further in than the item of a list that comes next."""
    target = _target(lines, number)
    following = lines[target - 1] if target <= len(lines) else ""
    return following.lstrip().startswith("-") and _indent(following) < _indent(lines[number - 1])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _first(lines: Sequence[str]) -> int:
    return _target(lines, 1)


def _scope(target: int, first: int, starts: Sequence[int] | None) -> tuple[int, int | None]:
    if starts is None:
        return (0, None) if target == first else (target, target)
    begun = [start for start in starts if start <= target]
    if not begun:
        return 0, None
    following = [start for start in starts if start > target]
    return begun[-1], following[0] - 1 if following else None


def _malformed(comment: str, position: Position) -> Diagnostic:
    reason = "has no reason" if re.match(r"# ?orgctl:\s+allow\s+L[0-9]{3}", comment) else "is not understood"
    return Diagnostic(MALFORMED, f"the comment `{comment.rstrip()}` {reason}", position, _WAY_OUT)


def _unknown(suppression: Suppression) -> Diagnostic:
    hint = "the reference of diagnostics lists the codes"
    return Diagnostic(UNKNOWN_CODE, f"there is no check `{suppression.code}` to allow", suppression.position, hint)


def _unused(suppression: Suppression) -> Diagnostic:
    message = f"`{suppression.code}` is allowed here, but there is nothing to allow"
    hint = "take the suppression out: it would hide what comes later"
    return Diagnostic(UNUSED, message, suppression.position, hint, Severity.WARNING)
