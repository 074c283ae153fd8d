"""Reports from the sandbox: a real pack in real accounts, its rules have run, and the aggregator tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orgctl.api.applying import apply_manifest
from orgctl.api.compliance import Question, compliance_report
from orgctl.api.connection import Connection
from orgctl.compliance.report import Report
from orgctl.compliance.verdict import Counts, Verdict
from orgctl.compliance.waivers import Standing
from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.sandbox.embedded import Sandbox
from tests.functional.conftest import TERMS
from tests.functional.test_config import client, id_of, manifest, record
from tests.sandbox.functions import function, role

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LAYER = "lambda-layer-required"
CONCURRENCY = "lambda-concurrency-check"


@pytest.fixture
def watched(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> Path:
    """The pack is deployed; `shop` records and has the function `orders`, which breaks both rules; `data` is silent."""
    apply_manifest(manifest(tmp_path), connection, TERMS)
    record(sandbox, "shop")
    apply_manifest(manifest(tmp_path, "layers"), connection, TERMS)
    function(client(sandbox, "lambda", "shop"), role(sandbox, id_of(sandbox, "shop")), "orders")
    assert sandbox.settled()
    return tmp_path


def waive(directory: Path, *waivers: str) -> None:
    lines = "".join(f"  - {{{waiver}, owner: ops, reason: it goes away}}\n" for waiver in waivers)
    (directory / "waivers.yaml").write_text(f"waivers:\n{lines}")


def told(report: Report) -> dict[str, Counts]:
    return {line.account: line.counts for line in report.accounts if line.counts.checks}


def test_who_fails_and_who_says_nothing(watched: Path, connection: Connection) -> None:
    """Two checks fail in `shop`; of the same two in `data`, which does not record, nothing is known; that is told."""
    report = compliance_report(watched, connection, now=NOW)
    shop, data = Counts(non_compliant=2, resources=2), Counts(no_data=2)
    assert told(report) == {"shop": shop, "data": data}
    assert report.totals == shop + data
    assert [(line.name, line.counts) for line in report.packs] == [("layers", shop + data)]
    assert [(unit.address, unit.counts, unit.accounts) for _, unit in report.root.each()] == [
        ("ou:/", shop + data, 4),
        ("ou:/Security", Counts(), 1),
        ("ou:/Workloads", shop + data, 2),
    ]
    assert [(each.account, each.id, set(each.rules)) for each in report.offenders] == [
        ("shop", "orders", {LAYER, CONCURRENCY})
    ]
    (silent,) = report.silent
    reason = "Configuration recorder is not available in the source account and region."
    assert (silent.account, silent.region, silent.checks, silent.silent) == ("data", "eu-west-1", 2, True)
    assert silent.reason == reason


def test_rules_lead_to_their_pages(watched: Path, connection: Connection) -> None:
    """A rule of ours to the file beside it, one of AWS's to AWS's documentation."""
    report = compliance_report(watched, connection, now=NOW)
    assert {line.name: line.page for line in report.rules} == {
        LAYER: "config_rules/LAMBDA_LAYER_REQUIRED/README.md",
        CONCURRENCY: "https://docs.aws.amazon.com/config/latest/developerguide/lambda-concurrency-check.html",
    }


def test_a_rule_and_an_account_lead_to_what_was_said(watched: Path, connection: Connection) -> None:
    """The resource, with the rule's words and when it said them."""
    question = Question(accounts=("shop",), rule="LAMBDA_LAYER_REQUIRED")
    report = compliance_report(watched, connection, question, now=NOW)
    (finding,) = report.findings
    assert (finding.id, finding.rule, finding.verdict) == ("orders", LAYER, Verdict.NON_COMPLIANT)
    assert finding.annotation.startswith("it has no layers")
    assert finding.recorded is not None
    assert finding.invoked is not None
    assert report.totals == Counts(non_compliant=1, resources=1)


