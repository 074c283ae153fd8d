"""Tests of Guard policies, in Guard's own format: a list of inputs with the status that each rule has to get.

    - name: a function without layers
      input: {resourceType: AWS::Lambda::Function, configuration: {layers: []}}
      expectations: {rules: {layers_required: FAIL}}

Source: "Testing AWS CloudFormation Guard rules", Guard's user guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orgctl.diagnostics import Position
from orgctl.manifest.nearest import did_you_mean
from orgctl.rules import codes
from orgctl.rules.guard import Status
from orgctl.rules.problems import Problems
from orgctl.source import Place, Source

SUFFIXES = ("_tests.yaml", "_tests.yml", "_tests.json", "_test.yaml", "_test.json")

_KEYS = ("name", "input", "expectations")


@dataclass(frozen=True, slots=True)
class GuardCase:
    """One input. `expected` has the status of each rule of the policy that the case speaks of."""

    name: str
    position: Position
    item: object
    expected: tuple[tuple[str, Status], ...]


def check_tests(problems: Problems, rule: str) -> tuple[GuardCase, ...]:
    """The cases of a policy's tests; what is wrong with them is reported."""
    files = [f"{rule}{suffix}" for suffix in SUFFIXES if (problems.folder / f"{rule}{suffix}").is_file()]
    if not files:
        hint = "write inputs and expectations, as for `cfn-guard test`"
        problems.add(codes.NO_TESTS, f"there is no `{rule}_tests.yaml`", Position(problems.name), hint)
    return tuple(case for file in files for case in _cases(problems, file))


def _cases(problems: Problems, file: str) -> tuple[GuardCase, ...]:
    source = problems.read(file)
    if source is None:
        return ()
    if not isinstance(source.value, list):
        problems.add(codes.GUARD_TESTS, "the file has to hold a list of cases", source.at(()))
        return ()
    cases = (_case(problems, source, index) for index in range(len(source.value)))
    return tuple(case for case in cases if case)


def _case(problems: Problems, source: Source, index: int) -> GuardCase | None:
    place: Place = (index,)
    value: Any = source.get(place)
    if not isinstance(value, dict) or "input" not in value:
        message = "a case needs an `input`, and `expectations` of the policy's rules"
        problems.add(codes.GUARD_TESTS, message, source.at(place))
        return None
    for key in value:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS, "a case has `name`, `input` and `expectations`")
            problems.add(codes.GUARD_TESTS, f"the key `{key}` is not known", source.key_at((index, key)), hint)
    expected = _expected(problems, source, (index, "expectations", "rules"))
    name = str(value.get("name") or f"case {index + 1}")
    return GuardCase(name, source.at(place), value["input"], expected)


def _expected(problems: Problems, source: Source, place: Place) -> tuple[tuple[str, Status], ...]:
    value = source.get(place)
    if not isinstance(value, dict) or not value:
        message = "a case needs `expectations: {rules: {NAME: PASS}}`"
        problems.add(codes.GUARD_TESTS, message, source.at(place))
        return ()
    found: list[tuple[str, Status]] = []
    for name, status in value.items():
        if status in {each.value for each in Status}:
            found.append((name, Status(status)))
        else:
            message = f"`{status}` is none of `PASS`, `FAIL` and `SKIP`"
            problems.add(codes.GUARD_TESTS, message, source.at((*place, name)))
    return tuple(found)
