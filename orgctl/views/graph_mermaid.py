"""The tree as a Mermaid flowchart, which GitHub and GitLab draw in Markdown: the accounts of an OU share a node."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.model.outline import Outline
from orgctl.views.graph_words import account_name, hidden, worn
from orgctl.views.wording import printable

_STYLES = (
    "  classDef ou fill:#dbe7ff,stroke:#5b7bd5,color:#10214b",
    "  classDef accounts fill:#f6f8fa,stroke:#afb8c1,color:#1f2328,text-align:left",
)


def graph_mermaid(outline: Outline) -> str:
    """The text of a `mermaid` block."""
    return "\n".join(["flowchart LR", *_nodes(outline), *_STYLES]) + "\n"


def _nodes(outline: Outline) -> Iterator[str]:
    numbers = {id(unit): number for number, unit in enumerate(outline.each())}
    for unit in outline.each():
        number = numbers[id(unit)]
        yield f'  n{number}["{_label(unit)}"]:::ou'
        lines = [*map(_account_line, ((account_name(a), worn(a)) for a in unit.accounts)), *map(_text, hidden(unit))]
        if lines:
            yield f'  n{number} --- a{number}["{"<br/>".join(lines)}"]:::accounts'
        yield from (f"  n{number} --> n{numbers[id(child)]}" for child in unit.units)


def _label(unit: Outline) -> str:
    policies = (f"<i>{_text(policy)}</i>" for policy in worn(unit))
    return "<br/>".join([f"<b>{_text(printable(unit.name))}</b>", *policies])


def _account_line(named: tuple[str, tuple[str, ...]]) -> str:
    name, policies = named
    return _text(name) + "".join(f" <i>{_text(policy)}</i>" for policy in policies)


def _text(text: str) -> str:
    """Text in which nothing means anything to Mermaid or HTML: all but letters, digits and the harmless is a code."""
    return "".join(c if c.isalnum() or c in " -_./,+@()…" else f"#{ord(c)};" for c in text)
