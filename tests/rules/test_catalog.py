"""Rules' folders: what they say, and what is wrong with them, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.rules import codes
from orgctl.rules.catalog import load_rules
from orgctl.rules.rule import Kind, Parameter, Rule, Scope
from tests.rules.folders import CODE, GUARD, guard_files, lambda_files, lay, parameters


def problems(directory: Path, name: str, files: dict[str, str | None]) -> list[str]:
    """The problems of one rule: `file:line:column code`, without the folder."""
    lay(directory, name, files)
    rules, found = load_rules(directory)
    errors = [each for each in found if each.severity.value == "error"]
    assert (not errors) == bool(rules)
    return [f"{str(each.position).removeprefix(f'config_rules/{name}/')} {each.code}" for each in found]


def test_a_folder_says_what_its_rule_is(tmp_path: Path) -> None:
    """Triggers and parameters come from RDK's file, the rest from rule.yaml."""
    text = parameters(
        "LAYERS",
        InputParameters='{"Approved": ""}',
        OptionalParameters='{"Mode": "any"}',
        SourceEvents="AWS::Lambda::Function, AWS::S3::Bucket",
        SourcePeriodic="TwentyFour_Hours",
    )
    said = (
        "summary: functions have a layer\npermissions: [lambda:GetFunction]\nscope: global\norganization: true\n"
        "parameters: {Mode: any or all}\n"
    )
    folder = lay(tmp_path, "LAYERS", {**lambda_files(), "parameters.json": text, "rule.yaml": said})
    assert load_rules(tmp_path) == (
        (
            Rule(
                name="LAYERS",
                folder=folder,
                kind=Kind.LAMBDA,
                summary="functions have a layer",
                resource_types=("AWS::Lambda::Function", "AWS::S3::Bucket"),
                periodic="TwentyFour_Hours",
                required_parameters=(Parameter("Approved", ""),),
                optional_parameters=(Parameter("Mode", "any", "any or all"),),
                permissions=("lambda:GetFunction",),
                scope=Scope.GLOBAL,
                organization=True,
            ),
        ),
        (),
    )


def test_a_guard_policy_is_a_rule(tmp_path: Path) -> None:
    """Its text and its types are known; nothing runs it but AWS Config."""
    lay(tmp_path, "GUARDED", guard_files())
    (rule,), found = load_rules(tmp_path)
    assert (rule.kind, rule.guard, rule.resource_types, found) == (Kind.GUARD, GUARD, ("AWS::Lambda::Function",), ())


def test_other_folders_are_no_rules(tmp_path: Path) -> None:
    """The shared package, caches, hidden folders and files are passed over; so is that there is no folder at all."""
    assert load_rules(tmp_path) == ((), ())
    lay(tmp_path, "organization_rule", {"__init__.py": "", "entry.py": ""})
    lay(tmp_path, ".git", {"rule.yaml": ""})
    lay(tmp_path, "__pycache__", {"x.pyc": ""})
    (tmp_path / "config_rules/README.md").write_text("")
    assert load_rules(tmp_path) == ((), ())


def test_one_broken_rule_does_not_hide_the_others(tmp_path: Path) -> None:
    """The good ones are there, by name."""
    lay(tmp_path, "B", {**lambda_files("B"), "rule.yaml": None})
    for name in ("C", "A"):
        lay(tmp_path, name, lambda_files(name))
    rules, found = load_rules(tmp_path)
    assert ([rule.name for rule in rules], [each.code for each in found]) == (["A", "C"], [codes.NO_METADATA])


PARAMETERS: dict[str, tuple[str, list[str]]] = {
    "broken JSON": ('{"Version": "1.0",', ["1:19 S004"]),
    "empty": ("", [" S003"]),
    "a list": ("[]", ["1:1 R103"]),
    "no Parameters": ('{"Version": "1.0"}', ["1:1 R103"]),
    "another version": (parameters("LAYERS").replace('"1.0"', '"2.0"'), ["2:14 R103"]),
    "another name": (parameters("LAYERS", RuleName="OTHER"), ["4:17 R105"]),
    "a key of ours": (parameters("LAYERS", Owner="me"), ["11:5 R111"]),
    "parameters as an object": (parameters("LAYERS", InputParameters={"a": "1"}), ["8:24 R104"]),
    "half JSON in the text": (parameters("LAYERS", InputParameters='{"a" "1"}'), ["8:32 R104"]),
    "a list in the text": (parameters("LAYERS", InputParameters="[]"), ["8:24 R104"]),
    "a number in the text": (parameters("LAYERS", OptionalParameters='{"a": 1}'), ["9:27 R112"]),
    "required and optional": (
        parameters("LAYERS", InputParameters='{"a": ""}', OptionalParameters='{"a": "1"}'),
        ["9:27 R110"],
    ),
    "an unknown type": (parameters("LAYERS", SourceEvents="AWS::S3::Bucket,AWS::S3::Buckt"), ["10:38 R106"]),
    "types as a list": (parameters("LAYERS", SourceEvents=["AWS::S3::Bucket"]), ["10:21 R103"]),
    "an unknown frequency": (parameters("LAYERS", SourcePeriodic="Hourly"), ["11:23 R107"]),
    "no trigger": (parameters("LAYERS", SourceEvents=""), ["3:17 R108"]),
    "a runtime without rdklib": (parameters("LAYERS", SourceRuntime="python3.13"), ["6:22 R109"]),
    "a runtime too old": (parameters("LAYERS", SourceRuntime="python3.9-lib"), ["6:22 R109"]),
}


