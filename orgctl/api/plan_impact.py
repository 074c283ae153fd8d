"""The impact of a plan: what it would have denied of what was done. AWS has been read for the plan already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orgctl.access.change import Cause
from orgctl.api.impact import Question, Wanted, judged, query_for
from orgctl.api.impact_assumptions import read_assumptions
from orgctl.api.impact_in_aws import between_sides
from orgctl.api.impact_selection import Selection, read_excluded, read_since
from orgctl.api.recorded_events import RecordedEvents
from orgctl.api.replaying import Sought, fail_on
from orgctl.manifest import LoadedManifest
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.plan import Change
from orgctl.reconcile.replayed import Caller, Reason, Replayed
from orgctl.replay.verdicts import verdict as verdicts
from orgctl.replay.verdicts.folding import Part, Section, folded
from orgctl.replay.verdicts.impact import Impact
from orgctl.replay.verdicts.tally import Group
from orgctl.replay.verdicts.verdict import Kind

_MOST_CALLERS = 10
_MOST_NAMES = 5
_MOST_TROUBLES = 20


def replayed_of(
    loaded: LoadedManifest, between: Comparison, changes: Iterable[Change], wanted: Sought, recorded: RecordedEvents
) -> Replayed:
    """Hold what the changes come to against the events.

    Raises InvalidInputError for events that cannot be read, or if there are none; OrgctlError where what the extra
    `impact` brings is not installed.
    """
    since = read_since(wanted.since, recorded.replaying.now()) if wanted.since else None
    question = Question(
        loaded,
        between_sides(between, changes),
        None,
        Selection(since, excluded=read_excluded(wanted.exclude)),
        read_assumptions(wanted.assume, wanted.tags),
    )
    asked = Wanted(wanted.events, since=since, exclude=wanted.exclude, dataset=wanted.dataset)
    found = judged(question, asked, recorded.opened(wanted), query_for(question.judge))
    return summed_up(found, fail_on(loaded))


def summed_up(impact: Impact, fail_on: str | None = None) -> Replayed:
    """An impact as a plan keeps it: all reasons, and of each the callers with the most calls."""
    found = [(kind, section) for kind in (Kind.NEWLY_DENIED, Kind.DEPENDS) for section in folded(impact.of(kind))]
    return Replayed(
        fail_on,
        {kind: count for kind, count in impact.totals.items() if count},
        replace(impact.reading, troubles=impact.reading.troubles[:_MOST_TROUBLES]),
        impact.left_out,
        impact.first,
        impact.last,
        tuple(_reason(kind, section, impact) for kind, section in found),
        impact.notes,
    )


def _reason(kind: Kind, section: Section, impact: Impact) -> Reason:
    verdict = section.verdict
    return Reason(
        kind,
        tuple(_cause(each, impact) for each in verdict.causes),
        verdict.keys,
        section.count,
        len(section.parts),
        section.accounts,
        section.first,
        section.last,
        section.groups[0].samples,
        tuple(_caller(part, impact) for part in section.parts[:_MOST_CALLERS]),
    )


def _cause(by: verdicts.Cause, impact: Impact) -> Cause:
    position = impact.locate(by.policy, by.place) if by.policy else None
    return Cause(by.layer, by.policy, by.statement, by.level, position)


def _caller(part: Part, impact: Impact) -> Caller:
    actions = dict.fromkeys(group.action for group in part.groups)
    places = dict.fromkeys(_place(group, impact) for group in part.groups)
    return Caller(part.who, part.count, tuple(actions)[:_MOST_NAMES], tuple(places)[:_MOST_NAMES])


def _place(group: Group, impact: Impact) -> str:
    """`shop-prod (ou:/Workloads/Prod)`, or the bare id of an account that is none of the organization's."""
    home = impact.homes.get(group.account)
    return f"{home.name} ({home.unit})" if home else group.account
