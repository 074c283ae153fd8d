"""AWS Config across an organization: from nothing to packs in every account, and back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.connection import Connection
from orgctl.api.permissions import names_for
from orgctl.api.planning import open_for, plan, plan_loaded
from orgctl.aws.permissions import Command, Document, policies
from orgctl.manifest import load
from orgctl.reconcile.calls import calls_to
from orgctl.reconcile.executor import execute
from orgctl.reconcile.plan import Action
from orgctl.sandbox.embedded import Sandbox, running
from tests.functional.conftest import REPOSITORY, TERMS
from tests.functional.small import account, write
from tests.functional.test_interruption import Killed, Mortal
from tests.functional.test_least_privilege import become
from tests.sandbox.configured import recorder
from tests.sandbox.functions import function, role
from tests.sandbox.test_lambda import layer

PACK = """\
description: Layers
targets: ["ou:/Workloads"]
rules:
  - rule: LAMBDA_LAYER_REQUIRED
    parameters: {ApprovedLayers: "arn:aws:lambda:*:580247275435:layer:LambdaInsightsExtension:*"}
    remediation:
      document: orgctl-add-lambda-layer
      parameters:
        FunctionName: RESOURCE_ID
        LayerVersionArn: "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53"
  - managed: LAMBDA_CONCURRENCY_CHECK
"""
SERVICES = ["config.amazonaws.com", "config-multiaccountsetup.amazonaws.com"]


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """One in which accounts record only where somebody sees to it."""
    with running(seed=7) as started:
        for name, value in started.environment().items():
            monkeypatch.setenv(name, value)
        yield started


def manifest(directory: Path, *packs: str, pack: str = PACK) -> Path:
    """An organization with an administrator of AWS Config, two workloads, and these packs."""
    for rule in ("LAMBDA_LAYER_REQUIRED", "organization_rule"):
        shutil.copytree(REPOSITORY / "config_rules" / rule, directory / "config_rules" / rule, dirs_exist_ok=True)
    folder = directory / "conformance_packs"
    shutil.copytree(REPOSITORY / "conformance_packs/remediation", folder / "remediation", dirs_exist_ok=True)
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


def verdicts(sandbox: Sandbox, rule: str) -> dict[str, str]:
    """By account id, what the organization's aggregator says of a rule once everything has settled."""
    assert sandbox.settled()
    config = client(sandbox, "config", "audit")
    asked = {"ConfigurationAggregatorName": "organization"}
    pages = config.get_paginator("describe_aggregate_compliance_by_config_rules").paginate(**asked)
    found = [entry for page in pages for entry in page["AggregateComplianceByConfigRules"]]
    return {
        entry["AccountId"]: entry["Compliance"]["ComplianceType"]
        for entry in found
        if entry["ConfigRuleName"].startswith(f"{rule}-conformance-pack-")
    }


