"""From paths to suites: which files are tests, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from orgctl.diagnostics import Diagnostic, in_order
from orgctl.errors import InvalidInputError
from orgctl.policytest.case import Suite
from orgctl.policytest.deciding import Deciders
from orgctl.policytest.reading import read_suite
from orgctl.policytest.setting import Setting
from orgctl.source import read_parsed

SUFFIXES = (".test.yaml", ".test.yml", ".test.json")
FOLDERS = ("policies", "tests/policies")
"""Where test files are looked for, below the manifest's directory."""


def find_files(directory: Path, paths: Iterable[Path] = ()) -> list[Path]:
    """The test files below the paths (a file is itself), else below the two folders of a manifest's directory.

    Raises InvalidInputError for a path that does not exist, or that is a file but not of tests.
    """
    chosen = list(paths)
    found: dict[Path, None] = {}
    for path in chosen or [directory / folder for folder in FOLDERS]:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(_below(path.resolve()))))
        elif chosen and not path.exists():
            raise InvalidInputError(f"there is no `{path}`", hint="name files or folders of policy tests")
        elif chosen and not path.name.endswith(SUFFIXES):
            raise InvalidInputError(f"`{path}` is no file of policy tests", hint="their names end in `.test.yaml`")
        elif chosen:
            found[path.resolve()] = None
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*.test.*"):
        if path.name.endswith(SUFFIXES) and path.is_file():
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if not hidden:
                yield path


def load_suites(setting: Setting, files: Iterable[Path]) -> tuple[Suite, ...]:
    """Read the files. Raises InvalidInputError with every problem of all of them."""
    suites: list[Suite] = []
    problems: list[Diagnostic] = []
    deciders = Deciders(setting.loaded)
    directory = setting.loaded.directory
    for path in files:
        name = path.relative_to(directory).as_posix() if path.is_relative_to(directory) else str(path)
        parsed = read_parsed(path, name=name)
        problems += parsed.problems
        if parsed.source:
            suite, found = read_suite(setting, deciders, parsed.source, _beside(name))
            suites.append(suite)
            problems += found
    if problems:
        what = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise InvalidInputError(f"the policy tests have {what}", diagnostics=in_order(problems))
    return tuple(suites)


def _beside(name: str) -> str | None:
    """The policy whose tests the file holds, by its name: `scp/x` from `policies/scp/x.test.yaml`."""
    match name.split("/"):
        case ["policies", folder, file]:
            return f"{folder}/{next(file.removesuffix(suffix) for suffix in SUFFIXES if file.endswith(suffix))}"
        case _:
            return None
