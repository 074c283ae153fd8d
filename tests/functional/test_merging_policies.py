"""Two policies become one: the everyday case in which a new policy takes over the statements of old ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.planning import plan
from tests.functional.conftest import TERMS
from tests.functional.small import account, policy, write

pytestmark = pytest.mark.usefixtures("sandbox")


def merged(directory: Path, connection: Connection, slots: int) -> list[tuple[str, str, bool]]:
    """The guardrail calls, with whether each opens a gap, of a plan that merges `one` and `two` into `both`."""
    policy(directory, "scp/one", "s3:*")
    policy(directory, "scp/two", "ec2:*")
    write(directory, {"policies": ["scp/one", "scp/two"], "accounts": account("shop")})
    apply_manifest(directory, connection, TERMS)
    policy(directory, "scp/both", "s3:*", "ec2:*")
    for name in ("one", "two"):
        (directory / f"policies/scp/{name}.json").unlink()
    limits = {"quotas": {"scp_attached": slots}}
    write(directory, {"policies": ["scp/both"], "accounts": account("shop")}, limits=limits)
    operations = plan(directory, connection).plan.operations
    return [(o.action, o.address, bool(o.guardrail_gap)) for o in operations if o.action.endswith("tachPolicy")]


def test_with_room_there_is_no_gap(tmp_path: Path, connection: Connection) -> None:
    """The new policy is attached first, and guards from then on: neither detachment opens a gap."""
    assert merged(tmp_path, connection, slots=10) == [
        ("AttachPolicy", "scp/both@ou:/", False),
        ("DetachPolicy", "scp/one@ou:/", False),
        ("DetachPolicy", "scp/two@ou:/", False),
    ]


def test_on_a_full_target_one_gap_is_enough(tmp_path: Path, connection: Connection) -> None:
    """One policy has to make room; the other stays until the new one is there."""
    assert merged(tmp_path, connection, slots=3) == [
        ("DetachPolicy", "scp/one@ou:/", True),
        ("AttachPolicy", "scp/both@ou:/", False),
        ("DetachPolicy", "scp/two@ou:/", False),
    ]
