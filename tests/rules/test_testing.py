"""Rules under test: each in its own process, whatever it does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from orgctl.rules.catalog import load_rules
from orgctl.rules.process import Processes
from orgctl.rules.result import CaseResult, Outcome, Part
from orgctl.rules.testing import run_tests, run_tests_of
from orgctl.views.rule_tests import report_junit
from tests.rules.folders import CODE, TESTS, guard_files, lambda_files, lay, parameters

NON_COMPLIANT = 'return [Evaluation(ComplianceType.NON_COMPLIANT, annotation="it has no layers")]'
CALL = 'client_factory.build_client("lambda").get_function_code_signing_config(FunctionName="orders")'


def run_rule(directory: Path, *, seconds: float = 60, **files: str) -> dict[str, CaseResult]:
    """The cases of a rule, by name, with some of its files replaced (`LAYERS__py`)."""
    lay(directory, "LAYERS", {**lambda_files(), **{name.replace("__", "."): text for name, text in files.items()}})
    (rule,), problems = load_rules(directory)
    assert problems == ()
    with Processes(timeout=seconds) as processes:
        result = run_tests_of(rule, {}, processes)
    return {case.name: case for case in result.cases}


def code(statement: str) -> str:
    """The rule, with its last statement replaced."""
    return CODE.format(name="LAYERS").replace(NON_COMPLIANT, statement)


def test_a_rule_that_works_passes(tmp_path: Path) -> None:
    """Its own tests, its fixture through the handler, and the same resource once it is deleted."""
    cases = run_rule(tmp_path)
    assert {name: (case.part, case.outcome, case.detail) for name, case in cases.items()} == {
        "Layers.test_a_function_without_layers": (Part.UNIT, Outcome.PASSED, ""),
        "fixtures/bare.json": (Part.HANDLER, Outcome.PASSED, "NON_COMPLIANT: it has no layers"),
        "the first fixture, deleted": (Part.HANDLER, Outcome.PASSED, "NOT_APPLICABLE"),
    }


UNIT = {
    "failure": ("def test_it(self): self.assertEqual(1, 2)", Outcome.FAILED, "AssertionError: 1 != 2"),
    "error": ("def test_it(self): int('x')", Outcome.FAILED, "ValueError"),
    "skip": ("def test_it(self): self.skipTest('not today')", Outcome.SKIPPED, "not today"),
    "expected": ("@unittest.expectedFailure\n    def test_it(self): self.fail('as known')", Outcome.PASSED, ""),
    "unexpected": ("@unittest.expectedFailure\n    def test_it(self): pass", Outcome.FAILED, "expected to fail"),
    "subtest": (
        "def test_it(self):\n        for n in (1, 2):\n            with self.subTest(n=n): self.assertEqual(1, n)",
        Outcome.FAILED,
        "(n=2)",
    ),
}


@pytest.mark.parametrize("name", UNIT)
def test_each_end_of_a_unit_test_is_told(tmp_path: Path, name: str) -> None:
    """Failed, raised, skipped, expected to fail, or failed in a part: with the reason."""
    body, outcome, detail = UNIT[name]
    case = run_rule(tmp_path, LAYERS_test__py=f"import unittest\n\nclass Tests(unittest.TestCase):\n    {body}\n")
    assert case["Tests.test_it"].outcome is outcome
    assert detail in case["Tests.test_it"].detail


SET_UP = """import unittest

class Tests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        1 / 0

    def test_it(self):
        pass
