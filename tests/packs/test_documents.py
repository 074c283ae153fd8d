"""The remediation documents that come with orgctl: their calls are AWS's, and their scripts do what they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.packs.documents import load_documents
from orgctl.packs.schema import PackFile
from orgctl.source import read

TOP = Path(__file__).parents[2]
DOCUMENTS = load_documents(TOP)
LAYER = "arn:aws:lambda:eu-west-1:580247275435:layer:Insights"
OTHERS = [f"arn:aws:lambda:eu-west-1:111122223333:layer:other{number}" for number in range(4)]


def steps(name: str) -> list[dict[str, Any]]:
    value: Any = DOCUMENTS.found[name].source.value
    found: list[dict[str, Any]] = value["mainSteps"]
    return found


def calls() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step that calls an API of AWS's by itself."""
    for name in DOCUMENTS.found:
        yield from ((f"{name}/{step['name']}", step) for step in steps(name) if "Api" in step["inputs"])


def function(document: str, step: str, name: str) -> Callable[..., Any]:
    """A function of a step's script."""
    (script,) = (each["inputs"]["Script"] for each in steps(document) if each["name"] == step)
    space: dict[str, Any] = {}
    exec(script, space)  # noqa: S102 - our own
    found: Callable[..., Any] = space[name]
    return found


def test_the_documents_are_without_problems() -> None:
    """And are sent as they are written."""
    assert (set(DOCUMENTS.found), DOCUMENTS.problems) == ({"orgctl-add-lambda-layer", "orgctl-notify-owner"}, ())
    for document in DOCUMENTS.found.values():
        assert json.loads(document.content) == document.source.value


@pytest.mark.parametrize("step", [step for _, step in calls()], ids=[where for where, _ in calls()])
def test_every_call_is_one_of_awss_api(step: dict[str, Any]) -> None:
    """botocore's model has the operation, every input, and what the step takes from the answer."""
    inputs = {key: value for key, value in step["inputs"].items() if key not in ("Service", "Api")}
    selectors = [inputs.pop("PropertySelector", None), *(each["Selector"] for each in step.get("outputs", ()))]
    inputs.pop("DesiredValues", None)
    model = botocore.session.get_session().get_service_model(step["inputs"]["Service"])
    operation = model.operation_model(step["inputs"]["Api"])
    assert operation.input_shape is not None
    assert set(operation.input_shape.required_members) <= set(inputs) <= set(operation.input_shape.members)
    taken = {selector.removeprefix("$.").split(".")[0] for selector in selectors if selector}
    assert operation.output_shape is not None
    assert taken <= set(operation.output_shape.members)


@given(st.lists(st.sampled_from(OTHERS), unique=True), st.integers(1, 30), st.integers(1, 30), st.integers(0, 5))
def test_a_layer_is_there_once_and_at_least_as_new_and_the_others_stay(
    others: list[str], there: int, wanted: int, position: int
) -> None:
    """Versions are numbers: 9 is older than 10. What is in order already is left as it is."""
    with_layer = function("orgctl-add-lambda-layer", "chooseLayers", "with_layer")
    rest = [f"{arn}:1" for arn in others]
    for present in (rest, [*rest[:position], f"{LAYER}:{there}", *rest[position:]]):
        found = with_layer(present, f"{LAYER}:{wanted}")
        had = there if len(present) > len(rest) else 0
        assert [arn for arn in found if arn.startswith(f"{LAYER}:")] == [f"{LAYER}:{max(had, wanted)}"]
        assert [arn for arn in found if not arn.startswith(f"{LAYER}:")] == rest
        assert with_layer(found, f"{LAYER}:{wanted}") == found
        assert (found == present) == (had >= wanted)


@pytest.mark.parametrize(
    ("region", "architectures", "arm64", "expected"),
    [
        ("aws:lambda:eu-west-1", ["x86_64"], "", "aws:lambda:eu-west-1:5:layer:a:1"),
        ("aws-cn:lambda:cn-north-1", None, "", "aws-cn:lambda:cn-north-1:5:layer:a:1"),
        ("aws:lambda:eu-west-1", ["arm64"], "", "aws:lambda:eu-west-1:5:layer:a:1"),
        ("aws:lambda:eu-west-1", ["arm64"], "arn:aws:lambda:${region}:5:layer:b:2", "aws:lambda:eu-west-1:5:layer:b:2"),
        ("aws:lambda:eu-west-1", ["x86_64"], "arn:aws:lambda:x:5:layer:b:2", "aws:lambda:eu-west-1:5:layer:a:1"),
    ],
)
def test_the_layer_is_of_the_functions_region_partition_and_architecture(
    region: str, architectures: list[str] | None, arm64: str, expected: str
) -> None:
    """One document serves every region: a layer's ARN carries its own."""
    described = {
        "FunctionArn": f"arn:{region}:1:function:a",
        **({"Architectures": architectures} if architectures else {}),
    }
    events = {"LayerVersionArn": "arn:${partition}:lambda:${region}:5:layer:a:1", "Arm64LayerVersionArn": arm64}
    assert function("orgctl-add-lambda-layer", "chooseLayers", "wanted")(events, described) == f"arn:{expected}"


def test_the_topic_is_of_the_resources_region() -> None:
    """SNS takes messages for topics of its own region only."""
    topic = function("orgctl-notify-owner", "describe", "topic")
    events = {"TopicArn": "arn:${partition}:sns:${region}:1:t", "Region": "cn-north-1", "Partition": "aws-cn"}
    assert topic(events) == "arn:aws-cn:sns:cn-north-1:1:t"


def test_packs_give_the_documents_the_role_parameter_that_config_fills() -> None:
    """AWS Config hands `AutomationAssumeRole` to a document only if it has one."""
    assert all("AutomationAssumeRole" in document.parameters for document in DOCUMENTS.found.values())
    value = read(TOP / "conformance_packs/serverless-governance.yaml").value
    named = [use.remediation.document for use in PackFile.model_validate(value).rules if use.remediation]
    assert named == ["orgctl-add-lambda-layer"]
