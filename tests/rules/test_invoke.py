"""`orgctl rules invoke`: one rule, one configuration item, and every way in which that goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.folders import CODE, FUNCTION, guard_files, lambda_files, lay
from tests.rules.test_testing import CALL, code

LAYERED = {**FUNCTION, "configuration": {"layers": [{"arn": "arn:aws:lambda:eu-west-1:1:layer:x:1"}]}}
EVENT = {"messageType": "ConfigurationItemChangeNotification", "configurationItem": FUNCTION}


def invoke(directory: Path, rule: str, value: object, *arguments: str) -> tuple[int, str]:
    """The exit status, and what is said on both streams."""
    file = directory / "event.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value))
    command = [sys.executable, "-m", "orgctl", "-C", str(directory), "rules", "invoke", rule, "--event", str(file)]
    clean = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    nobody = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    environment = {**clean, **nobody, "AWS_EC2_METADATA_DISABLED": "true"}
    ended = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, timeout=120)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    lay(tmp_path, "LAYERS", lambda_files())
    lay(tmp_path, "GUARDED", guard_files())
    return tmp_path


ANSWERED = {
    "a bare item": ("LAYERS", FUNCTION, "NON_COMPLIANT  AWS::Lambda::Function orders: it has no layers\n"),
    "a compliant one": ("LAYERS", LAYERED, "COMPLIANT  AWS::Lambda::Function orders\n"),
    "an invoking event": ("LAYERS", EVENT, "NON_COMPLIANT  AWS::Lambda::Function orders: it has no layers\n"),
    "a whole event": (
        "LAYERS",
        {"invokingEvent": json.dumps(EVENT), "ruleParameters": "{}", "resultToken": "real"},
        "NON_COMPLIANT  AWS::Lambda::Function orders: it has no layers\n",
    ),
    "out of scope": (
        "LAYERS",
        {"invokingEvent": json.dumps(EVENT), "eventLeftScope": True, "resultToken": "real"},
        "NOT_APPLICABLE  AWS::Lambda::Function orders\n",
    ),
    "a Guard policy": ("GUARDED", FUNCTION, "NON_COMPLIANT  AWS::Lambda::Function orders: it has no layers\n"),
}


@pytest.mark.parametrize("case", ANSWERED)
def test_a_configuration_item_is_judged(directory: Path, case: str) -> None:
    """In each form in which AWS Config has it; the compliance is no failure of the command."""
    rule, value, expected = ANSWERED[case]
    assert invoke(directory, rule, value) == (0, expected)


REFUSED: dict[str, tuple[object, tuple[str, ...], str]] = {
    "half a file": ('{"resourceType": ', (), "this is not valid JSON"),
    "an empty file": ("", (), "is empty"),
    "a list": ([FUNCTION], (), "but a list"),
    "an item without a type": ({"resourceId": "x"}, (), "lacks `resourceType`, `configurationItemStatus`"),
    "another type": ({**FUNCTION, "resourceType": "AWS::S3::Bucket"}, (), "does not look at `AWS::S3::Bucket`"),
    "an unknown message": ({"messageType": "Hello"}, (), "the message type `Hello`"),
    "a clock": ({"messageType": "ScheduledNotification"}, (), "is not periodic"),
    "broken parameters": (
        {"invokingEvent": json.dumps(EVENT), "ruleParameters": "{"},
        (),
        "the text of `ruleParameters` is not JSON",
    ),
    "an unknown parameter": (FUNCTION, ("--parameter", "x=1"), "has no parameter `x`"),
    "no pair": (FUNCTION, ("--parameter", "x"), "`x` is not KEY=VALUE"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_judged_is_one_clear_message(directory: Path, case: str) -> None:
    """Exit 3, and no traceback, whatever the file holds."""
    value, arguments, message = REFUSED[case]
    status, said = invoke(directory, "LAYERS", value, *arguments)
    assert (status, message in said, "Traceback" in said) == (3, True, False), said


def test_a_rule_that_is_not_there_is_not_guessed(directory: Path) -> None:
    """The nearest name is offered."""
    assert invoke(directory, "LAYER", FUNCTION) == (
        3,
        "error: there is no rule `LAYER`\n\nhint: did you mean `LAYERS`?\n",
    )


def test_without_credentials_it_is_said_who_wanted_them(directory: Path) -> None:
    """A rule that calls AWS needs them; one that does not is judged without."""
    (directory / "config_rules/LAYERS/LAYERS.py").write_text(code(f"return [{CALL}]"))
    status, said = invoke(directory, "LAYERS", FUNCTION)
    assert (status, "`LAYERS` calls AWS, and there are no credentials" in said) == (1, True), said


def test_what_the_rule_raises_is_shown_with_its_last_lines(directory: Path) -> None:
    """The author of the rule sees where; the message comes first."""
    (directory / "config_rules/LAYERS/LAYERS.py").write_text(code("raise RuntimeError('cannot tell')"))
    status, said = invoke(directory, "LAYERS", FUNCTION)
    assert status == 1
    assert said.startswith("error: the rule `LAYERS` raised RuntimeError: cannot tell\n")


def test_a_rule_that_cannot_be_imported_is_said_to_be(directory: Path) -> None:
    """As when a module is not there."""
    text = "import importlib\nimportlib.import_module('nowhere')\n" + CODE.format(name="LAYERS")
    (directory / "config_rules/LAYERS/LAYERS.py").write_text(text)
    status, said = invoke(directory, "LAYERS", FUNCTION)
    assert (status, "cannot be imported: No module named 'nowhere'" in said) == (1, True), said


def test_without_rdklib_it_is_said_how_to_get_it(directory: Path) -> None:
    """The core does not need it: what runs or builds rules says which extra does."""
    program = "import sys; sys.modules['rdklib'] = None; from orgctl.__main__ import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", program, "-C", str(directory), "rules", "test"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    expected = "error: rules run on rdklib, which is not installed\n\nhint: install `orgctl[rules]`\n"
    assert (ended.returncode, ended.stderr) == (1, expected)
