"""Makes `docs/guides/existing.json`: a sandbox with an organization that grew by hand, for the guide to import it.

python -m docs.existing
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3

from orgctl.sandbox.embedded import Sandbox, running
from orgctl.sandbox.snapshot import snapshot

FILE = Path(__file__).parent / "guides" / "existing.json"

UNITS = {"Core": "", "Teams": "", "Payments": "Teams", "Search": "Teams"}
"""OUs by name, with the OU above."""
ACCOUNTS = {
    "logs": "Core",
    "tooling": "Core",
    "payments-prod": "Payments",
    "payments-dev": "Payments",
    "search": "Search",
}
POLICIES = {"DenyIamUsers": "iam:CreateUser", "aws-guardrails-fGqYxL": "cloudtrail:StopLogging"}
_THEN = 1_700_000_000.0
_TIMES = frozenset({"created", "joined", "updated", "requested", "completed", "ready", "due"})


def main() -> None:
    """Write the file."""
    with running(seed=3) as sandbox:
        _grow(sandbox)
        FILE.write_text(written(sandbox), encoding="utf-8")


def written(sandbox: Sandbox) -> str:
    """A sandbox as a file to start another one from."""
    with sandbox.front.lock:
        state = _at_one_time(snapshot(sandbox.front))
    return json.dumps(state, indent=1) + "\n"


def _grow(sandbox: Sandbox) -> None:
    settings: dict[str, Any] = {**sandbox.credentials(), "endpoint_url": sandbox.endpoint_url}
    aws = boto3.client("organizations", **settings)
    root = aws.list_roots()["Roots"][0]["Id"]
    aws.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    while not any(kind["Status"] == "ENABLED" for each in aws.list_roots()["Roots"] for kind in each["PolicyTypes"]):
        pass
    ids = {"": root}
    for name, above in UNITS.items():
        unit = aws.create_organizational_unit(ParentId=ids[above], Name=name)
        ids[name] = unit["OrganizationalUnit"]["Id"]
    for name, unit_name in ACCOUNTS.items():
        request = aws.create_account(Email=f"aws+{name}@example.com", AccountName=name)["CreateAccountStatus"]["Id"]
        status: Any = {}
        while status.get("State") != "SUCCEEDED":
            status = aws.describe_create_account_status(CreateAccountRequestId=request)["CreateAccountStatus"]
        aws.move_account(AccountId=status["AccountId"], SourceParentId=root, DestinationParentId=ids[unit_name])
    for name, action in POLICIES.items():
        statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
        content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        policy = aws.create_policy(Content=content, Description="", Name=name, Type="SERVICE_CONTROL_POLICY")
        aws.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=ids["Teams"])


def _at_one_time(value: Any, key: str = "") -> Any:
    """The state with every time the same, so that making it again changes nothing."""
    if isinstance(value, dict):
        return {name: _at_one_time(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_at_one_time(inner) for inner in value]
    return _THEN if key in _TIMES and isinstance(value, float) else value


if __name__ == "__main__":
    main()
