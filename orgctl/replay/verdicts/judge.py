"""`Judge`: from a recorded call to its verdict, by the evaluator, under the policies before a change and after it.

SCPs and RCPs that are in force let a call through that went well. So where the record leaves open whether the policies
before the change allowed a call, its own success says so; only what is left open beyond that is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from orgctl.model.address import ancestors, unit_address
from orgctl.model.policy_types import RCP
from orgctl.policy.explanation import Decider
from orgctl.policy.layers import Layer
from orgctl.policy.request import Request
from orgctl.replay.actions import NEEDS_NONE
from orgctl.replay.principals import Exemption, exemption_of
from orgctl.replay.request import Replayed
from orgctl.replay.verdicts.assumptions import Assumptions
from orgctl.replay.verdicts.call import Call
from orgctl.replay.verdicts.comparing import Compared, Comparer, Way
from orgctl.replay.verdicts.verdict import Cause, Kind, Verdict
from orgctl.simulator import Simulator

_NEWLY: Way = (False, True)
_REMEMBERED = 200_000
"""How many verdicts on distinct facts are kept."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call, and what can be asked about it."""

    call: Call
    replayed: Replayed


@dataclass(frozen=True, slots=True)
class _Found:
    """A request and what becomes of it."""

    request: Request
    compared: Compared