"""

MODULES = {
    "import": ("import nowhere\n", "No module named 'nowhere'"),
    "nothing": ("x = 1\n", "no unittest case"),
    "exit": ("import os\nos._exit(7)\n", "it ended with status 7"),
    "signal": ("import os\nos.kill(os.getpid(), 11)\n", "it ended with signal 11"),
    "setup": (SET_UP, "ZeroDivisionError"),
}


@pytest.mark.parametrize("name", MODULES)
def test_tests_that_cannot_run_fail(tmp_path: Path, name: str) -> None:
    """Whatever the module does to its process, orgctl goes on and says so."""
    text, detail = MODULES[name]
    failed = [case for case in run_rule(tmp_path, LAYERS_test__py=text).values() if case.outcome is Outcome.FAILED]
    assert [detail in case.detail for case in failed] == [True]


def test_tests_that_do_not_end_are_ended(tmp_path: Path) -> None:
    """After the time that a rule has, its process is ended."""
    cases = run_rule(tmp_path, seconds=1.0, LAYERS_test__py="while True: pass\n")
    assert "it took longer than 1 s" in cases["LAYERS_test"].detail


HANDLERS = {
    "raises": ("raise RuntimeError('cannot tell')", Outcome.FAILED, "it raised RuntimeError: cannot tell"),
    "annotation": (
        "e = Evaluation(ComplianceType.COMPLIANT); e.annotation = 'x' * 257; return [e]",
        Outcome.FAILED,
        "the annotation has more than 256 characters",
    ),
    "unlisted permission": (
        f"{CALL}; return []",
        Outcome.FAILED,
        "it needs `lambda:GetFunctionCodeSigningConfig`, which `permissions` in rule.yaml lacks",
    ),
    "not a list": ("return None", Outcome.FAILED, "not a list"),
}


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_that_would_fail_in_lambda_fails_here(tmp_path: Path, name: str) -> None:
    """What it raises, puts and calls is held against what AWS Config and IAM would take."""
    statement, outcome, detail = HANDLERS[name]
    case = run_rule(tmp_path, LAYERS__py=code(statement), LAYERS_test__py=PASSING)["fixtures/bare.json"]
    assert (case.outcome, detail in case.detail) == (outcome, True)


PASSING = "import unittest\n\n\nclass Tests(unittest.TestCase):\n    def test_nothing_breaks(self):\n        pass\n"
PERMITTED = "summary: s\npermissions: [lambda:GetFunctionCodeSigningConfig]\n"


def test_a_call_that_only_aws_answers_ends_the_run_without_failing_it(tmp_path: Path) -> None:
    """The permission is listed, and the rule lets what it cannot decide be seen: as much as can be told here."""
    files = {"LAYERS.py": code(f"return [{CALL}]"), "rule.yaml": PERMITTED, "LAYERS_test.py": PASSING}
    case = run_rule(tmp_path, **{name.replace(".", "__"): text for name, text in files.items()})["fixtures/bare.json"]
    assert case.outcome is Outcome.SKIPPED
    assert case.detail == "stopped at lambda:GetFunctionCodeSigningConfig, which only AWS answers"


def test_a_rule_that_decides_without_an_answer_fails(tmp_path: Path) -> None:
    """Swallowing what a call raises would make a denied access a compliance."""
    statement = f"try:\n            {CALL}\n        except Exception:\n            pass\n        {NON_COMPLIANT}"
    files = {"LAYERS.py": code(statement), "rule.yaml": PERMITTED, "LAYERS_test.py": PASSING}
    case = run_rule(tmp_path, **{name.replace(".", "__"): text for name, text in files.items()})["fixtures/bare.json"]
    assert (case.outcome, "raise instead" in case.detail) == (Outcome.FAILED, True)


def test_a_handler_waits_for_parameters_that_nobody_gave(tmp_path: Path) -> None:
    """A required parameter without a value anywhere: the handler is not run, and it is said why."""
    text = parameters("LAYERS", InputParameters='{"Approved": ""}')
    case = run_rule(tmp_path, parameters__json=text)["fixtures/bare.json"]
    assert (case.outcome, "`Approved`" in case.detail) == (Outcome.SKIPPED, True)


def test_rules_see_nothing_of_orgctl_and_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run without the user's profile and keys, and cannot import orgctl by accident of the working directory."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    text = (
        "import os, unittest\n\nclass Tests(unittest.TestCase):\n    def test_it(self):\n"
        "        found = os.environ.get('AWS_PROFILE'), os.environ['AWS_ACCESS_KEY_ID']\n"
        "        self.assertEqual((None, 'offline'), found)\n"
    )
    assert run_rule(tmp_path, LAYERS_test__py=text)["Tests.test_it"].outcome is Outcome.PASSED


def test_guard_cases_are_held_against_the_policy(tmp_path: Path) -> None:
    """Expectations that hold pass; one that does not is told with its line, what came instead, and Guard's message."""
    cases = """- {name: a, input: {resourceType: AWS::S3::Bucket}, expectations: {rules: {layers: SKIP}}}
- name: b
  input: {resourceType: AWS::Lambda::Function, configuration: {layers: []}}
  expectations: {rules: {layers: PASS, other: PASS}}
"""
    lay(tmp_path, "GUARDED", {**guard_files(), "GUARDED_tests.yaml": cases})
    (rule,), _ = load_rules(tmp_path)
    report = run_tests([rule], {})
    assert [(case.name, case.outcome) for case in report.cases] == [("a", Outcome.PASSED), ("b", Outcome.FAILED)]
    assert report.failed[0].detail.splitlines() == [
        "config_rules/GUARDED/GUARDED_tests.yaml:2:3: `layers` is expected to PASS, and is FAIL",
        "config_rules/GUARDED/GUARDED_tests.yaml:2:3: `other` is expected to PASS, and the policy has no such rule",
        "it has no layers",
    ]


