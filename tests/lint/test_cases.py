"""Every check, as the user meets it: one text file for each code in `cases/`, with what is wrong and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.api.validating import validate
from orgctl.lint.checks import CHECKS, MANIFEST_CHECKS, TITLES

MARK = "\n=== "
CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def lay_down(case: str, directory: Path) -> tuple[Path, str]:
    """Write a case's files below `directory`; returns where, and the problems that are expected."""
    _sentence, *sections = case.split(MARK)
    files = dict(section.split("\n", 1) for section in sections)
    expected = files.pop("problems")
    root = directory / "repository"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")
    return root, expected


def found_in(root: Path) -> str:
    """The problems of a repository with a manifest, or of the policy files alone."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    found = validate(root) if (root / "organization.yaml").exists() else validate(root, files)
    return "\n".join(str(problem).rstrip("\n") for problem in found) + "\n"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_answered_with_these_problems_and_no_others(path: Path, tmp_path: Path) -> None:
    """What is wrong is reported in these words at these places, and what is right beside it is not."""
    root, expected = lay_down(path.read_text(encoding="utf-8"), tmp_path)
    assert expected == found_in(root)


def test_every_code_has_a_case_that_reports_it() -> None:
    """The registry and the table of cases agree; a case is named by the code that it is about."""
    reported = {path.stem for path in CASES if f"[{path.stem}]" in path.read_text(encoding="utf-8")}
    assert sorted(TITLES) == sorted(reported)


def test_codes_are_used_once() -> None:
    """No two checks have one code, and the registry is in the order of codes."""
    codes = [check.code for check in CHECKS]
    assert codes == sorted({*codes, *(check.code for check in MANIFEST_CHECKS)} - {c.code for c in MANIFEST_CHECKS})
