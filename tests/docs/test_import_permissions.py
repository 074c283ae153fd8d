"""The policy that the reference gives for an import is enough for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.pages.permissions import for_import
from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.importing import import_organization
from orgctl.api.planning import plan
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS, connection, example, sandbox
from tests.functional.test_least_privilege import become

__all__ = ["connection", "example", "sandbox"]


@pytest.mark.slow
def test_an_import_under_its_policy(
    example: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The example, imported with IAM enforced and no other permission: trail and bucket too, and the plan is empty."""
    apply_manifest(example, connection, TERMS)
    sandbox.configure(enforce_iam=True)
    become(monkeypatch, sandbox, "importer", for_import("111111111111"))
    imported = import_organization(tmp_path / "imported", connection, home_region="eu-west-1")
    assert imported.declared.contents.manifest.trail is not None
    assert plan(tmp_path / "imported", connection).plan.is_empty
