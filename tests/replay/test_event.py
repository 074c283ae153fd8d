"""Records → typed fields, however odd they are."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.replay.event import Event, Identity, decode_event, event_of
from tests.replay.records import event, record

READ: list[tuple[dict[str, object], Callable[[Event], object], object]] = [
    ({"readOnly": True}, lambda e: e.read_only, True),
    ({"readOnly": "true"}, lambda e: e.read_only, True),
    ({"readOnly": "false"}, lambda e: e.read_only, False),
    ({"readOnly": None}, lambda e: e.read_only, None),
    ({"userIdentity": None}, lambda e: e.identity, Identity()),
    ({"userIdentity": {"invokedBy": "AWS Internal"}}, lambda e: e.identity.type, None),
    ({"resources": None}, lambda e: e.arns, ()),
    ({"resources": [None]}, lambda e: e.arns, ()),
    ({"resources": [{"ARNPrefix": "arn:aws:s3:::b/"}]}, lambda e: e.arns, ()),
    (
        {"resources": [{"ARN": "arn:a", "accountId": "1"}, {"arn": "arn:b"}]},
        lambda e: e.arns,
        (("arn:a", "1"), ("arn:b", None)),
    ),
    ({"requestParameters": None}, lambda e: dict(e.parameters), {}),
    ({"requestParameters": "HIDDEN_DUE_TO_SECURITY_REASONS"}, lambda e: dict(e.parameters), {}),
    ({"requestParameters": {"a": [1]}}, lambda e: dict(e.parameters), {"a": [1]}),
    ({"eventType": "AwsServiceEvent"}, lambda e: e.is_call, False),
    ({"eventType": "AwsConsoleSignIn"}, lambda e: e.is_call, False),
    ({"eventType": None}, lambda e: e.is_call, True),
    (
        {"recipientAccountId": 222222222222},
        lambda e: (e.recipient_account_id, e.unread),
        (None, ("recipientAccountId",)),
    ),
    ({"userAgent": ["a"]}, lambda e: (e.event_name, e.unread), ("SendMessage", ("userAgent",))),
    ({"userIdentity": "root"}, lambda e: (e.identity, e.unread), (Identity(), ("userIdentity",))),
    (
        {"userIdentity": {"accountId": 1, "arn": "a"}},
        lambda e: (e.identity.arn, e.unread),
        ("a", ("userIdentity.accountId",)),
    ),
    (
        {"resources": "none", "requestParameters": {"a": "b"}},
        lambda e: (dict(e.parameters), e.unread),
        ({"a": "b"}, ("resources",)),
    ),
]


@pytest.mark.parametrize(("more", "read", "expected"), READ)
def test_fields(more: dict[str, object], read: Callable[[Event], object], expected: object) -> None:
    """A field is read as it means; one that cannot be read is named, and the rest of the record still counts."""
    assert expected == read(event(**more))


REFUSED = [
    ({"errorCode": "AccessDenied"}, True),
    ({"errorCode": "AccessDeniedException"}, True),
    ({"errorCode": "Client.UnauthorizedOperation"}, True),
    ({"errorCode": "UnauthorizedOperation"}, True),
    ({"errorCode": "AuthorizationError"}, True),
    ({"errorCode": "NotAuthorized"}, True),
    ({"errorMessage": "User: x is not authorized to perform: sqs:SendMessage", "errorCode": "Failure"}, True),
    ({"errorCode": "ThrottlingException"}, False),
    ({"errorCode": "NoSuchBucket"}, False),
    ({"errorCode": ""}, False),
    ({}, False),
]


@pytest.mark.parametrize(("more", "refused"), REFUSED)
def test_what_was_refused_already(more: dict[str, object], refused: bool) -> None:
    """AWS's errors for want of permission are told from all the others."""
    assert refused is event(**more).refused


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(record())), ODD))
def test_no_record_is_too_odd(more: dict[str, object]) -> None:
    """Whatever stands in the fields, the record is read, and what is unreadable is among its own fields."""
    made = event(**more)
    assert {name.partition(".")[0] for name in made.unread} <= record(**more).keys()


@pytest.mark.parametrize("text", [b"", b"[]", b"1", b"{", b"null"])
def test_what_is_no_object_is_no_record(text: bytes) -> None:
    """Only what is no JSON object at all is refused."""
    with pytest.raises(msgspec.DecodeError):
        decode_event(text)


def test_text_and_value_give_the_same() -> None:
    """A record as text, as in a log file, is read as the one that is decoded already."""
    one, other = decode_event(json.dumps(record()).encode()), event_of(record())
    assert (one.identity, one.parameters) == (other.identity, other.parameters)
