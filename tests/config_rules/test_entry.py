"""From an event to what AWS Config is told: what rdklib's evaluator passes over in silence shows here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest
from rdklib import Evaluation, InvalidParametersError, MissingTriggerHandlerError

from organization_rule import testing
from organization_rule.entry import Result, handle
from organization_rule.errors import EventError, OutsiderError, RefusedEvaluationsError, UndecidedError
from organization_rule.items import Item
from organization_rule.notice import Event
from organization_rule.rule import Findings, OrganizationRule, each
from organization_rule.sessions import Clients
from organization_rule.testing import Account, Answer, Refusal
from organization_rule.verdicts import about, compliant, non_compliant

KIND = "AWS::Lambda::Function"
ITEM = {
    "resourceType": KIND,
    "resourceId": "orders",
    "awsAccountId": "111122223333",
    "configurationItemStatus": "OK",
    "configurationItemCaptureTime": "2026-11-02T08:29:58.417Z",
}


class Changed(OrganizationRule):
    """Says NON_COMPLIANT of everything, and asks AWS before."""

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: object
    ) -> list[Evaluation]:
        client_factory.build_client("lambda").get_account_settings()
        return [non_compliant("it is wrong", "mend it")]


class Scheduled(OrganizationRule):
    """Judges as many things as it is told, by what it is told of them."""

    def __init__(self, *judgements: Callable[[], Evaluation]) -> None:
        super().__init__()
        self.judgements = judgements

    def evaluate_periodic(self, event: Event, client_factory: Clients, valid_rule_parameters: object) -> Findings:
        named = enumerate(self.judgements)
        return each(named, lambda one: about(one[1](), KIND, f"f{one[0]}"), lambda one: f"f{one[0]}")


class Strict(Changed):
    """Knows no parameters."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> object:
        raise InvalidParametersError("the parameter `X` is missing")


def account(**answers: Answer) -> Account:
    named = {name.replace("_", ":"): answer for name, answer in answers.items()}
    return Account({"lambda:GetAccountSettings": {}, **named})


def run(rule: OrganizationRule, event: Event, entered: Account, context: object = None) -> list[Result]:
    return handle(rule, [KIND], event, context, lambda *_: entered)  # type: ignore[arg-type,return-value]


def put(entered: Account) -> list[list[Mapping[str, object]]]:
    return [request["Evaluations"] for request in entered.asked("config:PutEvaluations")]


def test_result() -> None:
    """What the rule says is told AWS Config with the item's identity and time, and returned."""
    expected = {
        "ComplianceResourceType": KIND,
        "ComplianceResourceId": "orders",
        "ComplianceType": "NON_COMPLIANT",
        "Annotation": "it is wrong: mend it",
        "OrderingTimestamp": "2026-11-02T08:29:58.417Z",
    }
    entered = account()
    results = run(Changed(), testing.change(ITEM), entered)
    assert [expected] == results
    assert [[expected]] == put(entered)
    assert json.loads(json.dumps(results)) == results  # Lambda has to be able to write it


@pytest.mark.parametrize(("token", "is_test"), [("TESTMODE", True), ("a-real-token", False)])
def test_token(token: str, is_test: bool) -> None:
    """RDK's token makes AWS Config check the results, and keep none."""
    entered = account()
    run(Changed(), testing.change(ITEM, resultToken=token), entered)
    (request,) = entered.asked("config:PutEvaluations")
    assert (token, is_test) == (request["ResultToken"], request["TestMode"])


@pytest.mark.parametrize(
    ("item", "keys"),
    [
        ({"configurationItemStatus": "ResourceDeleted"}, {}),
        ({"configurationItemStatus": "ResourceDeletedNotRecorded"}, {}),
        ({"configurationItemStatus": "ResourceNotRecorded"}, {}),
        ({"resourceType": "AWS::S3::Bucket"}, {}),
        ({}, {"eventLeftScope": True}),
    ],
)
def test_not_applicable(item: dict[str, str], keys: dict[str, object]) -> None:
    """What is deleted, out of scope or of another type is not judged, and nothing is asked about it."""
    entered = account()
    (result,) = run(Changed(), testing.change({**ITEM, **item}, **keys), entered)
    assert result["ComplianceType"] == "NOT_APPLICABLE"
    assert entered.asked("lambda:GetAccountSettings") == []


@pytest.mark.parametrize("code", ["AccessDeniedException", "TooManyRequestsException", "ServiceException"])
def test_undecided(code: str) -> None:
    """A call that fails makes the evaluation fail, with the resource and AWS's reason; no result is written."""
    entered = account(lambda_GetAccountSettings=Refusal(code, "because"))
    with pytest.raises(UndecidedError, match=rf"cannot decide: `orders` in 111122223333: .*{code}.*because"):
        run(Changed(), testing.change(ITEM), entered)
    assert put(entered) == []


