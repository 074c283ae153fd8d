"""Unknown values: whoever asks what they are learns that it is not known, and nobody is lied to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgctl.api.rule_checks import check_templates
from orgctl.rules.template.finding import Verdict
from orgctl.rules.untold import MARK, Untold, UntoldError, untold, with_untold
from tests.functional.conftest import REPOSITORY
from tests.rules.folders import lambda_files, lay

QUESTIONS: dict[str, Callable[[Any], object]] = {
    "is it this": lambda value: value == "a",
    "is this it": lambda value: "a" == value,  # noqa: SIM300  # the other way round is the point
    "is it not this": lambda value: value != "a",
    "is it true": bool,
    "or something else": lambda value: value or "a",
    "is it a mapping": lambda value: isinstance(value, Mapping),
    "is it a list": lambda value: isinstance(value, Sequence | list),
    "is it a number": lambda value: isinstance(value, int),
    "is it one of these": lambda value: value in {"a"},
    "is it one of those": lambda value: value in ("a",),
    "is it a key": lambda value: {"a": 1}.get(value),
    "does it hold this": lambda value: "a" in value,
    "does it begin so": lambda value: value.startswith("a"),
    "what are its parts": lambda value: value.split(":"),
    "what is its length": len,
    "what is in it": list,
    "what is its first": lambda value: value[0],
    "what is under a key": lambda value: value.get("a"),
    "what is its attribute": lambda value: value.name,
    "is it less": lambda value: value < "a",
    "is it more than a number": lambda value: 3 < value,  # noqa: SIM300  # likewise
    "what number is it": int,
    "written out": str,
    "written into a text": lambda value: f"{value}",
    "written by a format": lambda value: "%s" % value,  # noqa: UP031  # likewise
    "added": lambda value: "a" + value,
    "sorted": lambda value: sorted([value, "a"]),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_raises_and_is_told(question: str) -> None:
    """The reason comes with it, so that the finding can say it."""
    heard: list[str] = []
    with pytest.raises(UntoldError, match="the stage is open"):
        QUESTIONS[question](untold("the stage is open", heard.append))
    assert set(heard) == {"the stage is open"}


def test_it_is_passed_on_unasked() -> None:
    """As text it goes through whatever only hands values on."""
    heard: list[str] = []
    value = untold("open", heard.append)
    handed = {"a": [value], "b": value}
    assert isinstance(handed["b"], str)
    assert (type(handed["a"][0]), heard) == (Untold, [])


def test_known_values_stay_as_they_are() -> None:
    """Only marks are replaced, wherever they are."""
    found = with_untold({"a": [1, {MARK: "x"}], "b": {"c": None}}, lambda _: None)
    assert (found["a"][0], type(found["a"][1]), found["b"]) == (1, Untold, {"c": None})


ARN = "arn:aws:iam::111122223333:policy/boundary"
UNKNOWN = {
    "service": ("lambda.amazonaws.com", "ec2.amazonaws.com"),
    "boundary": (ARN, "arn:aws:iam::111122223333:policy/other"),
    "layers": ("a,b", ""),
    "package": ("Image", "Zip"),
}
"""What each kind of parameter may turn out to be."""

_SERVICE = st.sampled_from([*UNKNOWN["service"], {"Ref": "service"}])
_BOUNDARY = st.sampled_from([None, *UNKNOWN["boundary"], {"Ref": "boundary"}])
_LAYERS = st.sampled_from([None, [], ["a"], {"Ref": "layers"}, [{"Ref": "boundary"}]])
_PACKAGE = st.sampled_from([None, "Zip", "Image", {"Ref": "package"}])


@st.composite
def templates(draw: st.DrawFn) -> dict[str, Any]:
    """A template whose resources hold parameters without values here and there."""
    resources: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 6))):
        trust = {"Effect": "Allow", "Principal": {"Service": draw(_SERVICE)}, "Action": "sts:AssumeRole"}
        role = {"AssumeRolePolicyDocument": {"Statement": [trust]}, "PermissionsBoundary": draw(_BOUNDARY)}
        function = {"Layers": draw(_LAYERS), "PackageType": draw(_PACKAGE)}
        for name, kind, properties in (("R", "IAM::Role", role), ("F", "Lambda::Function", function)):
            given_ = {key: value for key, value in properties.items() if value is not None}
            resources[f"{name}{number}"] = {"Type": f"AWS::{kind}", "Properties": given_}
    parameters = {name: {"Type": "CommaDelimitedList" if name == "layers" else "String"} for name in UNKNOWN}
    return {"Parameters": parameters, "Resources": resources}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(template=templates(), data=st.data())
def test_a_verdict_holds_whatever_the_unknown_turns_out_to_be(template: dict[str, Any], data: st.DataObject) -> None:
    """The law: what is decided without a value is decided in the same way with any value of it."""
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        (directory / "config_rules").mkdir()
        for name in ("organization_rule", "LAMBDA_ROLE_PERMISSIONS_BOUNDARY", "LAMBDA_CODE_SIGNING_ENFORCED"):
            (directory / "config_rules" / name).symlink_to(REPOSITORY / "config_rules" / name)
        lay(directory, "LAYERS", lambda_files())
        path = directory / "t.json"
        path.write_text(json.dumps(template))
        before = _verdicts(directory, path, {})
        after = _verdicts(directory, path, {name: data.draw(st.sampled_from(each)) for name, each in UNKNOWN.items()})
    assert Verdict.UNDECIDED not in after.values()
    assert {key: after[key] for key, verdict in before.items() if verdict is not Verdict.UNDECIDED} == {
        key: verdict for key, verdict in before.items() if verdict is not Verdict.UNDECIDED
    }


def _verdicts(directory: Path, path: Path, values: dict[str, str]) -> dict[tuple[str, str], Verdict]:
    found = check_templates(directory, [path], values).findings
    return {(each.rule, each.logical_id): each.verdict for each in found}