def test_junit_counts_every_case(tmp_path: Path) -> None:
    """A suite for each rule, with its numbers and the reasons."""
    lay(tmp_path, "LAYERS", {**lambda_files(), "LAYERS_test.py": TESTS.format(name="LAYERS").replace("NON_", "")})
    lay(tmp_path, "GUARDED", guard_files())
    root = ET.fromstring(report_junit(run_tests(load_rules(tmp_path)[0], {})))  # noqa: S314  # our own
    assert {suite.get("name"): (suite.get("tests"), suite.get("failures")) for suite in root} == {
        "GUARDED": ("1", "0"),
        "LAYERS": ("3", "1"),
    }
    assert "'COMPLIANT' != 'NON_COMPLIANT'" in str(root.find(".//failure").get("message"))  # type: ignore[union-attr]


SLEEPING = """import os, pathlib, time
pathlib.Path(os.environ["HOME"], "pid").write_text(str(os.getpid()))
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, and even the death of orgctl, end the processes that rules run in."""
    lay(tmp_path, "LAYERS", {**lambda_files(), "LAYERS_test.py": SLEEPING})
    command = [sys.executable, "-m", "orgctl", "-C", str(tmp_path), "rules", "test"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        child = _written(tmp_path / "pid", run)
        run.send_signal(number)
        run.communicate(timeout=30)
    assert run.returncode == (1 if number == signal.SIGINT else -number)
    assert _ended(child)


def _written(path: Path, run: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and run.poll() is None:
        if path.exists() and path.read_text():
            return int(path.read_text())
    raise AssertionError("the rule's tests did not begin")


def _ended(process: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{process}/stat").exists() and Path(f"/proc/{process}/stat").read_text().split()[2] == "Z":
            return True
    return False


def test_the_command_says_it_as_json(tmp_path: Path) -> None:
    """The JSON has the same counts as the text; the exit status is 1 where something failed."""
    lay(tmp_path, "LAYERS", {**lambda_files(), "LAYERS_test.py": MODULES["nothing"][0]})
    command = [sys.executable, "-m", "orgctl", "-C", str(tmp_path), "rules", "test", "--format", "json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, json.loads(ended.stdout)["counts"]) == (1, {"passed": 2, "failed": 1, "skipped": 0})
