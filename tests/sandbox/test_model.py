"""The sandbox and botocore's models: operations, answers, shapes."""

from __future__ import annotations

import pytest
from botocore.model import Shape, ShapeResolver

from orgctl.sandbox import account, cloudtrail, lambdas, organizations, stacksets
from orgctl.sandbox.automation import operations as automation
from orgctl.sandbox.config import operations as config
from orgctl.sandbox.embedded import running
from orgctl.sandbox.messages import InvalidAnswerError, RefusalError
from orgctl.sandbox.models import service_model
from orgctl.sandbox.operations import Access, Call, Registry
from orgctl.sandbox.service import Service
from orgctl.sandbox.shapes import ShapeProblemError, Shapes
from tests.sandbox.conftest import client

BILLING = {
    "DescribeResponsibilityTransfer",
    "InviteOrganizationToTransferResponsibility",
    "ListInboundResponsibilityTransfers",
    "ListOutboundResponsibilityTransfers",
    "TerminateResponsibilityTransfer",
    "UpdateResponsibilityTransfer",
}


def test_all_of_organizations_but_billing_and_govcloud() -> None:
    """Every operation of the model is there, but for the transfer of bills and GovCloud accounts."""
    missing = set(service_model("organizations").operation_names) - set(organizations.operation.functions)
    assert BILLING | {"CreateGovCloudAccount"} == missing


@pytest.mark.parametrize(
    ("service", "registry"),
    [
        ("organizations", organizations.operation),
        ("account", account.operation),
        ("cloudtrail", cloudtrail.operation),
        ("cloudformation", stacksets.operation),
        ("config", config.operation),
        ("lambda", lambdas.operation),
        ("ssm", automation.operation),
    ],
)
def test_no_operation_is_made_up(service: str, registry: Registry) -> None:
    """Whatever is registered is an operation of the model."""
    assert set() == set(registry.functions) - set(service_model(service).operation_names)


SHAPES = ShapeResolver(
    {
        "Name": {"type": "string", "min": 1, "max": 3, "pattern": "[a-z]*"},
        "Kind": {"type": "string", "enum": ["A", "B"]},
        "Names": {"type": "list", "member": {"shape": "Name"}, "max": 2},
        "When": {"type": "timestamp"},
        "Count": {"type": "integer", "min": 1},
        "Thing": {
            "type": "structure",
            "required": ["Name"],
            "members": {
                "Name": {"shape": "Name"},
                "Kind": {"shape": "Kind"},
                "Names": {"shape": "Names"},
                "When": {"shape": "When"},
                "Count": {"shape": "Count"},
                "Inside": {"shape": "Thing"},
            },
        },
    }
)
PROBLEMS = [
    ({}, "required", "Name"),
    ({"Name": ""}, "min", "Name"),
    ({"Name": "abcd"}, "max", "Name"),
    ({"Name": "A"}, "pattern", "Name"),
    ({"Name": 1}, "type", "Name"),
    ({"Name": "a", "Kind": "C"}, "enum", "Kind"),
    ({"Name": "a", "Names": ["a", "b", "c"]}, "max", "Names"),
    ({"Name": "a", "Names": "a"}, "type", "Names"),
    ({"Name": "a", "When": "today"}, "type", "When"),
    ({"Name": "a", "Count": True}, "type", "Count"),
    ({"Name": "a", "Count": 0}, "min", "Count"),
    ({"Name": "a", "Inside": {"Name": "A"}}, "pattern", "Inside.Name"),
    ({"Name": "a", "Other": 1}, "unknown", "Other"),
]


def thing() -> Shape:
    return SHAPES.get_shape_by_name("Thing")


@pytest.mark.parametrize(("value", "constraint", "path"), PROBLEMS)
def test_a_value_that_has_not_the_shape(value: object, constraint: str, path: str) -> None:
    """The first problem is named, with the path to it."""
    with pytest.raises(ShapeProblemError) as caught:
        Shapes(strict=True).check(thing(), value)
    assert (constraint, path) == (caught.value.constraint, ".".join(caught.value.path))


def test_requests_may_have_more_members_than_the_model() -> None:
    """AWS ignores what it does not know."""
    Shapes(strict=False).check(thing(), {"Name": "a", "Other": 1})


def broken(answer: object) -> Service:
    registry = Registry()

    def run(call: Call, params: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    registry("ListRoots", Access.ANYBODY)(run)  # type: ignore[arg-type]
    return Service.of("organizations", registry)


INVALID = [
    {"Roots": [{"Id": "nonsense"}]},
    {"Rooots": []},
    RefusalError("PolicyNotFoundException", "not an error of this operation"),
    RefusalError("InvalidInputException", "no such reason", Reason="WHATEVER"),
]


@pytest.mark.parametrize("answer", INVALID)
def test_an_answer_against_the_model_is_a_mistake(answer: object) -> None:
    """Neither an answer nor a refusal leaves the sandbox that the model does not allow."""
    with running() as sandbox:
        service = broken(answer)
        with pytest.raises(InvalidAnswerError):
            service.run(Call(sandbox.cloud, "111111111111"), "ListRoots", {})
    assert len(service.invalid_answers) == 1


def test_a_mistake_fails_the_test_that_met_it() -> None:
    """`running` raises at its end if the sandbox answered against the model."""

    def meet() -> None:
        with running() as sandbox:
            sandbox.front.services["organizations"] = broken({"Rooots": []})
            api = client(sandbox, "organizations")
            with pytest.raises(api.exceptions.ClientError, match="SandboxBug"):
                api.list_roots()

    with pytest.raises(AssertionError, match="Rooots"):
        meet()


def test_an_operation_that_there_is_not() -> None:
    """It is refused by its name."""
    with running() as sandbox:
        call, service = Call(sandbox.cloud, "111111111111"), sandbox.front.services["organizations"]
        with pytest.raises(RefusalError, match="CreateGovCloudAccount"):
            service.run(call, "CreateGovCloudAccount", {})