@dataclass
class Judge:
    """Judges calls. Make it once for many: calls that are alike in all that policies look at are judged once.

    `assumed` settles keys that no record holds. `nameless` are the accounts (by key) of which nobody knows the id.
    """

    before: Simulator
    after: Simulator
    assumed: Assumptions = field(default_factory=Assumptions)
    nameless: Collection[str] = ()

    def __post_init__(self) -> None:
        self._comparer = Comparer(self.before, self.after)
        self._known: dict[object, Verdict] = {}
        self._ids = {account.id for account in self.after.accounts}
        self._same_members = _members(self.before) == _members(self.after)

    def judge(self, call: Call) -> Verdict:
        """The verdict on a call."""
        if call.row.refused:
            return Verdict(Kind.REFUSED_ALREADY)
        exempt = exemption_of(call.caller, self.after.organization)
        return self._strange(call, exempt) or self._remembered(_Asked(call, call.replayed()), exempt)

    def _strange(self, call: Call, exempt: Exemption | None) -> Verdict | None:
        """The verdict on a call about which nothing can be asked."""
        account, owner, why = call.caller.account, call.row.resource_account, call.row.why
        if exempt is Exemption.OUTSIDE_IDENTITY and account and self.nameless and account not in self._ids:
            return Verdict(Kind.UNDETERMINED, reason=f"account `{account}` is none whose id the manifest gives")
        if why:
            if exempt and not self._has_rcps(owner):
                return Verdict(Kind.EXEMPT, reason=exempt.value)
            return Verdict(Kind.ALLOWED) if why == NEEDS_NONE else Verdict(Kind.UNDETERMINED, reason=why)
        if self._ids.isdisjoint((account, owner or "", call.recipient)):
            return Verdict(Kind.EXEMPT, reason=(exempt or Exemption.OUTSIDE_IDENTITY).value)
        return None

    def _has_rcps(self, owner: str | None) -> bool:
        return any(self.after.levels(owner or "", RCP.folder) or ())

    def _remembered(self, asked: _Asked, exempt: Exemption | None) -> Verdict:
        facts = self._facts(asked)
        verdict = self._known.get(facts)
        if verdict is None:
            verdict = self._weighed(asked, exempt)
            if len(self._known) < _REMEMBERED:
                self._known[facts] = verdict
        return verdict

    def _facts(self, asked: _Asked) -> tuple[object, ...]:
        """All that the verdict hangs on."""
        replayed, call = asked.replayed, asked.call
        caller, told, action = replayed.caller, replayed.circumstances, replayed.action.action or ""
        owners = {replayed.owner, *(arn.split(":", 5)[4] for arn in replayed.resources.arns if arn.count(":") >= 5)}
        sides = (self._comparer.looked_at(caller.account, owner or caller.account, action) for owner in owners)
        looked_at: frozenset[str] = frozenset().union(*sides)
        known = {key.lower(): value for key, value in told.known.items()}
        absent = {key.lower() for key in told.absent}
        circumstances = tuple((key, known.get(key, key in absent)) for key in sorted(looked_at))
        text = caller.principal.text if caller.principal else ""
        who = (text, caller.arn, caller.account, caller.hidden)
        return (*who, action, replayed.resources, replayed.owner, call.recipient, call.succeeded, circumstances)

    def _weighed(self, asked: _Asked, exempt: Exemption | None) -> Verdict:
        found = [_Found(each, self._comparer.compare(each)) for each in self.requests(asked.replayed)]
        ways = _together(each.compared.ways for each in found)
        if asked.call.succeeded and any(not was for was, _ in ways):
            ways = frozenset(way for way in ways if not way[0])
        if ways == {_NEWLY}:
            return Verdict(Kind.NEWLY_DENIED, self._newly(found))
        if all(not denied for _, denied in ways):
            return Verdict(Kind.EXEMPT, reason=exempt.value) if exempt else Verdict(Kind.ALLOWED)
        if all(was for was, _ in ways):
            return Verdict(Kind.DENIED_ALREADY, self._causes(found, formerly=True))
        return self._open(asked.replayed, found)

    def _open(self, replayed: Replayed, found: list[_Found]) -> Verdict:
        """The verdict where not everything is known that decides."""
        causes = self._newly(found) or self._causes(found, formerly=True)
        uncertain = [each.compared for each in found if len(each.compared.ways) > 1]
        keys = tuple(dict.fromkeys(key for each in uncertain for key in each.keys))
        if keys:
            return Verdict(Kind.DEPENDS, causes, keys)
        reasons = dict.fromkeys(reason for each in uncertain for reason in each.reasons)
        return Verdict(Kind.UNDETERMINED, causes, reason=replayed.resources.reason or "; ".join(reasons) or None)

    def requests(self, replayed: Replayed) -> tuple[Request, ...]:
        """The requests of a call. Unknown is whatever either side's policies ask for and the record does not tell."""
        if self._same_members:
            both = replayed.requests(self.after, self._comparer.looked_at)
            return tuple(map(self.assumed.applied, both))
        after = replayed.requests(self.after)
        try:
            before = replayed.requests(self.before)
        except KeyError:  # the accounts are new
            before = after
        pairs = zip(before, after, strict=True)
        merged = (replace(new, unknown={**_hidden(old, new), **new.unknown}) for old, new in pairs)
        return tuple(self.assumed.applied(request) for request in merged)

    def _newly(self, found: list[_Found]) -> tuple[Cause, ...]:
        return self._causes(found, formerly=False)

    def _causes(self, found: list[_Found], *, formerly: bool) -> tuple[Cause, ...]:
        side = self.before if formerly else self.after
        causes = (
            _cause(by, each.request, side)
            for each in found
            for by in (each.compared.formerly if formerly else each.compared.newly)
        )
        return tuple(dict.fromkeys(causes))


def _members(side: Simulator) -> tuple[object, ...]:
    """What requests in an organization depend on, beside its policies."""
    return (side.organization, side.organization_id, frozenset(account.id for account in side.accounts))


def _hidden(request: Request, other: Request) -> dict[str, str]:
    return {key: spelled for key, spelled in request.unknown.items() if key not in other.context}


def _together(each_ways: Iterable[frozenset[Way]]) -> frozenset[Way]:
    """A call with several requests is denied if one of them is."""
    found: frozenset[Way] = frozenset(((False, False),))
    for ways in each_ways:
        found = frozenset((a or b, c or d) for a, c in found for b, d in ways)
    return found


def _cause(by: Decider, request: Request, side: Simulator) -> Cause:
    if by.policy:
        return Cause(by.layer.value, by.policy, by.statement, None, by.place)
    account = side.account(request.principal.account if by.layer is Layer.SCP else request.owner)
    addresses = (*map(unit_address, ancestors(account.parent)), account.address)
    return Cause(by.layer.value, level=addresses[by.level])
