"""What an event says, and when it is refused."""

from __future__ import annotations

import json

import pytest

from organization_rule import testing
from organization_rule.arns import Place
from organization_rule.errors import EventError
from organization_rule.notice import Message, place_of_item, read_notice


@pytest.fixture(autouse=True)
def _no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The region of whoever runs the tests is not to be seen."""
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)


def item(partition: str = "aws", region: str = "eu-west-1") -> dict[str, object]:
    return {
        "resourceType": "AWS::Lambda::Function",
        "resourceId": "orders",
        "ARN": f"arn:{partition}:lambda:{region}:111122223333:function:orders",
        "awsAccountId": "111122223333",
        "awsRegion": region,
    }


@pytest.mark.parametrize(
    ("partition", "region"), [("aws", "eu-west-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
)
def test_role(partition: str, region: str) -> None:
    """The evaluation role is the named one, in the event's account and partition."""
    notice = read_notice(testing.change(item(partition, region)))
    assert Place(partition, region, "111122223333") == notice.place
    assert f"arn:{partition}:iam::111122223333:role/evaluation" == notice.role_arn


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (testing.change(item()), Message.CHANGE),
        (testing.oversized(item()), Message.OVERSIZED_CHANGE),
        (testing.schedule(), Message.SCHEDULE),
    ],
)
def test_messages(event: dict[str, object], message: Message) -> None:
    """The three messages are told apart, and RDK's word for a test is understood."""
    notice = read_notice(event)
    assert (message, True) == (notice.message, notice.is_test)


@pytest.mark.parametrize("mode", ["false", "False", False])
def test_own_credentials(mode: object) -> None:
    """AssumeRoleMode is a text, and false in any case means that no role is assumed; rdklib fails on a boolean."""
    event = testing.schedule(ruleParameters=json.dumps({"AssumeRoleMode": mode}))
    assert read_notice(event).role_arn is None


def test_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The region is that of the parameter, else the function's, else the rule's."""
    assert read_notice(testing.schedule()).place.region == "eu-west-1"
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert read_notice(testing.schedule()).place.region == "us-east-1"
    assert read_notice(testing.schedule({"ExecutionRoleRegion": "eu-north-1"})).place.region == "eu-north-1"


def test_place_of_item() -> None:
    """A resource is where its item says: in no region, for IAM's."""
    event = testing.schedule()
    assert Place("aws", "global", "111122223333") == place_of_item(event, {"awsRegion": "global"})


def test_left_out() -> None:
    """What AWS Config may leave out of an event is not missed."""
    event = testing.schedule(ruleParameters="")
    for key in ("eventLeftScope", "ruleParameters", "accountId", "configRuleName"):
        event.pop(key)
    notice = read_notice(event)
    assert (notice.left_scope, notice.parameters, notice.place.account) == (False, {}, "111122223333")


@pytest.mark.parametrize(
    ("event", "match"),
    [
        ({}, "none that AWS Config sends"),
        ({"invokingEvent": "x", "resultToken": "t"}, "none that AWS Config sends"),
        ({"invokingEvent": "[]", "resultToken": "t"}, "none that AWS Config sends"),
        ({"invokingEvent": '{"messageType": "Other"}', "resultToken": "t"}, "Other"),
        (testing.schedule(executionRoleArn="x"), "`executionRoleArn` is missing, or no ARN"),
        (testing.schedule(accountId="999988887777"), "about the account 999988887777, but its role is in 111122223333"),
    ],
)
def test_refused(event: dict[str, object], match: str) -> None:
    """An event that AWS Config does not send, or that contradicts itself, is refused."""
    with pytest.raises(EventError, match=match):
        read_notice(event)


def test_item_of_another_account() -> None:
    """Nobody gets an account judged by another's item."""
    event = testing.change(item())
    invoking = json.loads(str(event["invokingEvent"]))
    invoking["configurationItem"]["awsAccountId"] = "999988887777"
    with pytest.raises(EventError, match="but its item belongs to 999988887777"):
        read_notice({**event, "invokingEvent": json.dumps(invoking)})


def test_no_role() -> None:
    """Without the parameter, the role that AWS Config offers would be taken, which no function can assume."""
    with pytest.raises(EventError, match="no parameter `ExecutionRoleName`"):
        _ = read_notice(testing.schedule(ruleParameters="{}")).role_arn
