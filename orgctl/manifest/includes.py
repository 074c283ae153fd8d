"""Which files an `include` means, and what speaks against one.

Patterns are relative to the including file, and stay within the manifest's directory: an organization's files are one
tree that can be reviewed, copied and tested as a whole.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from orgctl.diagnostics import Diagnostic, Position
from orgctl.manifest import codes
from orgctl.manifest.loaded import MANIFEST

_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(slots=True)
class Includes:
    """Resolves patterns below `directory`, and remembers what was included from where."""

    directory: Path
    problems: list[Diagnostic] = field(default_factory=list)
    _seen: dict[str, Position] = field(default_factory=dict)
    _open: list[str] = field(default_factory=lambda: [MANIFEST])

    def files(self, pattern: str, including: str, position: Position) -> list[str]:
        """The names (relative to the directory) of the files that `pattern` in the file `including` newly brings."""
        found = self._matches(pattern, including, position)
        return [name for name in found if self._is_new(name, position)]

    def enter(self, name: str) -> None:
        """From here to `leave`, including `name` is a cycle."""
        self._open.append(name)

    def leave(self) -> None:
        """The file that was entered last is done."""
        self._open.pop()

    def _problem(self, code: str, message: str, position: Position, hint: str | None = None) -> None:
        self.problems.append(Diagnostic(code, message, position, hint))

    def _matches(self, pattern: str, including: str, position: Position) -> list[str]:
        base = self.directory / PurePosixPath(including).parent
        if PurePosixPath(pattern).is_absolute() or "\0" in pattern:
            self._outside(pattern, position)
            return []
        # not Path.glob, which refuses `..` and patterns that name one file through a link
        names = glob.glob(pattern, root_dir=base, recursive=True)  # noqa: PTH207
        paths = [base / name for name in sorted(names)]
        files = [path.resolve() for path in paths if path.is_file()]
        if not files:
            hint = "paths are relative to the file that includes; a folder is included as `folder/*.yaml`"
            self._problem(codes.INCLUDE_MISSING, f"`{pattern}` matches no file", position, hint)
        inside = [path for path in files if path.is_relative_to(self.directory)]
        if len(inside) < len(files):
            self._outside(pattern, position)
        return [path.relative_to(self.directory).as_posix() for path in inside]

    def _outside(self, pattern: str, position: Position) -> None:
        hint = "copy the file into the directory; one organization is one directory"
        self._problem(codes.INCLUDE_OUTSIDE, f"`{pattern}` leads out of the manifest's directory", position, hint)

    def _is_new(self, name: str, position: Position) -> bool:
        if name in self._open:
            chain = " → ".join(f"`{file}`" for file in [*self._open[self._open.index(name) :], name])
            self._problem(codes.INCLUDE_CYCLE, f"`{name}` includes itself: {chain}", position)
            return False
        if not name.endswith(_SUFFIXES):
            hint = "narrow the pattern to `*.yaml`"
            self._problem(codes.INCLUDE_NOT_YAML, f"`{name}` is not a YAML or JSON file", position, hint)
            return False
        if name in self._seen:
            first = self._seen[name]
            hint = f"it is first included at {first}; an account or OU has one place"
            self._problem(codes.INCLUDED_TWICE, f"`{name}` is included a second time", position, hint)
            return False
        self._seen[name] = position
        return True