@pytest.mark.slow
def test_what_a_pack_finds_can_be_mended(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """A function without its layer is NON_COMPLIANT in the aggregator; our document adds the layer; then it complies.

    Everything between is what was deployed: the built rule in the administrator's function, which enters the member
    through the evaluation role, and the shared document, both under IAM.
    """
    sandbox.configure(enforce_iam=True)
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop", "data")
    shop, lambdas = id_of(sandbox, "shop"), client(sandbox, "lambda", "shop")
    approved, own = layer(lambdas, "approved"), layer(lambdas, "own")
    pack = PACK.replace("arn:aws:lambda:*:580247275435:layer:LambdaInsightsExtension:*", approved)
    pack = pack.replace("arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53", approved)
    _, outcome = apply_manifest(manifest(tmp_path, "layers", pack=pack), connection, TERMS)
    assert {n: e.message for n, e in outcome.failed.items()} == {}
    function(lambdas, role(sandbox, shop), "orders", Layers=[own])
    assert verdicts(sandbox, "lambda-layer-required")[shop] == "NON_COMPLIANT"
    config = client(sandbox, "config", "shop")
    (rule,) = [
        r["ConfigRuleName"] for r in config.describe_config_rules()["ConfigRules"] if "layer" in r["ConfigRuleName"]
    ]
    key = {"resourceType": "AWS::Lambda::Function", "resourceId": "orders"}
    assert "FailedItems" not in config.start_remediation_execution(ConfigRuleName=rule, ResourceKeys=[key])
    assert verdicts(sandbox, "lambda-layer-required")[shop] == "COMPLIANT"
    layers = lambdas.get_function_configuration(FunctionName="orders")["Layers"]
    assert [found["Arn"] for found in layers] == [own, approved]


def test_from_nothing_to_packs_and_back(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Accounts first; then the pack is in the two workloads, and a second plan is empty; then nothing is left of it."""
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop", "data")
    _, outcome = apply_manifest(manifest(tmp_path, "layers"), connection, TERMS)
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


CALLS = 14
"""How many calls the plan for the first pack has."""


@pytest.fixture
def ready(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> Path:
    """The organization is there, its workloads record, and the manifest wants a first pack."""
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop", "data")
    return manifest(tmp_path, "layers")


def test_as_many_calls_are_made_as_are_killed_below(ready: Path, connection: Connection) -> None:
    """Every call is killed once after its effect; before the next has the same effect."""
    assert len(plan(ready, connection).plan.operations) == CALLS


@pytest.mark.slow
@pytest.mark.parametrize("nth", range(1, CALLS + 1))
def test_whatever_is_left_is_planned_and_done(nth: int, ready: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Killed at any call, the next apply finishes, and the plan after it is empty."""
    loaded = load(ready)
    aws = open_for(loaded, connection)
    saved = plan_loaded(loaded, aws)
    with pytest.raises(Killed):
        execute(saved.plan, Mortal(calls_to(aws), nth))
    _, outcome = apply_manifest(ready, connection, TERMS)
    assert {n: e.message for n, e in outcome.failed.items()} == {}
    assert plan(ready, connection).plan.is_empty


def test_a_failure_in_one_account_does_not_hide_the_others(
    tmp_path: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """AWS's reason is told with the account; the others have the pack; later plans say it again, and change nothing."""
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop")
    _, outcome = apply_manifest(manifest(tmp_path, "layers"), connection, TERMS)
    (error,) = outcome.failed.values()
    data = f"`data` ({id_of(sandbox, 'data')})"
    assert error.message.startswith(f"conformance pack `layers` failed in 1 account: {data}: ")
    assert len(client(sandbox, "config", "shop").describe_conformance_packs()["ConformancePackDetails"]) == 1
    again = plan(tmp_path, connection).plan
    assert again.is_empty
    assert [(f.address, f.message.endswith(f": {data}")) for f in again.findings] == [
        ("config", True),
        ("pack:layers@eu-west-1", True),
    ]


def test_an_account_that_joins_gets_pack_and_role(ready: Path, sandbox: Sandbox, connection: Connection) -> None:
    """AWS brings both by itself; what orgctl adds is that the function answers for it."""
    apply_manifest(ready, connection, TERMS)
    text = (ready / "organization.yaml").read_text()
    joined = text.replace("        data:\n", "        late:\n          email: aws+late@example.com\n        data:\n")
    (ready / "organization.yaml").write_text(joined)
    made, outcome = apply_manifest(ready, connection, TERMS)
    assert {n: e.message for n, e in outcome.failed.items()} == {}
    assert [o.action for o in made.operations if o.service == "lambda"] == ["PutResourcePolicy"]
    assert client(sandbox, "iam", "late").get_role(RoleName="orgctl-config-evaluation")["Role"]["RoleName"]
    assert plan(ready, connection).plan.is_empty


def test_a_recorder_that_stands_still_is_told(ready: Path, sandbox: Sandbox, connection: Connection) -> None:
    """With the account and the region; and where there is none at all."""
    apply_manifest(ready, connection, TERMS)
    config = client(sandbox, "config", "shop")
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    (finding,) = plan(ready, connection).plan.findings
    problem = "the configuration recorder `default` is stopped in eu-west-1"
    assert finding.message == f"{problem}: `shop` ({id_of(sandbox, 'shop')})"


def test_without_its_administrator_aws_config_is_left_alone(
    ready: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """An account that cannot be entered is one finding, and everything else is planned."""
    apply_manifest(ready, connection, TERMS)
    iam = client(sandbox, "iam", "audit")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    iam.update_assume_role_policy(RoleName="OrganizationAccountAccessRole", PolicyDocument=document)
    sandbox.configure(enforce_iam=True)
    made = plan(ready, connection).plan
    assert [finding.address for finding in made.findings] == ["config"]
    assert made.is_empty


def test_a_changed_template_is_sent_to_every_account(ready: Path, sandbox: Sandbox, connection: Connection) -> None:
    """And the hash tag then tells that it is there."""
    apply_manifest(ready, connection, TERMS)
    manifest(ready, "layers", pack=f"{PACK}  - managed: LAMBDA_DLQ_CHECK\n")
    made, outcome = apply_manifest(ready, connection, TERMS)
    assert outcome.complete
    assert [o.action for o in made.operations] == [
        "PutOrganizationConformancePack",
        "TagResource",
        "GetOrganizationConformancePackDetailedStatus",
    ]
    rules = client(sandbox, "config", "data").describe_config_rules()["ConfigRules"]
    assert sorted(rule["ConfigRuleName"].partition("-conformance-pack-")[0] for rule in rules) == [
        "lambda-concurrency-check",
        "lambda-dlq-check",
        "lambda-layer-required",
    ]
    assert plan(ready, connection).plan.is_empty


def test_under_the_least_policies(
    tmp_path: Path, sandbox: Sandbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pack comes and goes under the policies that `orgctl permissions apply` prints, with IAM enforced."""
    sandbox.configure(enforce_iam=True)
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop", "data")
    plan(manifest(tmp_path, "layers"), connection)  # enters each account: the sandbox makes its access role then
    made = policies(Command.APPLY, names_for(tmp_path))
    assert made.administrator is not None
    assert made.member is not None
    for name, document in (("audit", made.administrator), ("shop", made.member), ("data", made.member)):
        narrow(sandbox, name, document)
    become(monkeypatch, sandbox, "applier", made.caller)
    for packs in (["layers"], []):
        _, outcome = apply_manifest(manifest(tmp_path, *packs), connection, TERMS)
        assert {number: error.message for number, error in outcome.failed.items()} == {}
    assert plan(tmp_path, connection).plan.is_empty


def narrow(sandbox: Sandbox, name: str, document: Document) -> None:
    """Leave the access role of an account nothing but this policy."""
    iam, role = client(sandbox, "iam", name), "OrganizationAccountAccessRole"
    iam.delete_role_policy(RoleName=role, PolicyName="AdministratorAccess")
    iam.put_role_policy(RoleName=role, PolicyName="orgctl", PolicyDocument=json.dumps(document))


def test_a_pack_that_somebody_changed_in_a_member_is_told(
    ready: Path, sandbox: Sandbox, connection: Connection
) -> None:
    """The tag does not tell, but the number of the pack's rules in the account does."""
    apply_manifest(ready, connection, TERMS)
    home = sandbox.front.cloud.config.home(id_of(sandbox, "shop"), "eu-west-1")
    gone = next(name for name in home.rules if name.startswith("lambda-concurrency-check-"))
    del home.rules[gone]
    (finding,) = plan(ready, connection).plan.findings
    shop = f"`shop` ({id_of(sandbox, 'shop')})"
    assert (
        finding.message
        == f"conformance pack `layers` does not have the rules that it was given (1 instead of 2): {shop}"
    )
