"""Every problem that a rule's folder can have, as the user sees it: one text file for each code in `problems/`.

A case names the folder that a working rule is laid down in, and the files that are replaced, or (`-`) taken away.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orgctl.rules import codes
from orgctl.rules.catalog import load_rules
from tests.rules.folders import guard_files, lambda_files, lay

CASES = sorted((Path(__file__).parent / "problems").glob("*.txt"))


def found_in(path: Path, directory: Path) -> tuple[str, str]:
    """The problems of a case's rule, and those that are to be found."""
    title, *sections = path.read_text(encoding="utf-8").split("\n=== ")
    files = dict(section.split("\n", 1) for section in sections)
    expected = files.pop("problems")
    folder = title.rpartition(" in ")[2]
    laid: dict[str, str | None] = {**(guard_files(folder) if folder.startswith("GUARD") else lambda_files(folder))}
    lay(directory, folder, {**laid, **{name: None if text == "-" else f"{text}\n" for name, text in files.items()}})
    return "".join(f"{str(problem).rstrip()}\n" for problem in load_rules(directory)[1]), expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_problems_are_reported_in_these_words(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a problem is answered with exactly the diagnostics of its case, and no others."""
    if path.stem == codes.GUARD_UNCHECKED:
        monkeypatch.setitem(sys.modules, "guardpycfn", None)  # as where the extra is not installed
    found, expected = found_in(path, tmp_path)
    assert expected == found


def test_every_code_has_a_case_that_reports_it() -> None:
    """The table of codes and the table of cases agree; a case is named by the code that it is about."""
    reported = {path.stem for path in CASES if f"[{path.stem}]" in path.read_text(encoding="utf-8")}
    assert sorted(codes.TITLES) == sorted(reported)
