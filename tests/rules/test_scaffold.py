"""New rules: whatever is asked for works as it is laid down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orgctl.errors import InvalidInputError
from orgctl.rules.building import build
from orgctl.rules.catalog import load_rules
from orgctl.rules.result import Outcome
from orgctl.rules.scaffold.wanted import asked
from orgctl.rules.scaffold.writing import frame, write_rule
from orgctl.rules.testing import run_tests

KINDS = {
    "CHANGED": ("AWS::Lambda::Function,AWS::S3::Bucket", None, "Approved:required,Mode=any,from=x", False),
    "ASKED": ("", "One_Hour", "", False),
    "BOTH": ("AWS::IAM::Role", "TwentyFour_Hours", "Quoted=a'b", False),
    "POLICY": ("AWS::Lambda::Function", None, "", True),
}


def new(directory: Path, name: str) -> tuple[Path, ...]:
    types, periodic, parameters, guard = KINDS[name]
    return write_rule(directory, asked(name, types, periodic, parameters, guard=guard))


@pytest.mark.parametrize("name", KINDS)
def test_a_new_rule_is_in_order_and_passes_its_tests(tmp_path: Path, name: str) -> None:
    """No problem in its folder, no failed case, and it can be built."""
    new(tmp_path, name)
    (rule,), problems = load_rules(tmp_path)
    report = run_tests([rule], {name: {each.name: each.default or "something" for each in rule.parameters}})
    assert problems == ()
    assert {case.outcome for case in report.cases} == {Outcome.PASSED}
    assert rule.guard or len(build(rule)) > 0


@pytest.mark.parametrize("name", [name for name in KINDS if name != "POLICY"])
def test_a_new_rule_passes_under_plain_unittest(tmp_path: Path, name: str) -> None:
    """As RDK runs it: discovered in its folder, from any working directory."""
    new(tmp_path, name)
    folder = tmp_path / "config_rules" / name
    command = [sys.executable, "-m", "unittest", "discover", "-s", str(folder), "-p", f"{name}_test.py"]
    ended = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60)
    assert (ended.returncode, "Ran 0" in ended.stderr) == (0, False), ended.stderr


def test_the_shared_package_is_laid_down_once(tmp_path: Path) -> None:
    """With the first rule, as this repository has it; with the second it is left alone."""
    new(tmp_path, "CHANGED")
    entry = tmp_path / "config_rules/organization_rule/entry.py"
    assert entry.read_text() == (frame() / "entry.py").read_text()
    entry.write_text("# mine\n")
    new(tmp_path, "ASKED")
    assert entry.read_text() == "# mine\n"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A folder of that name stays as it is, even an empty one."""
    (tmp_path / "config_rules/BOTH").mkdir(parents=True)
    with pytest.raises(InvalidInputError, match="already"):
        new(tmp_path, "BOTH")
    assert list((tmp_path / "config_rules").rglob("*")) == [tmp_path / "config_rules/BOTH"]


REFUSED = {
    "a name with a dash": (("A-B", "AWS::S3::Bucket", None, ""), "cannot be the name"),
    "a word of Python's": (("class", "AWS::S3::Bucket", None, ""), "cannot be the name"),
    "the shared package": (("organization_rule", "AWS::S3::Bucket", None, ""), "cannot be the name"),
    "too long a name": (("A" * 53, "AWS::S3::Bucket", None, ""), "cannot be the name"),
    "no trigger": (("A", "", None, ""), "nothing would trigger"),
    "an unknown type": (("A", "AWS::Lambda::Funtion", None, ""), "no resource type `AWS::Lambda::Funtion`"),
    "a parameter twice": (("A", "", "One_Hour", "a,a=1"), "twice"),
    "a parameter with both": (("A", "", "One_Hour", "a:required=1"), "no parameter"),
    "a parameter with spaces": (("A", "", "One_Hour", "a b"), "no parameter"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(case: str) -> None:
    """Names, types, triggers and parameters are checked before anything is written."""
    given, message = REFUSED[case]
    with pytest.raises(InvalidInputError, match=message):
        asked(*given, guard=False)


def test_a_guard_policy_takes_no_clock_and_no_parameters() -> None:
    """AWS Config gives it neither."""
    for periodic, parameters in (("One_Hour", ""), (None, "a")):
        with pytest.raises(InvalidInputError, match="Guard"):
            asked("A", "AWS::S3::Bucket", periodic, parameters, guard=True)
