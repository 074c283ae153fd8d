"""`orgctl permissions`: the documents of the manifest here, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orgctl.api.permissions import names_for
from orgctl.aws.permissions import Command, Names, policies
from orgctl.cli import orgctl

MANIFEST = """\
version: 1
organization: {management_account: "111111111111", home_region: cn-north-1, regions: [cn-north-1], access_role: Enter}
root:
  accounts:
    management: {id: "111111111111", email: aws@example.com}
    log-archive: {id: "222222222222", email: log@example.com}
"""
TRAIL = "trail: {name: org, bucket: {name: logs-1, account: log-archive}}\nlock: {bucket: locks-1}\n"


def directory(tmp_path: Path, more: str) -> Path:
    (tmp_path / "organization.yaml").write_text(MANIFEST + more, encoding="utf-8")
    return tmp_path


REPLAY = "replay: {events: [trail, 's3://records-1/kept']}\n"


def test_the_policies_are_narrowed_to_what_the_manifest_names(tmp_path: Path) -> None:
    """Partition, accounts, role, trail, bucket, lock, and recorded events in S3."""
    expected = Names("111111111111", "aws-cn", "Enter", "org", "logs-1", "222222222222", "locks-1", "orgctl.lock")
    events: dict[str, Any] = {"events": ("records-1/kept",), "log_files": "logs-1/AWSLogs/"}
    assert names_for(directory(tmp_path, TRAIL + REPLAY)) == replace(expected, **events)


def test_without_trail_and_lock_nothing_is_said_of_them(tmp_path: Path) -> None:
    """Their permissions are left out then."""
    assert names_for(directory(tmp_path, "")) == Names("111111111111", "aws-cn", "Enter")


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_json_holds_each_document(tmp_path: Path, command: str) -> None:
    """Versioned, with the keys of `Policies`."""
    here = directory(tmp_path, TRAIL)
    result = CliRunner().invoke(orgctl, ["-C", str(here), "permissions", command, "--format", "json"])
    made = policies(Command(command), names_for(here))
    assert json.loads(result.stdout) == {
        "format_version": 1,
        "command": command,
        "policies": {
            "caller": made.caller,
            "access_role": made.access_role,
            "access_role_trust": made.access_role_trust,
        },
    }


def test_text_says_whom_each_document_is_for(tmp_path: Path) -> None:
    """The account, and the role in the bucket's account."""
    result = CliRunner().invoke(orgctl, ["-C", str(directory(tmp_path, TRAIL)), "permissions", "plan"])
    titles = [line for line in result.stdout.splitlines() if line.startswith("#")]
    assert titles == [
        "# for whoever runs `orgctl plan` in account 111111111111",
        "# for the role `Enter` in the account of the bucket (222222222222)",
        "# the trust policy of that role",
    ]
