"""AWS Config across an organization: from nothing to packs in every account, and back."""

from __future__ import annotations

import shutil
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.planning import plan
from orgctl.reconcile.plan import Action
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import REPOSITORY, TERMS
from tests.functional.small import account, write
from tests.sandbox.configured import recorder

PACK = """\
description: Layers
targets: ["ou:/Workloads"]
rules:
  - rule: LAMBDA_LAYER_REQUIRED
    parameters: {ApprovedLayers: "arn:aws:lambda:*:580247275435:layer:LambdaInsightsExtension:*"}
  - managed: LAMBDA_CONCURRENCY_CHECK
"""
SERVICES = ["config.amazonaws.com", "config-multiaccountsetup.amazonaws.com"]


def manifest(directory: Path, *packs: str, pack: str = PACK) -> Path:
    """An organization with an administrator of AWS Config, two workloads, and these packs."""
    shutil.copytree(REPOSITORY / "config_rules", directory / "config_rules", dirs_exist_ok=True)
    folder = directory / "conformance_packs"
    folder.mkdir(exist_ok=True)
    (folder / "layers.yaml").write_text(pack)
    root = {
        "units": {
            "Security": {"accounts": account("audit")},
            "Workloads": {"accounts": {**account("shop"), **account("data")}},
        }
    }
    organization = {
        "trusted_access": SERVICES,
        "delegated_administrators": {service: ["audit"] for service in SERVICES},
    }
    config = {"administrator": "audit", "packs": list(packs)}
    return write(directory, root, organization=organization, config=config)


def id_of(sandbox: Sandbox, name: str) -> str:
    return next(i for i, found in sandbox.organization.accounts.items() if found.name == name)


def client(sandbox: Sandbox, service: str, name: str):  # type: ignore[no-untyped-def]
    credentials = sandbox.credentials(id_of(sandbox, name), region="eu-west-1")
    return boto3.client(service, endpoint_url=sandbox.endpoint_url, **credentials)


def record(sandbox: Sandbox, *names: str) -> None:
    """Have AWS Config record in these accounts."""
    for name in names:
        recorder(sandbox, id_of(sandbox, name), "eu-west-1")


def test_from_nothing_to_packs_and_back(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Accounts first; then the pack is in the two workloads, and a second plan is empty; then nothing is left of it."""
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop", "data")
    made, outcome = apply_manifest(manifest(tmp_path, "layers"), connection, TERMS)
    assert {n: e.message for n, e in outcome.failed.items()} == {}
    assert outcome.complete
    packs = client(sandbox, "config", "shop").describe_conformance_packs()["ConformancePackDetails"]
    assert len(packs) == 1
    again = plan(tmp_path, connection).plan
    assert ([c.address for c in again.changes if c.action is not Action.NO_OP], again.findings) == ([], ())
    _, outcome = apply_manifest(manifest(tmp_path), connection, TERMS)
    assert {n: e.message for n, e in outcome.failed.items()} == {}
    assert client(sandbox, "config", "shop").describe_conformance_packs()["ConformancePackDetails"] == []
    assert client(sandbox, "lambda", "audit").list_functions()["Functions"] == []
    assert plan(tmp_path, connection).plan.is_empty