@pytest.mark.parametrize("case", PARAMETERS)
def test_each_problem_of_rdks_file_has_its_place(tmp_path: Path, case: str) -> None:
    """Within the texts that hold JSON, too."""
    text, expected = PARAMETERS[case]
    files = {**lambda_files(), "parameters.json": text, "fixtures/bare.json": None}
    assert problems(tmp_path, "LAYERS", files) == [
        f"parameters.json{'' if each[0] == ' ' else ':'}{each}" for each in expected
    ]


METADATA: dict[str, tuple[str, list[str]]] = {
    "a list": ("- summary\n", ["1:1 R133"]),
    "no summary": ("scope: global\n", ["1:1 R132"]),
    "two lines": ("summary: |\n  a\n  b\n", ["1:10 R135"]),
    "too long": (f"summary: {'x' * 257}\n", ["1:10 R135"]),
    "a number": ("summary: 3\n", ["1:10 R133"]),
    "an unknown key": ("summary: s\nsummry: s\n", ["2:1 R131"]),
    "types, which RDK's file has": ("summary: s\nresource_types: []\n", ["2:1 R131"]),
    "no action": ("summary: s\npermissions: [lambda:GetFunction, '*']\n", ["2:35 R134"]),
    "an action alone": ("summary: s\npermissions: lambda:GetFunction\n", ["2:14 R133"]),
    "another scope": ("summary: s\nscope: world\n", ["2:8 R133"]),
    "a word for a boolean": ("summary: s\norganization: maybe\n", ["2:15 R133"]),
    "an unknown parameter": ("summary: s\nparameters: {x: y}\n", ["2:14 R136"]),
    "parameters as a list": ("summary: s\nparameters: [x]\n", ["2:13 R133"]),
}


@pytest.mark.parametrize("case", METADATA)
def test_each_problem_of_our_own_file_has_its_place(tmp_path: Path, case: str) -> None:
    """rule.yaml is strict."""
    text, expected = METADATA[case]
    assert problems(tmp_path, "LAYERS", {**lambda_files(), "rule.yaml": text}) == [f"rule.yaml:{e}" for e in expected]


GOOD = CODE.format(name="LAYERS")
ITEM = lambda_files()["fixtures/bare.json"]
LAYOUT: dict[str, tuple[str, str | None, list[str]]] = {
    "no parameters.json": ("parameters.json", None, ["config_rules/LAYERS R102"]),
    "no rule.yaml": ("rule.yaml", None, ["config_rules/LAYERS R130"]),
    "no code": ("LAYERS.py", None, ["config_rules/LAYERS R120"]),
    "code that is none": ("LAYERS.py", "x = (\n", ["LAYERS.py:1:5 R121"]),
    "code with a null byte": ("LAYERS.py", "x = 1\0\n", ["LAYERS.py R121"]),
    "another class": ("LAYERS.py", GOOD.replace("class LAYERS", "class Layers"), ["LAYERS.py R122"]),
    "another handler": ("LAYERS.py", GOOD.replace("lambda_handler", "handler"), ["LAYERS.py R123"]),
    "orgctl": ("LAYERS.py", f"import orgctl.model\n{GOOD}", ["LAYERS.py:1:1 R127"]),
    "a missing module": ("LAYERS.py", f"from requests import get\n{GOOD}", ["LAYERS.py:1:1 R128"]),
    "no shared package": ("LAYERS.py", f"import organization_rule\n{GOOD}", ["LAYERS.py:1:1 R128"]),
    "no tests": ("LAYERS_test.py", None, ["config_rules/LAYERS R124"]),
    "tests that are none": ("LAYERS_test.py", "def\n", ["LAYERS_test.py:1:4 R121"]),
    "no page": ("README.md", None, ["config_rules/LAYERS R125"]),
    "half a fixture": ("fixtures/bare.json", ITEM[:-2], [f"fixtures/bare.json:1:{len(ITEM) - 1} S004"]),
    "a fixture of nothing": ("fixtures/bare.json", "{}", ["fixtures/bare.json:1:1 R126"]),
    "another type's fixture": (
        "fixtures/bare.json",
        ITEM.replace("Lambda::Function", "S3::Bucket"),
        [f"fixtures/bare.json:1:{ITEM.index('AWS::Lambda')} R126"],
    ),
}


