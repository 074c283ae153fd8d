"""Every problem that a pack can have, as the user sees it: one text file for each code in `problems/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.api.packs import lint_packs, packs_of
from orgctl.diagnostics import in_order
from orgctl.manifest import load
from orgctl.packs import codes
from orgctl.packs.building import build_packs
from tests.packs.repository import TODAY, lay_down

CASES = sorted((Path(__file__).parent / "problems").glob("*.txt"))


def read_case(path: Path) -> tuple[dict[str, str], str]:
    """The files of a case, and the problems that are to be found in them."""
    _, *sections = path.read_text(encoding="utf-8").split("\n=== ")
    files = dict(section.split("\n", 1) for section in sections)
    expected = files.pop("problems")
    return {name: f"{text}\n" for name, text in files.items()}, expected


def found_in(files: dict[str, str], directory: Path, *, linted: bool = False) -> str:
    """The problems of the packs in a repository with these files, as text; with those of cfn-lint if `linted`."""
    loaded = load(lay_down(directory, files))
    packs, problems = packs_of(loaded, TODAY)
    if linted:
        problems = in_order([*problems, *lint_packs(packs, build_packs(packs))])
    return "".join(f"{str(problem).rstrip()}\n" for problem in problems if not problem.code.startswith("R"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_problems_are_reported_in_these_words_and_at_these_places(path: Path, tmp_path: Path) -> None:
    """A pack with a problem is answered with exactly the diagnostics of its case, and no others."""
    files, expected = read_case(path)
    assert expected == found_in(files, tmp_path, linted=path.stem == codes.LINTED)


def test_every_code_has_a_case_that_reports_it() -> None:
    """The table of codes and the table of cases agree; a case is named by the code that it is about."""
    reported = {path.stem for path in CASES if f"[{path.stem}]" in path.read_text(encoding="utf-8")}
    assert sorted(codes.TITLES) == sorted(reported)
