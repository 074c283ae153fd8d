"""Cases that are text files: a sentence, the files of a manifest, and the problems that are to be found in them.

    an e-mail address twice
    === organization.yaml
    version: 1
    ...
    === problems
    organization.yaml:9:12: error[M101]: ...

A file's name may be followed by an encoding in brackets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orgctl.manifest import problems

MARK = "=== "
PROBLEMS = "problems"


@dataclass(frozen=True)
class Case:
    sentence: str
    files: Mapping[str, str]
    expected: str


def read_case(path: Path) -> Case:
    sentence, *sections = path.read_text(encoding="utf-8").split("\n" + MARK)
    files = dict(section.split("\n", 1) for section in sections)
    expected = files.pop(PROBLEMS)
    return Case(sentence, {name: f"{text}\n" for name, text in files.items()}, expected)


def found_in(files: Mapping[str, str], directory: Path) -> str:
    """Lay the files down in a directory of its own below `directory`, and return the problems as text."""
    root = directory / "organization"
    root.mkdir()
    for label, text in files.items():
        name, _, encoding = label.removesuffix(")").partition(" (")
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding or "utf-8"))
    lines = "\n".join(str(problem).rstrip("\n") for problem in problems(root))
    return lines.replace(str(root), "DIRECTORY") + "\n"
