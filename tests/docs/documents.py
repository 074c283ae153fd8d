"""The project's documents, and what in them can be run.

```console     `$ command` lines, each with the output below it; `> ` goes on with a command
```diff        beginning with `--- file`: an edit of that file, to be made before going on
```yaml        beginning with `# path.yaml`: that file, to be written before going on
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>```+)(?P<language>\w*)[^\n]*\n(?P<body>.*?)^(?P=indent)(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_NAMED = re.compile(r"# (?P<name>[\w./-]+\.yaml)\n")


@dataclass(frozen=True)
class Command:
    """A line to type, the output that the document shows, and where."""

    text: str
    output: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Edit:
    """A file in which `old` becomes `new`; without `old`, the whole file is `new`."""

    file: str
    old: str
    new: str
    line: int


Step = Command | Edit


def documents() -> list[Path]:
    """Every document, generated ones too."""
    return sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("benchmarks/*.md")])


def steps(text: str) -> list[Step]:
    """What a reader does who follows the document from its beginning to its end."""
    return [step for block in _FENCE.finditer(text) for step in _steps(text, block)]


def _steps(text: str, block: re.Match[str]) -> Iterator[Step]:
    indent = len(block["indent"])
    body = [line[indent:] for line in block["body"].splitlines()]
    line = text.count("\n", 0, block.start("body")) + 1
    named = _NAMED.match("\n".join(body) + "\n")
    match block["language"]:
        case "console":
            yield from _commands(body, line)
        case "diff" if body and body[0].startswith("--- "):
            yield _edit(body, line)
        case "yaml" if named:
            yield Edit(named["name"], "", "\n".join(body) + "\n", line)


def _commands(body: list[str], first: int) -> Iterator[Command]:
    starts = [index for index, line in enumerate(body) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        typed = [body[start].removeprefix("$ ")]
        for line in body[start + 1 : end]:
            if not line.startswith("> "):
                break
            typed.append(line.removeprefix("> "))
        yield Command("\n".join(typed), tuple(body[start + len(typed) : end]), first + start)


def _edit(body: list[str], line: int) -> Edit:
    old = "".join(f"{text[1:]}\n" for text in body[2:] if text[:1] in " -")
    new = "".join(f"{text[1:]}\n" for text in body[2:] if text[:1] in " +")
    return Edit(body[0].removeprefix("--- "), old, new, line)
