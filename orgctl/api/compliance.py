"""`compliance report`: what the organization's aggregator says, under the manifest's names, its waivers applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orgctl.api.connection import Connection
from orgctl.api.packs import packs_of
from orgctl.api.planning import open_for
from orgctl.aws.read.compliance import Aggregator, ResourceRow
from orgctl.aws.read.crew import Progress
from orgctl.aws.read.scope import Scope
from orgctl.aws.read.snapshot import read
from orgctl.aws.session import Aws
from orgctl.compliance.collector import Asker
from orgctl.compliance.expectation import Expectation
from orgctl.compliance.focus import Focus, Question, resolve
from orgctl.compliance.judging import Judge
from orgctl.compliance.members import Organization, organization_of
from orgctl.compliance.naming import attributions
from orgctl.compliance.report import Report, Source
from orgctl.compliance.rollup import Rollup, Subject, checks_of
from orgctl.compliance.waiver_file import load_waivers
from orgctl.compliance.waivers import Waiver, Waivers, of_packs
from orgctl.diagnostics import Diagnostic, Severity
from orgctl.errors import InvalidInputError, OrgctlError
from orgctl.manifest import LoadedManifest, load
from orgctl.manifest.schema import AwsConfig
from orgctl.packs.pack import Pack
from orgctl.state.wanted import names_of

__all__ = ["Question", "compliance_report"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the manifest says of AWS Config. `waivers` are those of the packs and of the file."""

    config: AwsConfig
    aggregator: str
    packs: tuple[Pack, ...]
    waivers: tuple[Waiver, ...]


def compliance_report(
    directory: Path,
    connection: Connection,
    question: Question | None = None,
    *,
    every_resource: bool = False,
    waivers: Path | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Report:
    """What the aggregator says to a question (none: everything), with the waivers that are in force `now` (UTC).

    `every_resource` lists all resources that do not comply, however wide the question; `waivers` is a file in place of
    `waivers.yaml`. Raises InvalidInputError for the manifest, packs, waivers and the question; RefusedError for
    credentials of another organization; OrgctlError if there is no such aggregator; AwsError for what AWS says.
    """
    loaded, question = load(directory), question or Question()
    wanted = _wanted(loaded, waivers)
    aws = open_for(loaded, connection)
    organization = organization_of(read(aws, Scope(), progress, bare=True), names_of(loaded))
    focus = resolve(question, organization.members, organization.units, wanted.packs)
    asker = _asker(loaded, wanted, aws, organization, progress)
    subject = Subject(
        made=(now or datetime.now(UTC)).replace(microsecond=0),
        source=Source(wanted.aggregator, wanted.config.administrator, asker.aggregator.region),
        question=question,
        focus=focus,
        organization=organization,
        packs=wanted.packs,
        expectation=Expectation([pack for pack in wanted.packs if pack.name in (wanted.config.packs or ())]),
        regions=asker.regions,
        waivers=Waivers(wanted.waivers),
        lists_findings=every_resource or question.lists_resources,
    )
    return _of_resource(subject, asker) if question.resource else _of_all(subject, asker)


def _of_all(subject: Subject, asker: Asker) -> Report:
    """Checks first: a resource's rules can be told apart only by what is said beside them."""
    cells, sources = asker.cells(subject.focus.accounts)
    members = {member.id: member for member in subject.organization.members}
    judge = Judge(subject.waivers, members, attributions(cells, subject.packs), subject.made.date())
    rollup = Rollup(subject, judge)
    asker.failing(subject.focus.accounts, subject.focus.rule, rollup.take)
    rollup.checks(cells, sources)
    findings = asker.explained(rollup.findings) if subject.question.tells_why else rollup.findings
    report = rollup.report(findings, strangers=len({account for account, _ in cells} - set(members)))
    _refuse_unknown_rule(report)
    return report


def _of_resource(subject: Subject, asker: Asker) -> Report:
    name = subject.question.resource or ""
    rows = [row for row in asker.resource(name) if subject.focus.has_account(row.account)]
    if not rows:
        hint = (
            "name it by its ARN, or by the id that AWS Config has for it; it tells of resources that a rule looked at"
        )
        raise OrgctlError(f"no rule has said anything of a resource `{name}`", hint=hint)
    cells, _ = asker.cells({row.account for row in rows})
    members = {member.id: member for member in subject.organization.members}
    judge = Judge(subject.waivers, members, attributions(cells, subject.packs), subject.made.date())
    rollup = Rollup(replace(subject, focus=_narrowed(subject.focus, rows)), judge)
    for row in rows:
        rollup.take(row)
    rollup.checks(checks_of(rows), ())
    return rollup.report(asker.explained(rollup.findings))


def _narrowed(focus: Focus, rows: Sequence[ResourceRow]) -> Focus:
    return replace(focus, accounts=frozenset(row.account for row in rows))


def _wanted(loaded: LoadedManifest, waivers: Path | None) -> _Wanted:
    config = loaded.manifest.config
    if config is None:
        hint = "add `config:` with its `administrator`: see docs/guides/conformance-packs.md"
        raise InvalidInputError("the manifest says nothing of AWS Config", hint=hint)
    if config.aggregator is None:
        hint = "name it there, and `orgctl apply` makes it"
        raise InvalidInputError("the manifest names no aggregator: `config.aggregator` is null", hint=hint)
    packs, problems = packs_of(loaded, None)  # waivers that have expired are told in the report
    declared, wrong = load_waivers(loaded, packs, path=waivers)
    _refuse((*problems, *wrong))
    return _Wanted(config, config.aggregator, packs, (*of_packs(packs), *declared))


def _refuse(problems: Sequence[Diagnostic]) -> None:
    errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
    if errors:
        what = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise InvalidInputError(f"the rules, conformance packs and waivers have {what}", diagnostics=errors)


def _asker(
    loaded: LoadedManifest, wanted: _Wanted, aws: Aws, organization: Organization, progress: Progress | None
) -> Asker:
    administrator = wanted.config.administrator
    account = next((member.id for member in organization.members if member.key == administrator), None)
    if account is None:
        message = f"the account `{administrator}`, which administers AWS Config, is not in the organization yet"
        raise OrgctlError(message, hint="`orgctl apply` creates it")
    regions = wanted.config.regions or loaded.manifest.organization.regions
    aggregator = Aggregator(wanted.aggregator, account, loaded.manifest.organization.home_region)
    return Asker(aws, aggregator, tuple(dict.fromkeys(regions)), progress)


def _refuse_unknown_rule(report: Report) -> None:
    if report.question.rule is not None and not report.rules:
        hint = "name it as its pack does, or as AWS Config calls it; `orgctl packs list` shows the packs' rules"
        raise InvalidInputError(f"there is no rule `{report.question.rule}` here", hint=hint)