def test_a_resource_by_id_or_arn(watched: Path, sandbox: Sandbox, connection: Connection) -> None:
    """All that any rule says of it, compliant or not."""
    lambdas = client(sandbox, "lambda", "shop")
    lambdas.put_function_concurrency(FunctionName="orders", ReservedConcurrentExecutions=5)
    assert sandbox.settled()
    arn = f"arn:aws:lambda:eu-west-1:{id_of(sandbox, 'shop')}:function:orders"
    report, same = (
        compliance_report(watched, connection, Question(resource=name), now=NOW) for name in ("orders", arn)
    )
    assert report.findings == same.findings
    assert {each.rule: each.verdict for each in report.findings} == {
        LAYER: Verdict.NON_COMPLIANT,
        CONCURRENCY: Verdict.COMPLIANT,
    }
    assert report.totals == Counts(compliant=1, non_compliant=1, resources=1)


def test_what_is_waived_is_counted_as_waived(watched: Path, connection: Connection) -> None:
    """With its owner; a waiver that is over waives nothing, one for nothing is told, one that ends soon too."""
    waive(
        watched,
        f"rule: {LAYER}, account: shop, resource: 'ord*', expires: 2026-12-07",
        "rule: LAMBDA_CONCURRENCY_CHECK, account: 'ou:/Workloads', expires: 2026-11-22",
        f"rule: {LAYER}, resource: other, expires: 2027-11-22",
    )
    report = compliance_report(watched, connection, now=NOW, every_resource=True)
    assert told(report)["shop"] == Counts(non_compliant=1, waived=1, resources=1, waived_resources=1)
    assert {each.rule: each.verdict for each in report.findings} == {
        LAYER: Verdict.WAIVED,
        CONCURRENCY: Verdict.NON_COMPLIANT,
    }
    assert [(line.standing, line.days_left, line.resources) for line in report.waivers] == [
        (Standing.EXPIRED, -1, 1),
        (Standing.EXPIRING, 14, 1),
        (Standing.UNUSED, 364, 0),
    ]


def test_reports_are_narrowed(watched: Path, connection: Connection) -> None:
    """To OUs, accounts and packs."""
    questions = {
        Question(units=("ou:/Workloads",)): {"shop", "data"},
        Question(units=("ou:/Security",)): set(),
        Question(accounts=("data",)): {"data"},
        Question(pack="layers"): {"shop", "data"},
    }
    asked = {each: set(told(compliance_report(watched, connection, each, now=NOW))) for each in questions}
    assert asked == questions


def test_before_the_aggregator_is_there(tmp_path: Path, sandbox: Sandbox, connection: Connection) -> None:
    """Without the account, and without the aggregator: what is missing, and that an apply brings it."""
    directory = manifest(tmp_path)
    with pytest.raises(OrgctlError, match="administers AWS Config, is not in the organization yet"):
        compliance_report(directory, connection, now=NOW)
    apply_manifest(directory, connection, TERMS)
    config = client(sandbox, "config", "audit")
    config.delete_configuration_aggregator(ConfigurationAggregatorName="organization")
    with pytest.raises(OrgctlError, match="there is no aggregator `organization` in account `audit` in eu-west-1"):
        compliance_report(directory, connection, now=NOW)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("config:\n", "trails:\n"), None),
        (("  administrator: audit\n", "  administrator: audit\n  aggregator: null\n"), "names no aggregator"),
    ],
)
def test_manifests_without_an_aggregator(
    tmp_path: Path, connection: Connection, change: tuple[str, str], message: str | None
) -> None:
    """Are refused as invalid input."""
    directory = manifest(tmp_path)
    text = (directory / "organization.yaml").read_text()
    if message is None:
        text, message = text[: text.index("config:\n")] + text[text.index("root:\n") :], "says nothing of AWS Config"
    (directory / "organization.yaml").write_text(text.replace(*change))
    with pytest.raises(InvalidInputError, match=message):
        compliance_report(directory, connection, now=NOW)