@pytest.mark.parametrize("case", LAYOUT)
def test_each_problem_of_a_folder_has_its_place(tmp_path: Path, case: str) -> None:
    """What is missing is said of the folder, what is wrong of its line."""
    file, text, expected = LAYOUT[case]
    assert problems(tmp_path, "LAYERS", {**lambda_files(), file: text}) == expected


def test_a_module_that_may_be_missing_may_be_imported(tmp_path: Path) -> None:
    """Within a `try`, code is prepared for it."""
    text = f"try:\n    import simplejson as json\nexcept ImportError:\n    import json\n{GOOD}"
    assert problems(tmp_path, "LAYERS", {**lambda_files(), "LAYERS.py": text}) == []


def test_a_missing_page_is_only_warned_of(tmp_path: Path) -> None:
    """The rule works without."""
    lay(tmp_path, "LAYERS", {**lambda_files(), "README.md": None})
    rules, found = load_rules(tmp_path)
    assert ([rule.name for rule in rules], [each.severity.value for each in found]) == (["LAYERS"], ["warning"])


@pytest.mark.parametrize("name", ["LAYERS-REQUIRED", "1LAYERS", "class", "L" * 53])
def test_a_folder_is_called_as_its_class_can_be(tmp_path: Path, name: str) -> None:
    """RDK imports the module by the folder's name, and the function's name holds it."""
    lay(tmp_path, name, lambda_files(name))
    assert codes.NAME in [each.code for each in load_rules(tmp_path)[1]]


GUARD_CASES: dict[str, tuple[str, str | None, list[str]]] = {
    "too long": ("GUARDED.guard", GUARD + "#" * 10_000, ["GUARDED.guard R141"]),
    "half a policy": ("GUARDED.guard", "rule layers {\n  configuration.layers ==\n", ["GUARDED.guard:2:26 R142"]),
    "no policy": ("GUARDED.guard", " ", ["GUARDED.guard R142"]),
    "an unknown variable": ("GUARDED.guard", "rule layers { %nope exists }", ["GUARDED.guard R142"]),
    "a function of Guard 3": (
        "GUARDED.guard",
        f"# let a = count(x)\nlet layers = count(configuration.layers[*])\n{GUARD}",
        ["GUARDED.guard:2:14 R143"],
    ),
    "no types": ("rule.yaml", "summary: s\n", ["rule.yaml:1:1 R132"]),
    "an unknown type": ("rule.yaml", "summary: s\nresource_types: [AWS::S3::Buckt]\n", ["rule.yaml:2:18 R106"]),
    "no tests": ("GUARDED_tests.yaml", None, ["config_rules/GUARDED R124"]),
    "tests that are no list": ("GUARDED_tests.yaml", "a: b\n", ["GUARDED_tests.yaml:1:1 R144"]),
    "a case without input": ("GUARDED_tests.yaml", "- {name: a}\n", ["GUARDED_tests.yaml:1:3 R144"]),
    "a case without expectations": ("GUARDED_tests.yaml", "- {input: {}}\n", ["GUARDED_tests.yaml:1:3 R144"]),
    "another word": (
        "GUARDED_tests.yaml",
        "- {input: {}, expectations: {rules: {layers: OK}}}\n",
        ["GUARDED_tests.yaml:1:46 R144"],
    ),
    "an unknown key": (
        "GUARDED_tests.yaml",
        "- {input: {}, expectation: {}, expectations: {rules: {layers: SKIP}}}\n",
        ["GUARDED_tests.yaml:1:15 R144"],
    ),
    "code as well": ("GUARDED.py", "", ["config_rules/GUARDED R140"]),
}


@pytest.mark.parametrize("case", GUARD_CASES)
def test_each_problem_of_a_guard_policy_has_its_place(tmp_path: Path, case: str) -> None:
    """Guard's own words, at the line that it names; and what AWS Config would not take."""
    file, text, expected = GUARD_CASES[case]
    assert problems(tmp_path, "GUARDED", {**guard_files(), file: text}) == expected


def test_every_code_has_a_title() -> None:
    """The reference names them all."""
    found = {value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}
    assert found == set(codes.TITLES)
