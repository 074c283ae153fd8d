"""Policies: what there is of each type, its content and tags, and the targets of each policy.

Attachments are read policy by policy: a thousand accounts under fifteen types would take an hour target by target.
"""

from __future__ import annotations

from orgctl.aws.read.reading import Raw, Reading
from orgctl.aws.read.shapes import AttachmentInfo
from orgctl.aws.read.tags import want_tags
from orgctl.errors import AwsError
from orgctl.model.policy_types import RCP

_GONE = "PolicyNotFoundException"
_READABLE = frozenset({"ENABLED", "PENDING_ENABLE", "PENDING_DISABLE"})


def want_policies(reading: Reading, root: Raw) -> None:
    """Have the policies of every type read that is enabled, about to be, or asked for by the scope."""
    on = {kind["Type"] for kind in root.get("PolicyTypes", ()) if kind["Status"] in _READABLE}
    for policy_type in sorted(on | reading.scope.policy_types):
        reading.crew.submit("policies", _read_policies, reading, policy_type)


def _read_policies(reading: Reading, policy_type: str) -> None:
    for raw in reading.each("ListPolicies", "Policies", Filter=policy_type):
        reading.policies[raw["Id"]] = raw
        if not raw["AwsManaged"]:
            reading.crew.submit("policy contents", _read_content, reading, raw["Id"])
            want_tags(reading, raw["Id"])
        if raw["Id"] != RCP.default_policy:
            reading.crew.submit("attachments", _read_targets, reading, raw["Id"])


def _read_content(reading: Reading, policy_id: str) -> None:
    try:
        reading.contents[policy_id] = reading.ask("DescribePolicy", PolicyId=policy_id)["Policy"]["Content"]
    except AwsError as error:
        _note_gone(reading, error, policy_id)


def _read_targets(reading: Reading, policy_id: str) -> None:
    try:
        for raw in reading.each("ListTargetsForPolicy", "Targets", PolicyId=policy_id):
            reading.attachments.append(AttachmentInfo(policy_id, raw["TargetId"]))
    except AwsError as error:
        _note_gone(reading, error, policy_id)


def _note_gone(reading: Reading, error: AwsError, policy_id: str) -> None:
    if error.code != _GONE:
        raise error
    reading.gone.add(policy_id)
