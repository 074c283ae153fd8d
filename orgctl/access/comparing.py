"""Two organizations and sentinels → what changes for whom. Pure.

An answer depends on the policies that speak of the request's action, on their levels, and on who asks whom. So it is
looked for once for each distinct set of such policies, and not at all where the set is the same before and after:
what that costs depends on how many policies change, and hardly on how many accounts there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from orgctl.access.alike import named_ids, tells_ids_apart
from orgctl.access.change import Access, AccessChange, Cause
from orgctl.access.places import Places
from orgctl.access.population import Editions, Kind, Levels, Side, kinds, standing
from orgctl.access.probe import Probe, Verdict, kind_of
from orgctl.access.sentinel import Selection, Sentinel
from orgctl.diagnostics import Position
from orgctl.model.address import ancestors, unit_address
from orgctl.model.resources import Account
from orgctl.policy.authorizer import Authorizer
from orgctl.policy.explanation import Answer, Decider
from orgctl.policy.layers import Layer, Layers
from orgctl.policy.request import Request
from orgctl.policy.ruling import Locate, nowhere
from orgctl.simulator import Simulator

Complete = Callable[[Request, Mapping[str, str], frozenset[str]], Request]
"""A request with what goes without saying, and what nobody can know, of the keys (lower case → as spelled) that the
policies look at. The last argument holds the keys (in lower case) that the sentinel gives, absent ones too."""


def as_it_is(request: Request, _looked_at: Mapping[str, str], _said: frozenset[str]) -> Request:
    """The request: whatever it does not say is absent."""
    return request


def compare(
    before: Simulator,
    after: Simulator,
    sentinels: Iterable[Sentinel],
    *,
    partition: str = "aws",
    complete: Complete = as_it_is,
    locate: Locate = nowhere,
) -> Access:
    """What changes from one organization to the other, for the accounts that are active in both.

    Of accounts that only `after` has, the important requests that are denied there. `locate` says where in our files a
    statement of `after` is written.
    """
    probes = tuple(Probe.of(sentinel, row) for sentinel in sentinels for row in sentinel.table.rows())
    comparison = _Comparison(before, after, partition, complete, locate)
    found: dict[tuple[Probe, Verdict], list[tuple[Account, ...]]] = {}
    for kind in comparison.kinds(probes):
        for probe, accounts, verdict in comparison.verdicts(kind, probes):
            found.setdefault((probe, verdict), []).append(accounts)
    both, new = standing(before, after)
    places = _Remembering(Places([*both, *new], after.organization.management_account))
    changes = [_change(probe, verdict, accounts, places) for (probe, verdict), accounts in found.items()]
    return Access(len(probes), len(both), len(new), tuple(changes))


_Key = tuple[Levels, Levels]
"""The SCPs and RCPs that speak of an action."""

_Keys = tuple[_Key | None, _Key]
"""Those before and after; nothing before in a new account."""

_Question = tuple[Probe, int, str]
"""A probe, the number of the policies before and after, and an account's id where others cannot answer for it."""


