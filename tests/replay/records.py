"""Records as CloudTrail writes them, to be varied."""

from __future__ import annotations

from orgctl.replay.event import Event, event_of

SHOP = "222222222222"
DEV = f"arn:aws:iam::{SHOP}:role/path/Dev"
SESSION = f"arn:aws:sts::{SHOP}:assumed-role/Dev/jane"
JANE = {
    "type": "IAMUser",
    "arn": f"arn:aws:iam::{SHOP}:user/team/Jane",
    "accountId": SHOP,
    "principalId": "AIDAEXAMPLE",
}


def session(role: str = DEV, **more: object) -> dict[str, object]:
    name = role.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:jane",
        "arn": f"arn:aws:sts::{SHOP}:assumed-role/{name}/jane",
        "accountId": SHOP,
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": role, "accountId": SHOP},
            "attributes": {"creationDate": "2026-11-02T08:00:00Z", "mfaAuthenticated": "false"},
        },
        **more,
    }


def record(**more: object) -> dict[str, object]:
    return {
        "eventVersion": "1.11",
        "eventID": "00000000-0000-4000-8000-000000000000",
        "eventType": "AwsApiCall",
        "userIdentity": session(),
        "eventTime": "2026-11-02T09:00:00Z",
        "eventSource": "sqs.amazonaws.com",
        "eventName": "SendMessage",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.4",
        "userAgent": "aws-cli/2",
        "recipientAccountId": SHOP,
        "requestParameters": {"queueUrl": f"https://sqs.eu-west-1.amazonaws.com/{SHOP}/q"},
        **more,
    }


def event(**more: object) -> Event:
    return event_of(record(**more))
