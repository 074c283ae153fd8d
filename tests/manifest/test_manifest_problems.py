"""Every problem that a manifest can have, as the user sees it: one text file for each code in `problems/`."""

from __future__ import annotations

from pathlib import Path

import pytest
from problem_cases import found_in, read_case

from orgctl.manifest import codes

CASES = sorted((Path(__file__).parent / "problems").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_problems_are_reported_in_these_words_and_at_these_places(path: Path, tmp_path: Path) -> None:
    """A manifest with a problem is answered with exactly the diagnostics of its case, and no others."""
    case = read_case(path)
    assert case.expected == found_in(case.files, tmp_path)


def test_every_code_has_a_case_that_reports_it() -> None:
    """The table of codes and the table of cases agree; a case is named by the code that it is about."""
    reported = {path.stem for path in CASES if f"[{path.stem}]" in path.read_text(encoding="utf-8")}
    assert sorted(codes.TITLES) == sorted(reported)