@dataclass(slots=True)
class _Comparison:
    """Both organizations, and what has been found out of them."""

    before: Simulator
    after: Simulator
    partition: str
    complete: Complete
    locate: Locate
    editions: Editions = field(default_factory=Editions)
    sides: tuple[Side, Side] = field(init=False)
    authorizers: tuple[dict[_Key, Authorizer], dict[_Key, Authorizer]] = field(default_factory=lambda: ({}, {}))
    numbers: dict[_Keys, int] = field(default_factory=dict)
    apart: dict[tuple[Probe, int], bool] = field(default_factory=dict)
    answers: dict[_Question, tuple[Answer | None, Answer]] = field(default_factory=dict)
    settled: dict[_Question, Verdict | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sides = Side(self.before, self.editions), Side(self.after, self.editions)

    def kinds(self, probes: Iterable[Probe]) -> list[Kind]:
        """The accounts by kind, those that anything names by its id alone."""
        for side in self.sides:
            for account in side.simulator.accounts:
                side.scps(str(account.id)), side.rcps(str(account.id))
        documents = [policy.document for policy in self.editions.all()]
        return kinds(*self.sides, named_ids(documents, (probe.row for probe in probes)))

    def verdicts(self, kind: Kind, probes: Iterable[Probe]) -> Iterator[tuple[Probe, tuple[Account, ...], Verdict]]:
        """What changes for accounts of one kind; where a policy tells them apart, one by one."""
        selected: dict[Selection, tuple[Account, ...]] = {}
        about: dict[tuple[str, str, str], _Keys] = {}
        for probe in probes:
            selection = probe.sentinel.selection
            if selection not in selected:
                selected[selection] = tuple(account for account in kind.accounts if account in selection)
            accounts = selected[selection]
            if not accounts or (kind.is_new and not probe.sentinel.important):
                continue
            parties = self._parties(probe, accounts[0])
            keys = about.get((probe.action, *parties))
            if keys is None:
                keys = about[probe.action, *parties] = self._keys(probe, parties, is_new=kind.is_new)
            if keys[0] != keys[1]:
                yield from self._judged(probe, kind, accounts, keys)

    def _judged(
        self, probe: Probe, kind: Kind, accounts: tuple[Account, ...], keys: _Keys
    ) -> Iterator[tuple[Probe, tuple[Account, ...], Verdict]]:
        number = self.numbers.setdefault(keys, len(self.numbers))
        one_by_one = self._tells_apart(probe, number, accounts[0], keys)
        for members in [(account,) for account in accounts] if one_by_one else [accounts]:
            whose = str(members[0].id) if one_by_one or kind.is_single else ""
            question = (probe, number, whose)
            verdict = self.settled[question] if question in self.settled else self._decide(question, members[0], keys)
            if verdict:
                yield probe, members, verdict

    def _decide(self, question: _Question, account: Account, keys: _Keys) -> Verdict | None:
        """What changes. It holds for all of whom the question is asked, but where the place of a level tells why."""
        if question not in self.answers:
            self.answers[question] = self._answers(question[0], account, *keys)
        verdict = self._verdict(question[0], account, *self.answers[question])
        if verdict is None or all(cause.policy for cause in (*verdict.by, *verdict.formerly)):
            self.settled[question] = verdict
        return verdict

    def _parties(self, probe: Probe, account: Account) -> tuple[str, str]:
        """The ids of the accounts that call and are called."""
        if probe.stays_at_home:
            return str(account.id), str(account.id)
        request = self._request(probe, account)
        return request.principal.account, request.owner

    def _keys(self, probe: Probe, parties: tuple[str, str], *, is_new: bool) -> _Keys:
        """The policies that speak of the action, on the levels of caller and resource, before and after."""
        caller, owner = parties
        old, new = (
            (self.editions.about(side.scps(caller), probe.action), self.editions.about(side.rcps(owner), probe.action))
            for side in self.sides
        )
        return None if is_new else old, new

    def _request(self, probe: Probe, account: Account) -> Request:
        asked = next(probe.row.requests(account, self.partition))
        request, _ = self.after.request(
            account.key,
            asked.action,
            resource=asked.resource,
            principal=asked.principal,
            context=dict(asked.context),
            unknown=asked.unknown,
            resource_account=asked.resource_account,
        )
        return request

    def _answers(self, probe: Probe, account: Account, old: _Key | None, new: _Key) -> tuple[Answer | None, Answer]:
        authorizers = [self._authorizer(number, key) for number, key in enumerate((old, new)) if key is not None]
        looked_at = {key: name for each in authorizers for key, name in each.keys(probe.action).items()}
        said = frozenset(key.lower() for key in (*(key for key, _ in probe.context), *probe.row.unknown))
        request = self.complete(self._request(probe, account), looked_at, said)
        answers = [authorizer.decide(request) for authorizer in authorizers]
        return None if old is None else answers[0], answers[-1]

    def _authorizer(self, side: int, key: _Key) -> Authorizer:
        """One organization's authorizer with only the policies that speak of an action."""
        found = self.authorizers[side].get(key)
        if found is None:
            scp, rcp = self.editions.policies(key[0]), self.editions.policies(key[1])
            organization = self.sides[side].simulator.organization
            found = self.authorizers[side][key] = Authorizer(Layers(scp=scp, rcp=rcp), organization)
        return found

    def _tells_apart(self, probe: Probe, number: int, account: Account, keys: _Keys) -> bool:
        if (probe, number) not in self.apart:
            numbers = {n for key in keys for levels in key or () for level in levels or () for n in level}
            documents = [self.editions.policy(each).document for each in numbers]
            self.apart[probe, number] = tells_ids_apart(documents, self._request(probe, account), str(account.id))
        return self.apart[probe, number]

    def _verdict(self, probe: Probe, account: Account, old: Answer | None, new: Answer) -> Verdict | None:
        kind = kind_of(old.decision if old else None, new.decision)
        if kind is None:
            return None
        parties = self._parties(probe, account)
        formerly = self._causes(self.before, old.decided_by if old else (), parties)
        by = self._causes(self.after, new.decided_by, parties)
        return Verdict(kind, old.decision if old else None, new.decision, formerly, by, new.unknown_keys)

    def _causes(self, side: Simulator, deciders: Iterable[Decider], parties: tuple[str, str]) -> tuple[Cause, ...]:
        return tuple(dict.fromkeys(self._cause(side, by, parties) for by in deciders))

    def _cause(self, side: Simulator, by: Decider, parties: tuple[str, str]) -> Cause:
        if by.policy:
            return Cause(by.layer.value, by.policy, by.statement, position=self._position(by.policy, by.statement))
        account = side.account(parties[0] if by.layer is Layer.SCP else parties[1])
        addresses = (*map(unit_address, ancestors(account.parent)), account.address)
        return Cause(by.layer.value, level=addresses[by.level])

    def _position(self, policy: str, statement: str | None) -> Position | None:
        """Where the statement stands in our files, which are as the policy is after; None if it is in none any more."""
        document = self.after.document(policy)
        found = next((each for each in document.statements if each.name == statement), None) if document else None
        return self.locate(policy, found.place) if found else None


@dataclass(slots=True)
class _Remembering:
    """Finds the places of the same accounts once."""

    places: Places
    known: dict[tuple[int, ...], tuple[str, ...]] = field(default_factory=dict)

    def of(self, accounts: Sequence[tuple[Account, ...]]) -> tuple[str, ...]:
        key = tuple(map(id, accounts))
        if key not in self.known:
            self.known[key] = self.places.of(account for members in accounts for account in members)
        return self.known[key]


def _change(
    probe: Probe, verdict: Verdict, accounts: Sequence[tuple[Account, ...]], places: _Remembering
) -> AccessChange:
    row, sentinel = probe.row, probe.sentinel
    return AccessChange(
        verdict.kind,
        sentinel.name,
        sentinel.concern,
        sentinel.important,
        row.principals[0],
        row.actions[0],
        row.resources[0],
        tuple(probe.context),
        places.of(accounts),
        sum(map(len, accounts)),
        verdict.before,
        verdict.after,
        verdict.by,
        verdict.formerly,
        verdict.unknown_keys,
    )
