"""Every problem that a file of tests can have, as the user sees it: one text file for each code in `problems/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.errors import InvalidInputError
from orgctl.manifest import load
from orgctl.policytest import codes
from orgctl.policytest.loading import find_files, load_suites
from orgctl.policytest.setting import Setting
from tests.policytest.repository import add_tag_policy, lay_down

CASES = sorted((Path(__file__).parent / "problems").glob("*.txt"))


def problems_of(case: str, directory: Path) -> tuple[str, str]:
    """The problems that a case expects, and those of its files in the small repository."""
    _sentence, *sections = case.split("\n=== ")
    files = dict(section.split("\n", 1) for section in sections)
    expected = files.pop("problems")
    lay_down(directory)
    add_tag_policy(directory)
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        load_suites(Setting(load(directory)), find_files(directory))
    return expected, "\n".join(str(problem).rstrip("\n") for problem in caught.value.diagnostics) + "\n"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_problems_are_reported_in_these_words_and_at_these_places(path: Path, tmp_path: Path) -> None:
    """Files of tests with a problem are answered with exactly the diagnostics of their case, and no others."""
    expected, found = problems_of(path.read_text(encoding="utf-8"), tmp_path)
    assert expected == found


def test_every_code_has_a_case_that_reports_it() -> None:
    """The table of codes and the table of cases agree; a case is named by the code that it is about."""
    reported = {path.stem for path in CASES if f"[{path.stem}]" in path.read_text(encoding="utf-8")}
    assert sorted(codes.TITLES) == sorted(reported)


def test_everything_wrong_in_a_test_has_a_way_out() -> None:
    """No problem of these codes is told without a hint."""
    lines = [line for path in CASES for line in path.read_text(encoding="utf-8").split("\n") if line]
    told = [(line, after) for line, after in zip(lines, [*lines[1:], ""], strict=True) if "error[T" in line]
    assert [line for line, after in told if not after.startswith("hint: ")] == []
