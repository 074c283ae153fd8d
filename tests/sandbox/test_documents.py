"""Policy documents: what is malformed, and what becomes of them by inheritance."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orgctl.sandbox.embedded import Sandbox
from orgctl.sandbox.messages import RefusalError
from orgctl.sandbox.organizations.documents import refuse_malformed
from orgctl.sandbox.organizations.effective import merge, plain
from tests.sandbox.conftest import enabled, policy, root_of

DENY: dict[str, Any] = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
RCP: dict[str, Any] = {**DENY, "Principal": "*"}


def document(statement: object, version: object = "2012-10-17") -> str:
    return json.dumps({"Version": version, "Statement": statement})


ACCEPTED = [
    ("SERVICE_CONTROL_POLICY", document([DENY])),
    ("SERVICE_CONTROL_POLICY", document(DENY)),
    ("SERVICE_CONTROL_POLICY", document({"Effect": "Allow", "NotAction": ["iam:*"], "NotResource": "arn:aws:s3:::x"})),
    (
        "SERVICE_CONTROL_POLICY",
        document({**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Sid": "A1"}),
    ),
    ("RESOURCE_CONTROL_POLICY", document([RCP])),
    ("TAG_POLICY", '{"tags":{}}'),
    ("GUARDDUTY_POLICY", '{"whatever":{}}'),
]
MALFORMED = [
    ("SERVICE_CONTROL_POLICY", "{"),
    ("SERVICE_CONTROL_POLICY", "[]"),
    ("SERVICE_CONTROL_POLICY", document([DENY], "2008-10-17")),
    ("SERVICE_CONTROL_POLICY", document([])),
    ("SERVICE_CONTROL_POLICY", document(["x"])),
    ("SERVICE_CONTROL_POLICY", document([RCP])),
    ("SERVICE_CONTROL_POLICY", document({**DENY, "Effect": "deny"})),
    ("SERVICE_CONTROL_POLICY", document({**DENY, "NotAction": "iam:*"})),
    ("SERVICE_CONTROL_POLICY", document({"Effect": "Deny", "Action": "s3:*"})),
    ("SERVICE_CONTROL_POLICY", document({**DENY, "Action": "s3"})),
    ("SERVICE_CONTROL_POLICY", document({**DENY, "Action": []})),
    ("SERVICE_CONTROL_POLICY", document({**DENY, "Sid": "no-hyphens"})),
    ("SERVICE_CONTROL_POLICY", document([{**DENY, "Sid": "A"}, {**DENY, "Sid": "A"}])),
    ("SERVICE_CONTROL_POLICY", document({**DENY, "Condition": []})),
    ("SERVICE_CONTROL_POLICY", json.dumps({"Version": "2012-10-17", "Statement": [DENY], "Statements": []})),
    ("RESOURCE_CONTROL_POLICY", document({**RCP, "Effect": "Allow"})),
    ("RESOURCE_CONTROL_POLICY", document({**RCP, "Action": "*"})),
    ("RESOURCE_CONTROL_POLICY", document({**RCP, "Principal": {"AWS": "111111111111"}})),
    ("RESOURCE_CONTROL_POLICY", document(DENY)),
    ("TAG_POLICY", '{"plans":{}}'),
    ("BACKUP_POLICY", "no"),
]


@pytest.mark.parametrize(("kind", "content"), ACCEPTED)
def test_a_document_that_aws_takes(kind: str, content: str) -> None:
    """These are well formed for their type."""
    refuse_malformed(kind, content)


@pytest.mark.parametrize(("kind", "content"), MALFORMED)
def test_a_document_that_aws_refuses(kind: str, content: str) -> None:
    """Each of these is a MalformedPolicyDocumentException."""
    with pytest.raises(RefusalError) as caught:
        refuse_malformed(kind, content)
    assert caught.value.code == "MalformedPolicyDocumentException"


MERGES = [
    ("assign replaces", [{"a": {"@@assign": "x"}}, {"a": {"@@assign": "y"}}], {"a": "y"}),
    ("append adds once", [{"a": {"@@assign": ["x"]}}, {"a": {"@@append": ["x", "y"]}}], {"a": ["x", "y"]}),
    ("remove takes away", [{"a": {"@@assign": ["x", "y"]}}, {"a": {"@@remove": ["x"]}}], {"a": ["y"]}),
    ("keys differ by more than case", [{"Cost": {"@@assign": 1}}, {"cost": {"@@assign": 2}}], {"Cost": 2}),
    ("siblings stay", [{"a": {"@@assign": 1}}, {"b": {"@@assign": 2}}], {"a": 1, "b": 2}),
    (
        "a parent can forbid",
        [{"a": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": 1}}, {"a": {"@@assign": 2}}],
        {"a": 1},
    ),
]


@pytest.mark.parametrize(("fact", "levels", "expected"), MERGES)
def test_inheritance(fact: str, levels: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    """The operators of management policies, from the root down."""
    merged: dict[str, Any] = {}
    for level in levels:
        merge(merged, level)
    assert (fact, expected) == (fact, plain(merged))


def test_an_effective_policy_is_described(sandbox: Sandbox, organizations: Any) -> None:
    """What the root assigns, the account inherits."""
    enabled(organizations, root_of(sandbox), "TAG_POLICY")
    content = '{"tags":{"owner":{"tag_key":{"@@assign":"Owner"}}}}'
    organizations.attach_policy(PolicyId=policy(organizations, "t", content, "TAG_POLICY"), TargetId=root_of(sandbox))
    found = organizations.describe_effective_policy(PolicyType="TAG_POLICY")["EffectivePolicy"]
    assert (
        json.loads(found["PolicyContent"]),
        found["TargetId"],
    ) == ({"tags": {"owner": {"tag_key": "Owner"}}}, "111111111111")
