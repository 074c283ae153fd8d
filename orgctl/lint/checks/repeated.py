"""Values that another value of the same list covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from orgctl.lint.check import Check, Finding
from orgctl.lint.globs import arn_includes, includes
from orgctl.lint.subject import Subject, texts


def repeated(subject: Subject) -> Iterator[Finding]:
    """No action and no resource is covered by another one beside it."""
    for statement in subject.document.statements:
        lists = (("Action", texts(statement.actions), _action), ("Resource", texts(statement.resources), arn_includes))
        for name, values, covers in lists:
            for text, cover in _covered(values, covers):
                message = f"`{text}` is in `{cover}` already" if text != cover else f"`{text}` stands here twice"
                yield Finding(subject.at_element(statement, name, text), message, "take it out: every character counts")


def _action(wide: str, narrow: str) -> bool:
    return includes(wide.lower(), narrow.lower())


def _covered(values: Sequence[str], covers: Callable[[str, str], bool]) -> Iterator[tuple[str, str]]:
    """Each value that another one covers, with that one; of two that cover each other, the second."""
    for index, text in enumerate(values):
        for other, wide in enumerate(values):
            if other != index and covers(wide, text) and (other < index or not covers(text, wide)):
                yield text, wide
                break


REPEATED = Check("L405", "A value that another one beside it covers", repeated)
