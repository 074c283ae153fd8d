"""Items that are too large for an event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from organization_rule.errors import UndecidedError
from organization_rule.oversized import read_item
from organization_rule.testing import Account, Answer, Refusal

TIME = datetime(2026, 11, 2, 8, 29, 58, tzinfo=UTC)
SUMMARY = {
    "resourceType": "AWS::IAM::Role",
    "resourceId": "AROAEXAMPLE",
    "configurationItemStatus": "OK",
    "configurationItemCaptureTime": "2026-11-02T08:29:58.417Z",
    "awsAccountId": "111122223333",
}
HISTORY = {
    "accountId": "111122223333",
    "configurationItemCaptureTime": TIME,
    "configurationItemStatus": "OK",
    "resourceType": "AWS::IAM::Role",
    "resourceId": "AROAEXAMPLE",
    "arn": "arn:aws:iam::111122223333:role/orders",
    "awsRegion": "global",
    "configuration": '{"path": "/"}',
    "supplementaryConfiguration": {"Tags": '[{"key": "a"}]', "Note": "no JSON"},
    "tags": {"a": "b"},
}


def read(answer: Answer, **more: object) -> object:
    account = Account({"config:GetResourceConfigHistory": answer})
    return read_item(account.build_client("config"), {**SUMMARY, **more})


def test_form() -> None:
    """The history's item gets the names that events have, and JSON instead of texts with JSON in them."""
    assert read({"configurationItems": [HISTORY]}) == {
        "awsAccountId": "111122223333",
        "configurationItemCaptureTime": "2026-11-02T08:29:58+00:00",
        "configurationItemStatus": "OK",
        "configurationStateId": None,
        "resourceType": "AWS::IAM::Role",
        "resourceId": "AROAEXAMPLE",
        "resourceName": "AROAEXAMPLE",
        "ARN": "arn:aws:iam::111122223333:role/orders",
        "awsRegion": "global",
        "tags": {"a": "b"},
        "configuration": {"path": "/"},
        "supplementaryConfiguration": {"Tags": [{"key": "a"}], "Note": "no JSON"},
    }


def test_newest() -> None:
    """The newest item is asked for, and no more."""
    account = Account({"config:GetResourceConfigHistory": {"configurationItems": [HISTORY]}})
    read_item(account.build_client("config"), SUMMARY)
    expected = {"resourceType": "AWS::IAM::Role", "resourceId": "AROAEXAMPLE", "limit": 1}
    assert [expected] == account.asked("config:GetResourceConfigHistory")


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=1)])
def test_newer(later: timedelta) -> None:
    """An item that is newer than the notification will do as well."""
    item = {**HISTORY, "configurationItemCaptureTime": TIME + later}
    assert isinstance(read({"configurationItems": [item]}), dict)


@pytest.mark.parametrize(
    "answer",
    [
        {"configurationItems": []},
        {},
        {"configurationItems": [{**HISTORY, "configurationItemCaptureTime": TIME - timedelta(minutes=1)}]},
    ],
)
def test_not_there_yet(answer: Answer) -> None:
    """A history that lags behind is no ground to judge by: AWS Config asks again."""
    with pytest.raises(UndecidedError, match="does not hold the newest item of `AROAEXAMPLE` yet"):
        read(answer)


def test_deleted() -> None:
    """What is deleted, or not discovered any more, is not read."""
    gone = Refusal("ResourceNotDiscoveredException")
    deleted = {**SUMMARY, "configuration": {}, "configurationItemStatus": "ResourceDeleted"}
    assert deleted == read(gone)
    assert deleted == read({}, configurationItemStatus="ResourceDeleted")


def test_denied() -> None:
    """What may not be read is an error."""
    with pytest.raises(ClientError, match="AccessDenied"):
        read(Refusal("AccessDeniedException"))
