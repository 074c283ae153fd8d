"""What records say of a policy on its stage.

Whom AWS refused is blamed on the policy if AWS named it; where AWS named none, if the evaluator finds that this policy
denies the call and none of the others does. What went well is asked again with the policy on the next stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orgctl.api.impact_assumptions import read_assumptions
from orgctl.api.impact_in_aws import of_states
from orgctl.api.impact_reading import Events
from orgctl.api.impact_selection import Selection, read_excluded, read_since
from orgctl.api.replaying import Sought
from orgctl.model.address import unit_address
from orgctl.model.resources import Account, Policy
from orgctl.model.state import State
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.rollout.evidence import Denied, Evidence
from orgctl.reconcile.rollout.staging import predicted, without
from orgctl.reconcile.rollout.standing import Standing
from orgctl.replay.columns import Row
from orgctl.replay.sql.dialect import to_duckdb
from orgctl.replay.sql.logic import text
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.counting import DatasetQuery
from orgctl.replay.verdicts.judge import Judge
from orgctl.replay.verdicts.verdict import Kind
from orgctl.simulator import Simulator

_ALIKE = ("source", "name", "action", "caller", "principal", "principal_type", "principal_account", "recipient")
"""The columns by which calls are told apart."""
_SUMS = 'count(*), min("time"), max("time"), min(event_id)'


@dataclass
class Witness:
    """Tells of rollouts by events that are opened. `now` is in UTC, without offset."""

    between: Comparison
    wanted: Sought
    events: Events
    now: datetime

    def __post_init__(self) -> None:
        self._assumptions = read_assumptions(self.wanted.assume, self.wanted.tags)
        self._excluded = read_excluded(self.wanted.exclude)
        self._places = {
            account.id: f"{account.key} ({unit_address(account.parent)})"
            for account in self.between.actual.each(Account)
            if account.id
        }

    def evidence(self, standing: Standing) -> Evidence:
        """What was denied since the policy is on its stage, and what would be on the next one."""
        since = standing.since or self.now
        number, first, last = self._extent(since)
        return Evidence(
            number,
            first,
            last,
            (*self._named(standing, since), *self._told(standing, since)),
            self._ahead(standing, since),
        )

    def _extent(self, since: datetime) -> tuple[int, datetime | None, datetime | None]:
        query = f'SELECT count(*) FILTER ("time" >= ?), min("time"), max("time") FROM {self.events.relation}'  # noqa: S608 - ours
        found: tuple[int, datetime | None, datetime | None] | None
        found = self.events.connection.execute(query, [since]).fetchone()
        return found or (0, None, None)

    def _chosen(self, since: datetime, condition: str, columns: str = "*") -> str:
        """The events since then that count, in SQL of DuckDB's."""
        chosen = Selection(since, excluded=self._excluded).sql
        query = to_duckdb(f"SELECT * FROM chosen WHERE {chosen} AND {condition}")  # noqa: S608 - escaped by `text`
        return f"(WITH chosen AS (FROM {self.events.relation}) SELECT {columns} FROM ({query}))"  # noqa: S608 - likewise

    def _named(self, standing: Standing, since: datetime) -> Iterator[Denied]:
        """The calls of which AWS said that this policy denied them."""
        policy = self.between.actual.get(Policy, f"policy:{standing.subject}")
        if policy is None or not policy.id:
            return
        relation = self._chosen(since, f"denied_by LIKE {text('%/' + policy.id)}")
        query = f"SELECT {', '.join(_ALIKE)}, {_SUMS} FROM {relation} GROUP BY ALL ORDER BY ALL"  # noqa: S608 - as above
        rows: list[tuple[Any, ...]] = self.events.connection.execute(query).fetchall()
        for values in rows:
            told, (number, first, last, sample) = values[: len(_ALIKE)], values[len(_ALIKE) :]
            known = {name: value for name, value in zip(_ALIKE, told, strict=True) if value is not None}
            call = Call(Row.of({"event_id": sample, **known}))
            yield Denied(call.who, call.action, self._place(call.account), number, first, last, sample)

    def _told(self, standing: Standing, since: datetime) -> Iterator[Denied]:
        """The calls that AWS refused without naming a policy, and that this policy alone denies."""
        relation = self._chosen(since, "refused AND denied_by IS NULL", "* REPLACE (FALSE AS refused)")
        return self._newly(without(standing.subject, self.between.actual), self.between.actual, relation)

    def _ahead(self, standing: Standing, since: datetime) -> tuple[Denied, ...]:
        """The calls that went well and that the policy would deny on the next stage."""
        earlier = read_since(self.wanted.since, self.now) if self.wanted.since else since
        actual, stage = self.between.actual, standing.stage + 1
        relation = self._chosen(min(since, earlier), "NOT refused")
        return tuple(self._newly(actual, predicted(standing, stage, self.between.desired, actual), relation))

    def _newly(self, before: State, after: State, relation: str) -> Iterator[Denied]:
        sides = of_states(before, after)
        judge = Judge(Simulator(sides.before), Simulator(sides.after), self._assumptions)
        for group in DatasetQuery(judge).count(self.events.connection, relation).groups():
            if group.verdict.kind is Kind.NEWLY_DENIED:
                sample = group.samples[0] if group.samples else None
                place = self._place(group.account)
                yield Denied(group.who, group.action, place, group.count, group.first, group.last, sample)

    def _place(self, account: str) -> str:
        return self._places.get(account, account)
