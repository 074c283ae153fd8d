"""Tables and code, so that nothing in a cell ends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a table, with a blank one after it."""
    head = tuple(head)
    yield _row(head)
    yield _row("---" for _ in head)
    yield from (_row(row) for row in rows)
    yield ""


def code(text: str) -> str:
    """Inline code."""
    return f"`{text}`"


def block(language: str, text: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("\n", " ").replace("|", "\\|") for cell in cells) + " |"
