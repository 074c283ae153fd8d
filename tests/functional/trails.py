"""Records of calls in the accounts of a sandbox, to be held against plans."""

from __future__ import annotations

import json
from pathlib import Path

from orgctl.sandbox.embedded import Sandbox
from tests.replay.records import record


def account_id(sandbox: Sandbox, name: str) -> str:
    """The id that the sandbox gave an account, by its e-mail's name as `small.account` writes it."""
    accounts = sandbox.organization.accounts.values()
    return next(each.id for each in accounts if each.email == f"aws+{name}@example.com")


def call(account: str, event_id: str, *, role: str = "Dev", **more: object) -> dict[str, object]:
    """A role's sqs:SendMessage in an account."""
    issuer = f"arn:aws:iam::{account}:role/{role}"
    identity = {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:jane",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/jane",
        "accountId": account,
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": issuer, "accountId": account},
            "attributes": {"creationDate": "2026-11-02T08:00:00Z", "mfaAuthenticated": "false"},
        },
    }
    asked = {"queueUrl": f"https://sqs.eu-west-1.amazonaws.com/{account}/q"}
    given: dict[str, object] = {
        "eventID": event_id,
        "userIdentity": identity,
        "recipientAccountId": account,
        "requestParameters": asked,
    }
    return record(**{**given, **more})


def write_trail(path: Path, *records: object) -> Path:
    """A log file of CloudTrail's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"Records": list(records)}))
    return path