def test_invalid_parameters() -> None:
    """Wrong parameters make the evaluation fail, and are told; the account is not entered."""
    entered = account()
    with pytest.raises(InvalidParametersError, match="Strict evaluates nothing: the parameter `X` is missing"):
        run(Strict(), testing.change(ITEM), entered)
    assert entered.calls == []


def test_refused_results() -> None:
    """Results that AWS Config does not take make the evaluation fail."""
    failed = {"ComplianceResourceId": "f1", "ComplianceResourceType": KIND, "ComplianceType": "COMPLIANT"}
    entered = account(config_PutEvaluations={"FailedEvaluations": [{**failed, "OrderingTimestamp": 0}]})
    with pytest.raises(RefusedEvaluationsError, match="AWS Config did not take 1 of 2 results: `f1`"):
        run(Scheduled(compliant, compliant), testing.schedule(), entered)


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
def test_at_most_a_hundred(count: int, sizes: list[int]) -> None:
    """AWS Config takes a hundred results a call; none at all are told too, so that it knows that it is done."""
    entered = account()
    run(Scheduled(*[compliant] * count), testing.schedule(), entered)
    assert sizes == [len(sent) for sent in put(entered)]


def test_schedule() -> None:
    """Results on schedule have the time of the notification."""
    (result,) = run(Scheduled(compliant), testing.schedule(), account())
    assert (result["ComplianceResourceId"], result["OrderingTimestamp"]) == ("f0", testing.TIME)


def test_one_undecided_of_many() -> None:
    """One resource that cannot be judged does not hide the others, and does not pass unseen."""

    def unreadable() -> Evaluation:
        raise UndecidedError(["nobody knows"])

    entered = account()
    with pytest.raises(UndecidedError, match="cannot decide: `f1`: nobody knows"):
        run(Scheduled(compliant, unreadable, compliant), testing.schedule(), entered)
    assert [[result["ComplianceResourceId"] for result in sent] for sent in put(entered)] == [["f0", "f2"]]


def earlier(*names: str) -> Answer:
    return {
        "EvaluationResults": [
            {"EvaluationResultIdentifier": {"EvaluationResultQualifier": {"ResourceType": KIND, "ResourceId": name}}}
            for name in names
        ]
    }


class Unrecorded(Scheduled):
    """Judges what AWS Config does not record."""

    keeps_old_results = False


def test_forgotten() -> None:
    """A result on what is not there any more is taken out, where AWS Config would not do it."""
    for rule, expected in ((Unrecorded(compliant), {"f0": "COMPLIANT", "old": "NOT_APPLICABLE"}),
                           (Scheduled(compliant), {"f0": "COMPLIANT"})):  # fmt: skip
        entered = account(config_GetComplianceDetailsByConfigRule=earlier("f0", "old"))
        results = run(rule, testing.schedule(resultToken="token"), entered)
        assert expected == {result["ComplianceResourceId"]: result["ComplianceType"] for result in results}


def test_nothing_is_forgotten_in_doubt() -> None:
    """What could not be judged this time keeps its result."""

    def unreadable() -> Evaluation:
        raise UndecidedError(["nobody knows"])

    entered = account(config_GetComplianceDetailsByConfigRule=earlier("f0"))
    with pytest.raises(UndecidedError):
        run(Unrecorded(unreadable), testing.schedule(resultToken="token"), entered)
    assert put(entered) == [[]]


def test_wrong_trigger() -> None:
    """A rule that is asked in a way that it is not made for says so."""
    with pytest.raises(MissingTriggerHandlerError, match="evaluate_change"):
        run(Scheduled(), testing.change(ITEM), account())
    with pytest.raises(MissingTriggerHandlerError, match="evaluate_periodic"):
        run(Changed(), testing.schedule(), account())


def test_no_item() -> None:
    """An event that should have an item, and has none, is refused."""
    event = testing.change(ITEM, invokingEvent='{"messageType": "ConfigurationItemChangeNotification"}')
    with pytest.raises(EventError, match="the event has no `configurationItem`"):
        run(Changed(), event, account())


@pytest.mark.parametrize(
    ("function_account", "token", "refused"),
    [("111122223333", "token", False), ("999988887777", "token", True), ("999988887777", "TESTMODE", False)],
)
def test_own_credentials(function_account: str, token: str, refused: bool) -> None:
    """Without a role to assume, the function sees its own account only, and judges no other by it."""
    arn = f"arn:aws:lambda:eu-west-1:{function_account}:function:orgctl-rule-X"
    event = testing.change(ITEM, {"AssumeRoleMode": "false"}, resultToken=token)
    if refused:
        with pytest.raises(OutsiderError, match="the account 111122223333 cannot be looked at"):
            run(Changed(), event, account(), SimpleNamespace(invoked_function_arn=arn))
    else:
        assert len(run(Changed(), event, account(), SimpleNamespace(invoked_function_arn=arn))) == 1
