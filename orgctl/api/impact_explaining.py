"""`orgctl impact --explain EVENTID`: one event's whole decision, after the change and before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orgctl.api.connection import Connection
from orgctl.api.impact import Question, Wanted, ready
from orgctl.api.impact_reading import Tell, located, opened
from orgctl.api.simulating import spelling
from orgctl.aws.read.crew import Progress
from orgctl.errors import InvalidInputError
from orgctl.model.address import ancestors, unit_address
from orgctl.model.policy_types import RCP, SCP, PolicyType
from orgctl.model.resources import Account
from orgctl.policy.layers import Layer
from orgctl.policy.request import Request
from orgctl.policy.ruling import Locate, Reported, Ruling
from orgctl.replay.columns import Row
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.verdict import Verdict
from orgctl.simulator import Simulator


@dataclass(frozen=True, slots=True)
class Explained:
    """An event with its verdict, and a ruling for each of its requests on either side; none if there can be none."""

    call: Call
    verdict: Verdict
    before: tuple[Ruling, ...]
    after: tuple[Ruling, ...]
    locate: Locate


def explain(
    directory: Path,
    connection: Connection,
    wanted: Wanted,
    event_id: str,
    *,
    progress: Progress | None = None,
    reading: Tell | None = None,
) -> Explained:
    """Explain one event. Raises as `impact` does, and InvalidInputError where there is no such event."""
    here = located(wanted.events)
    question = ready(directory, connection, wanted, progress)
    found = here.including(question.objects(connection))
    with opened(found, wanted.dataset, reading) as events:
        row, distinct = events.row(event_id), events.reading.distinct
    if row is None:
        raise InvalidInputError(
            f"there is no event `{event_id}` among {distinct:,} events",
            hint="a report names events of each group: copy an id from there",
        )
    return explained(question, row)


def explained(question: Question, row: Row) -> Explained:
    """The decision on an event that was found."""
    call = Call(row)
    verdict = question.judge.judge(call)
    requests = _requests(question, call)
    sides = (question.judge.before, question.judge.after)
    before, after = (tuple(_ruling(side, each, call, question) for each in requests) for side in sides)
    return Explained(call, verdict, before, after, question.position)


def _requests(question: Question, call: Call) -> tuple[Request, ...]:
    try:
        return question.judge.requests(call.replayed())
    except KeyError:  # it concerns no account of the organization
        return ()


def _ruling(side: Simulator, request: Request, call: Call, question: Question) -> Ruling:
    answer = side.answer(request, explain=True)
    home = _find(side, call.account)
    told = call.replayed().circumstances
    return Ruling(
        request,
        answer,
        call.action,
        home.key if home else None,
        spelling((*told.known, *told.absent), answer.explanation.keys if answer.explanation else ()),
        targets=_targets(side, request),
        attached=_attached(side, request),
        unasked=_unasked(side, request),
        locate=question.position,
        missing=tuple(request.unknown.values()),
        reported=Reported(allowed=not call.row.refused),
    )


def _find(side: Simulator, account: str) -> Account | None:
    try:
        return side.account(account)
    except KeyError:
        return None


def _sides(request: Request) -> tuple[tuple[Layer, PolicyType, str], ...]:
    """SCPs are those of the caller's account, RCPs those of the resource's."""
    return (Layer.SCP, SCP, request.principal.account), (Layer.RCP, RCP, request.owner)


def _targets(side: Simulator, request: Request) -> dict[tuple[Layer, int], str]:
    found: dict[tuple[Layer, int], str] = {}
    for layer, _, account_id in _sides(request):
        account = _find(side, account_id)
        if account:
            addresses = (*map(unit_address, ancestors(account.parent)), account.address)
            found |= {(layer, level): address for level, address in enumerate(addresses)}
    return found


def _attached(side: Simulator, request: Request) -> dict[tuple[Layer, int], tuple[str, ...]]:
    return {
        (layer, number): tuple(policy.name for policy in level)
        for layer, kind, account_id in _sides(request)
        for number, level in enumerate(side.levels(account_id, kind.folder) or ())
    }


def _unasked(side: Simulator, request: Request) -> dict[Layer, str]:
    found: dict[Layer, str] = {}
    for layer, kind, account_id in _sides(request):
        if side.levels(account_id, kind.folder) is None:
            known = _find(side, account_id) is not None
            found[layer] = f"`{kind.manifest_name}` is not enabled" if known else "it concerns none of our accounts"
    return found
