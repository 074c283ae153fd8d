"""Saved plans: they are applied as they are, or refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_saved
from orgctl.api.connection import Connection
from orgctl.api.planning import plan
from orgctl.errors import InvalidInputError, RefusedError, StalePlanError
from orgctl.reconcile.plan_file import load, save
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.small import account, policy, write


@pytest.fixture
def file(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> Path:
    """A saved plan that has every kind of value in it."""
    policy(tmp_path, "scp/p", "s3:*")
    write(tmp_path, {"policies": ["scp/p"], "units": {"A": {"accounts": account("one", tags={"a": "b"})}}})
    save(plan(tmp_path, connection), tmp_path / "plan.json")
    return tmp_path / "plan.json"


def test_a_saved_plan_is_the_plan(tmp_path: Path, file: Path, connection: Connection) -> None:
    """What is read from the file equals what was saved, but for the types of shown values."""
    fresh = plan(tmp_path, connection)
    assert load(file).plan.operations == fresh.plan.operations
    assert load(file).fingerprints == fresh.fingerprints
    assert load(file).scope == fresh.scope


def test_a_saved_plan_is_applied_without_the_manifest(tmp_path: Path, file: Path, connection: Connection) -> None:
    """The file is enough, and the plan after it is empty."""
    (tmp_path / "organization.yaml").rename(tmp_path / "away")
    _, outcome = apply_saved(load(file), connection, TERMS)
    assert outcome.complete
    (tmp_path / "away").rename(tmp_path / "organization.yaml")
    assert plan(tmp_path, connection).plan.is_empty


def test_a_stale_plan_says_what_has_changed(file: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Anything that was read and is different now stops the apply before its first call."""
    organizations = boto3.client("organizations", region_name="us-east-1")
    organizations.create_organizational_unit(ParentId=sandbox.organization.root, Name="Surprise")
    before = sandbox.calls()
    with pytest.raises(StalePlanError, match=r"AWS has changed since the plan was made: OU Surprise .* is new"):
        apply_saved(load(file), connection, TERMS)
    new = {name for name, count in sandbox.calls().items() if count > before.get(name, 0)}
    assert not [name for name in new if not name.partition(":")[2].startswith(("List", "Describe", "Get"))]


def _truncated(text: str) -> str:
    return text[: len(text) // 2]


def _edited(text: str) -> str:
    return text.replace('"TargetId": "r-', '"TargetId": "x-', 1)


def _resigned_nonsense(text: str) -> str:
    return json.dumps({"kind": "orgctl-plan", "format_version": 1})


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (_truncated, "it is not whole JSON text; was it cut"),
        (_edited, "it was edited or damaged since it was saved"),
        (_resigned_nonsense, "it was edited or damaged since it was saved"),
        (lambda text: "", "it is not whole JSON text"),
        (lambda text: "[]", "it was not written by `orgctl plan --out`"),
        (lambda text: text.replace('"format_version": 1', '"format_version": 99', 1), "its format version is 99"),
    ],
)
def test_a_damaged_plan_is_refused(file: Path, damage: Callable[[str], str], why: str) -> None:
    """Cut, edited, empty or of another version: one sentence says which."""
    file.write_text(damage(file.read_text()))
    with pytest.raises(InvalidInputError, match=why):
        load(file)


def test_a_missing_plan_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(InvalidInputError, match=r"cannot be read: No such file or directory"):
        load(tmp_path / "none.json")


def test_a_plan_of_another_organization_is_refused(
    file: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials of an account other than the plan's management account stop it at once."""
    for name, value in sandbox.environment("999999999999").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RefusedError, match="the credentials are of account `999999999999`"):
        apply_saved(load(file), Connection(paced=False), TERMS)


def test_a_plan_holds_no_secret(file: Path, sandbox: Sandbox) -> None:
    """Neither access keys nor tokens are in the file."""
    text = file.read_text()
    assert not [secret for secret in sandbox.credentials().values() if secret != "us-east-1" and secret in text]
