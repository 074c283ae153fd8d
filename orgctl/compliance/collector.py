"""Asks the aggregator: all rules of a region at a time, or, if only a few accounts are meant, account by account."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from orgctl.aws.read.compliance import (
    MOST_ROWS,
    Aggregator,
    EvaluationRow,
    ResourceRow,
    RuleRow,
    SourceRow,
    evaluations,
    failing_sources,
    ids_of,
    quoted,
    resource_rows,
    rule_rows,
)
from orgctl.aws.read.crew import Crew, Progress
from orgctl.aws.session import Aws
from orgctl.compliance.cells import Cell, Said, said
from orgctl.compliance.report import Finding

R = TypeVar("R")

FEW = 20
"""Up to so many accounts are asked about one by one, rather than all of them."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Where to ask, and what is told of the progress. `regions` are those that rules and packs are in."""

    aws: Aws
    aggregator: Aggregator
    regions: tuple[str, ...]
    progress: Progress | None = None

    def cells(self, accounts: Collection[str] | None) -> tuple[dict[Cell, list[Said]], list[SourceRow]]:
        """What every rule says, of all accounts or of some; and the sources that have nothing new to say."""
        found: defaultdict[Cell, list[Said]] = defaultdict(list)
        sources: list[SourceRow] = []
        lock = threading.Lock()

        def take(row: RuleRow) -> None:
            if row.region in self.regions:
                cell, compliance = said(row)
                with lock:
                    found[cell].append(compliance)

        with Crew(self.progress) as crew:
            for filters in self._filters(accounts):
                _each(crew, "rules", rule_rows(self.aws, self.aggregator, **filters), take)
            _each(crew, "sources", failing_sources(self.aws, self.aggregator), sources.append)
            crew.settle()
        return dict(found), sources

    def _filters(self, accounts: Collection[str] | None) -> list[dict[str, str]]:
        if accounts is not None and len(accounts) <= FEW:
            return [{"AccountId": account} for account in sorted(accounts)]
        return [{"AwsRegion": region} for region in self.regions]

    def failing(self, accounts: Collection[str] | None, rule: str | None, take: Callable[[ResourceRow], None]) -> None:
        """Hand over every resource that does not comply with some rule, one at a time; narrowed where that is easy."""
        conditions = ["configuration.complianceType = 'NON_COMPLIANT'"]
        if accounts is not None and len(accounts) <= FEW:
            conditions.append(f"accountId IN ({', '.join(quoted(account) for account in sorted(accounts))})")
        if rule is not None:
            conditions.append(f"configuration.configRuleList.configRuleName LIKE {quoted(f'{rule}%')}")
        lock = threading.Lock()

        def take_one(row: ResourceRow) -> None:
            with lock:
                take(row)

        with Crew(self.progress) as crew:
            for region in self.regions if accounts != frozenset() else ():
                asked = [*conditions, f"awsRegion = {quoted(region)}"]
                _each(crew, "resources", resource_rows(self.aws, self.aggregator, asked), take_one)
            crew.settle()

    def resource(self, name: str) -> tuple[ResourceRow, ...]:
        """All that rules say of the resources with this id or ARN, in the regions that are asked about."""
        conditions = list(self._of_resource(name))
        rows = resource_rows(self.aws, self.aggregator, conditions)
        return tuple(row for row in rows if row.region in self.regions)

    def _of_resource(self, name: str) -> Iterator[str]:
        parts = name.split(":", 5)
        if parts[0] != "arn" or len(parts) < 6:
            yield f"configuration.targetResourceId = {quoted(name)}"
            return
        region, account, rest = parts[3:]
        ids = {*ids_of(self.aws, self.aggregator, name), name, rest, *rest.split(":")[-1:], *rest.split("/")[-1:]}
        yield f"configuration.targetResourceId IN ({', '.join(quoted(each) for each in sorted(ids))})"
        if account.isdecimal():
            yield f"accountId = {quoted(account)}"
        if region:
            yield f"awsRegion = {quoted(region)}"

    def explained(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings with their annotations and times: a call for each rule in an account and region."""
        found: dict[tuple[str, ...], EvaluationRow] = {}

        def take(row: EvaluationRow) -> None:
            found[row.account, row.region, row.rule, row.type, row.id] = row

        with Crew(self.progress) as crew:
            for place in sorted({(each.account_id, each.region, each.name) for each in findings}):
                _each(crew, "evaluations", evaluations(self.aws, self.aggregator, *place), take)
            crew.settle()
        return tuple(_with_reason(each, found) for each in findings)


def _with_reason(finding: Finding, found: Mapping[tuple[str, ...], EvaluationRow]) -> Finding:
    row = found.get((finding.account_id, finding.region, finding.name, finding.type, finding.id))
    if row is None:
        return finding
    return replace(finding, annotation=row.annotation, recorded=row.recorded, invoked=row.invoked)


def _each(crew: Crew, lane: str, rows: Iterator[R], take: Callable[[R], None]) -> None:
    """Have all rows taken, a page a piece of work, so that the progress is seen."""

    def page() -> None:
        taken = 0
        for row in islice(rows, MOST_ROWS):
            take(row)
            taken += 1
        if taken == MOST_ROWS:
            crew.submit(lane, page)

    crew.submit(lane, page)
