"""Makes `docs/guides/staged.json`, a sandbox with a policy on its first stage, and what was recorded in it since.

python -m docs.staged
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from docs.existing import written
from orgctl.api.applying import Terms, apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.replaying import Replaying
from orgctl.sandbox.embedded import Sandbox, running

FOLDER = Path(__file__).parent / "guides" / "staged"
FILE = FOLDER.with_suffix(".json")
TRAIL = FOLDER / "trail" / "records.json"

THEN = datetime(2026, 11, 2, 6, tzinfo=UTC)
DAYS = 9

Record = dict[str, object]


def main() -> None:
    """Write the files."""
    with running(seed=5) as sandbox:
        os.environ.update(sandbox.environment())
        terms = Terms(confirm=lambda _plan: None, replaying=Replaying(skip=True, now=lambda: THEN))
        apply_manifest(FOLDER, Connection(paced=False), terms)
        FILE.write_text(written(sandbox), encoding="utf-8")
        records = list(_records(sandbox))
    TRAIL.parent.mkdir(exist_ok=True)
    TRAIL.write_text(json.dumps({"Records": records}, indent=1) + "\n", encoding="utf-8")


def _records(sandbox: Sandbox) -> Iterator[Record]:
    organization = sandbox.organization
    ids = {account.name: account.id for account in organization.accounts.values()}
    policy = next(each.id for each in organization.policies.values() if each.name == "region-lock")
    arn = f"arn:aws:organizations::{organization.management}:policy/{organization.id}/service_control_policy/{policy}"
    for day in range(DAYS + 1):
        time = THEN + timedelta(days=day)
        yield _call(ids["shop"], "Checkout", "sqs.amazonaws.com", "ListQueues", time, "eu-west-1")
        if day % 3 == 1:
            yield _call(ids["dev"], "Backup", "rds.amazonaws.com", "CopyDBSnapshot", time, "eu-central-1")
        if day in (2, 5):
            yield _refused(_call(ids["try"], "Experiment", "ec2.amazonaws.com", "RunInstances", time, "us-west-2"), arn)


def _call(account: str, role: str, source: str, name: str, time: datetime, region: str) -> Record:
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{account}:role/{role}", "accountId": account}
    attributes = {"creationDate": f"{time:%Y-%m-%dT%H:%M:%SZ}", "mfaAuthenticated": "false"}
    return {
        "eventVersion": "1.11",
        "eventID": f"{role.lower()}-{time:%m%d}",
        "eventType": "AwsApiCall",
        "eventTime": f"{time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": source,
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "aws-cli/2",
        "recipientAccountId": account,
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROAEXAMPLE{role.upper()}:session",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/session",
            "accountId": account,
            "sessionContext": {"sessionIssuer": issuer, "attributes": attributes},
        },
        "requestParameters": {},
    }


def _refused(record: Record, policy: str) -> Record:
    identity = record["userIdentity"]
    who = identity["arn"] if isinstance(identity, dict) else ""
    action = f"{str(record['eventSource']).partition('.')[0]}:{record['eventName']}"
    why = f"with an explicit deny in a service control policy: {policy}"
    message = (
        f"You are not authorized to perform this operation. User: {who} is not authorized to perform: {action} {why}"
    )
    return {**record, "errorCode": "Client.UnauthorizedOperation", "errorMessage": message}


if __name__ == "__main__":
    main()
