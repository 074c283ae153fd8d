"""What a directory's rules are, and what was built of them: values for views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orgctl.diagnostics import Diagnostic
from orgctl.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Listed:
    """The rules of a directory. `packs` says which packs use each; `problems` are of folders left out, too."""

    rules: tuple[Rule, ...]
    packs: Mapping[str, tuple[str, ...]]
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """A rule's zip, as it was written."""

    rule: Rule
    path: Path
    size: int
    sha256: str
