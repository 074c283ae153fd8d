"""A recorded call as the requests that AWS had to decide: one for each resource that it was about.

The evaluator asks with three kinds of keys: known ones, absent ones, and those that nobody knows. A record holds few
keys, so that here a key is not known unless the record tells it, or tells that there was none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from orgctl.lint.catalogue import carries, services
from orgctl.lint.keys import global_key
from orgctl.policy.possible_keys import is_impossible
from orgctl.policy.principal import Principal
from orgctl.policy.request import Request
from orgctl.replay.actions import Mapped, action_of
from orgctl.replay.arn_formats import types_of
from orgctl.replay.circumstances import Circumstances, circumstances_of
from orgctl.replay.event import Event
from orgctl.replay.principals import Caller, caller_of
from orgctl.replay.resources import Resources, resources_of

if TYPE_CHECKING:
    from orgctl.simulator import Simulator

OF_ORGANIZATIONS = {
    "aws:principalorgid": "caller",
    "aws:principalorgpaths": "caller",
    "aws:resourceorgid": "owner",
    "aws:resourceorgpaths": "owner",
}
NO_CALL = "it records no call"
"""How the reason of an event begins that is none."""

_SENT_TAGS = ("aws:requesttag/", "aws:tagkeys")
_OF_KEYS = ("kms:ResourceAliases",)
_NOT_KNOWN = ""
_RESOURCE_TAG = "aws:resourcetag/"

LookedAt = Callable[[str, str, str], Mapping[str, str]]
"""From a caller's account, an owner's and an action to the keys that matter: in lower case, and as policies spell them.
"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What is known of a call. `owner` is the account of its resources, None if not known.

    `reason` says why no request can be made of it (whose caller or action cannot be told, or that is no call at all);
    None if one can. Resources that cannot be told are another matter: `resources.reason`.
    """

    event: Event
    caller: Caller
    action: Mapped
    resources: Resources
    circumstances: Circumstances
    owner: str | None = None
    reason: str | None = None

    def requests(self, simulator: Simulator, looked_at: LookedAt | None = None) -> tuple[Request, ...]:
        """A request for each resource in that organization; none if `reason` is set.

        Where resources cannot be told, one more has the empty resource, which stands for any. Keys that are looked at
        (by its policies, if nothing else is said), and of which nothing is known, are unknown. Raises KeyError if
        neither caller nor owner nor recorder is an account of the organization.
        """
        if self.reason or self.caller.principal is None or self.action.action is None:
            return ()
        principal, action = self.caller.principal, self.action.action
        arns = (*self.resources.arns, *([_NOT_KNOWN] if self.resources.reason else []))
        asked = looked_at or partial(_looked_at, simulator)
        return tuple(self._request(simulator, asked, principal, action, arn) for arn in arns)

    def _request(
        self, simulator: Simulator, looked_at: LookedAt, principal: Principal, action: str, arn: str
    ) -> Request:
        told = self.circumstances
        request, _ = simulator.request(
            self._home(simulator),
            action,
            resource=arn,
            principal=principal.text,
            context={**told.known, **dict.fromkeys(told.absent, ())},
            unknown=(*self.caller.hidden, *(_OF_KEYS if action.startswith("kms:") else ())),
            resource_account=self.owner,
        )
        keys = looked_at(principal.account, request.owner, action)
        settled = {key.lower() for key in told.absent}
        unknown = {**request.unknown, **dict(_open(keys, request, action, settled, simulator))}
        return Request(request.action, arn, principal, self.owner, request.context, unknown)

    def _home(self, simulator: Simulator) -> str:
        """An account of the organization that has to do with the call."""
        involved = (self.caller.account, self.owner or "", self.event.recipient_account_id or "")
        return next(filter(simulator.has, involved), self.caller.account)


def _looked_at(simulator: Simulator, caller: str, owner: str, action: str) -> Mapping[str, str]:
    return simulator.authorizer(caller, owner).keys(action)


def replay(event: Event) -> Replayed:
    """All that a record tells of a call."""
    caller = caller_of(event)
    return asked_of(event, caller, circumstances_of(event, caller))


def asked_of(event: Event, caller: Caller, circumstances: Circumstances) -> Replayed:
    """What was asked by a caller who is known, under circumstances that are."""
    parameters = event.parameters
    action = action_of(event.event_source, event.event_name, parameters)
    known = Resources((), action.reason)
    if action.action:
        known = resources_of(event, action.action, caller.account, parameters)
    return Replayed(event, caller, action, known, circumstances, _owner(event), _reason(event, caller, action))


def _reason(event: Event, caller: Caller, action: Mapped) -> str | None:
    if not event.is_call:
        return f"{NO_CALL}, but `{event.event_type}`"
    return caller.reason or action.reason


def _owner(event: Event) -> str | None:
    """The account of the resources: as listed, else the one that recorded the call."""
    if not event.resources:
        return event.recipient_account_id
    listed = {account for _, account in event.arns if account}
    if len(listed) == 1:
        return listed.pop()
    return None if listed else event.recipient_account_id


def _open(
    looked_at: Mapping[str, str], request: Request, action: str, settled: Iterable[str], simulator: Simulator
) -> Iterator[tuple[str, str]]:
    """The keys, as policies spell them, of which it is not known whether the request had them."""
    told = {*settled, *request.context, *request.unknown}
    for key, spelled in looked_at.items():
        if key not in told and not _cannot_have(key, request, action, simulator):
            yield key, spelled


def _cannot_have(key: str, request: Request, action: str, simulator: Simulator) -> bool:
    side = OF_ORGANIZATIONS.get(key)
    if side:
        return not simulator.organization.has(request.principal.account if side == "caller" else request.owner)
    return is_impossible(key, request.principal.kind) or not can_carry(action, key)


def can_carry(action: str, key: str) -> bool:
    """Whether requests for the action can have the key.

    Keys of other services are only carried where AWS's table says so; for the service's own, the table may lack some.
    """
    if key.startswith(_SENT_TAGS):
        return carries(action, key)
    if key.startswith(_RESOURCE_TAG):
        return bool(types_of(action))
    prefix = key.partition(":")[0]
    if global_key(key) or prefix == action.partition(":")[0] or prefix not in services():
        return True
    return carries(action, key)
