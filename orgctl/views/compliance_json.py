"""A compliance report for programs: all that the text says, and more."""

from __future__ import annotations

import json
from datetime import datetime

from orgctl.compliance.report import Finding, Report, RuleLine, SilentLine, UnitLine, WaiverLine
from orgctl.compliance.verdict import Counts
from orgctl.compliance.waivers import Waiver
from orgctl.model.address import unit_address

FORMAT_VERSION = 1

Data = dict[str, object]


def compliance_json(report: Report) -> str:
    """The report as JSON text."""
    return json.dumps(compliance_data(report), indent=2, ensure_ascii=False)


def compliance_data(report: Report) -> Data:
    """The report as plain data. Lists are in the report's order, the worst first."""
    return {
        "format_version": FORMAT_VERSION,
        "made": _time(report.made),
        "aggregator": report.source.aggregator,
        "administrator": report.source.administrator,
        "aggregator_region": report.source.region,
        "regions": list(report.regions),
        "question": _question(report),
        "totals": _counts(report.totals),
        "packs": [{"pack": line.name, "rules": line.rules, "counts": _counts(line.counts)} for line in report.packs],
        "rules": [_rule(line) for line in report.rules],
        "ous": [_unit(unit) for _, unit in report.root.each()],
        "accounts": [
            {"account": line.account, "id": line.id, "ou": unit_address(line.unit), "counts": _counts(line.counts)}
            for line in report.accounts
        ],
        "by_region": [{"region": line.region, "counts": _counts(line.counts)} for line in report.by_region],
        "worst_resources": [
            {
                "account": each.account,
                "region": each.region,
                "resource_type": each.type,
                "resource_id": each.id,
                "rules": list(each.rules),
            }
            for each in report.offenders
        ],
        "resources": [_finding(each, report) for each in report.findings] if report.lists_findings else None,
        "silent": [_silent(line) for line in report.silent],
        "waivers": [_waiver_line(line) for line in report.waivers],
        "accounts_that_left": report.strangers,
    }


def _question(report: Report) -> Data:
    asked = report.question
    return {
        "accounts": list(asked.accounts),
        "ous": list(asked.units),
        "rule": asked.rule,
        "pack": asked.pack,
        "resource": asked.resource,
    }


def _counts(counts: Counts) -> Data:
    return {
        "checks": counts.checks,
        "compliant": counts.compliant,
        "non_compliant": counts.non_compliant,
        "waived": counts.waived,
        "insufficient_data": counts.insufficient_data,
        "no_data": counts.no_data,
        "resources": counts.resources,
        "waived_resources": counts.waived_resources,
    }


def _rule(line: RuleLine) -> Data:
    return {
        "pack": line.pack,
        "rule": line.name,
        "written": line.written,
        "page": line.page,
        "counts": _counts(line.counts),
    }


def _unit(unit: UnitLine) -> Data:
    return {"ou": unit.address, "accounts": unit.accounts, "counts": _counts(unit.counts)}


def _finding(finding: Finding, report: Report) -> Data:
    return {
        "account": finding.account,
        "account_id": finding.account_id,
        "region": finding.region,
        "pack": finding.pack,
        "rule": finding.rule,
        "name_in_account": finding.name,
        "resource_type": finding.type,
        "resource_id": finding.id,
        "verdict": finding.verdict.value,
        "waiver": _waiver(finding.waiver, finding.waiver.days_left(report.today)) if finding.waiver else None,
        "annotation": finding.annotation or None,
        "recorded": _time(finding.recorded),
        "invoked": _time(finding.invoked),
    }


def _silent(line: SilentLine) -> Data:
    return {
        "account": line.account,
        "id": line.id,
        "region": line.region,
        "silent": line.silent,
        "checks": line.checks,
        "reason": line.reason or None,
        "updated": _time(line.updated),
    }


def _waiver(waiver: Waiver, days_left: int) -> Data:
    return {
        "packs": list(waiver.packs),
        "rule": waiver.rule,
        "account": waiver.account,
        "resource": waiver.resource,
        "owner": waiver.owner,
        "reason": waiver.reason,
        "expires": waiver.expires.isoformat(),
        "days_left": days_left,
        "file": waiver.position.file,
        "line": waiver.position.line,
    }


def _waiver_line(line: WaiverLine) -> Data:
    return {**_waiver(line.waiver, line.days_left), "standing": line.standing.value, "resources": line.resources}


def _time(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
