"""The tree in Graphviz's language: the accounts of an OU share a node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orgctl.model.outline import Outline
from orgctl.views.graph_words import account_name, hidden, worn
from orgctl.views.wording import printable

_HEAD = (
    "digraph organization {",
    "  graph [rankdir=LR, ranksep=0.6, nodesep=0.2]",
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11]',
    '  node [color="#5b7bd5", fillcolor="#dbe7ff", fontcolor="#10214b"]',
    '  edge [color="#8c959f", arrowsize=0.6]',
)
_ACCOUNTS = 'color="#afb8c1", fillcolor="#f6f8fa", fontcolor="#1f2328"'


def graph_dot(outline: Outline) -> str:
    """The text of a `.dot` file."""
    return "\n".join([*_HEAD, *_nodes(outline), "}"]) + "\n"


def _nodes(outline: Outline) -> Iterator[str]:
    numbers = {id(unit): number for number, unit in enumerate(outline.each())}
    for unit in outline.each():
        number = numbers[id(unit)]
        yield f"  n{number} [label={_label([printable(unit.name), *worn(unit)])}]"
        named = (", ".join((account_name(account), *worn(account))) for account in unit.accounts)
        lines = [*named, *hidden(unit)]
        if lines:
            yield f"  a{number} [label={_label(lines)}, {_ACCOUNTS}]"
            yield f"  n{number} -> a{number} [arrowhead=none]"
        yield from (f"  n{number} -> n{numbers[id(child)]}" for child in unit.units)


def _label(lines: Iterable[str]) -> str:
    """A quoted string, each line ending in a left-aligned break. Backslashes and entities would mean something."""
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "".join(f"{line}\\l" for line in escaped) + '"'
