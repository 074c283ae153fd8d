"""`orgctl simulate`: may this request pass the organization's policies, and why (not)?

    ruling = simulate(directory, Question("shop-prod", "s3:GetObject", context={"aws:SourceIp": "192.0.2.1"}))

It asks what the manifest says, offline. What a question leaves out is assumed, and the ruling says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from orgctl.api.request_syntax import (
    GLOBAL_KEYS,
    check_account,
    check_action,
    check_key,
    check_principal,
    check_resource,
    doubtful_action,
    doubtful_key,
)
from orgctl.api.unsaid import absent_keys, assumed_keys, unknown_keys
from orgctl.diagnostics import Position
from orgctl.manifest import LoadedManifest, load
from orgctl.model.address import ancestors, unit_address
from orgctl.model.partitions import partition_of
from orgctl.model.policy_types import RCP, SCP, PolicyType
from orgctl.model.resources import Account
from orgctl.policy.explanation import Answer, Decision
from orgctl.policy.layers import Layer
from orgctl.policy.principal import Principal
from orgctl.policy.request import Given, Request
from orgctl.policy.ruling import Assumed, Ruling
from orgctl.simulator import Simulator
from orgctl.source import Place
from orgctl.state.offline import offline


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks. Accounts are keys or ids; None: not said. A context key without any value is absent.

    `unknown` are keys that nobody knows: they are not assumed either. `recorded`: the question is about something that
    happened, so that what it does not say is not known, rather than absent.
    """

    account: str
    action: str
    resource: str | None = None
    principal: str | None = None
    context: Mapping[str, Given] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    resource_account: str | None = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A question made into a request, and what was assumed for it."""

    request: Request
    assumed: tuple[Assumed, ...]
    remarks: tuple[str, ...]


def simulate(directory: Path, question: Question) -> Ruling:
    """Answer a question, with all of its reasons. Raises InvalidInputError for what cannot be asked."""
    return Court(load(directory)).rule(question)


class Court:
    """The manifest's organization, ready to be asked. Make it once for many questions."""

    def __init__(self, loaded: LoadedManifest, ids: Mapping[str, str] | None = None) -> None:
        """`ids` says which id an account (by key) has that the manifest does not give one."""
        self._loaded = loaded
        self._home = loaded.manifest.organization.home_region
        self.partition = partition_of(self._home).name
        self.simulator = Simulator(offline(loaded, ids or {}))
        given = {*(ids or {}).values(), *(entry.account.id for entry in loaded.accounts)}
        self._given = frozenset(each for each in given if each)
        self._keys = {account.key: account for account in self.simulator.accounts}
        self._ids = {account.id: account for account in self.simulator.accounts if account.id}

    @property
    def management_account(self) -> str:
        """The id of the management account."""
        return self._loaded.manifest.organization.management_account

    def account(self, name: str) -> Account:
        """An account by key or id. Raises InvalidInputError."""
        found = self._keys.get(name) or self._ids.get(name)
        return found or self.simulator.account(check_account(name, self._keys, self._ids))

    def find(self, account_id: str) -> Account | None:
        """The account with this id, if it is one of the organization's."""
        return self._ids.get(account_id)

    def rule(self, question: Question) -> Ruling:
        """The answer with explanation. Raises InvalidInputError for what cannot be asked."""
        made = self.made(question)
        request = made.request
        answer = self.simulator.answer(request, explain=True)
        doubts = [doubtful_action(question.action), *map(doubtful_key, (*question.context, *question.unknown))]
        return Ruling(
            request,
            answer,
            question.action,
            self.account(question.account).key,
            spelling(question.context, answer.explanation.keys if answer.explanation else ()),
            _that_matter(made.assumed, answer),
            (*made.remarks, *self._made_up(request), *(doubt for doubt in doubts if doubt)),
            self._targets(request),
            self._attached(request),
            self._unasked(request),
            self.position,
            self._without(made, answer),
        )

    def made(self, question: Question) -> Made:
        """The question as a request. Raises InvalidInputError for what cannot be asked."""
        home = self.account(question.account)
        spelled, assumed = self._filled(question, home)
        request, remarks = self.simulator.request(
            home.key,
            spelled.action,
            resource=spelled.resource,
            principal=spelled.principal,
            context=spelled.context,
            unknown=spelled.unknown,
            resource_account=spelled.resource_account,
        )
        said = frozenset(key.lower() for key in question.context)
        circumstances = assumed_keys(request, self._home, said)
        request = _with(request, {each.what: each.value for each in circumstances if each.value is not None})
        looked_at = self.simulator.authorizer(request.principal.account, request.owner).keys(request.action)
        request = _with(request, {}, unknown_keys(looked_at, request, said, recorded=question.recorded))
        return Made(request, (*assumed, *circumstances, *absent_keys(looked_at, request, said)), remarks)

    def position(self, policy: str, place: Place) -> Position | None:
        """Where a place of a policy is written. Inserted lists move values, never statements or keys."""
        file = self._loaded.policies.get(policy)
        return file.source.at(place) if file else None

    def _filled(self, question: Question, home: Account) -> tuple[Question, list[Assumed]]:
        """The question checked, with principal, resource and the resource's account."""
        assumed: list[Assumed] = []
        check_action(question.action)
        for key in (*question.context, *question.unknown):
            check_key(key)
        principal, resource = question.principal, question.resource
        if principal is None:
            principal = "role/OrganizationMember"
            why = "some role of the account, which no policy is expected to name"
            assumed.append(Assumed("principal", f"arn:{self.partition}:iam::{home.id}:{principal}", why))
        if resource is None:
            resource = "*"
            assumed.append(Assumed("resource", resource, "it was not given"))
        principal = check_principal(principal, account=home.id, partition=self.partition)
        filled = replace(question, principal=principal, resource=check_resource(resource))
        owner = self._owner(filled, home, assumed)
        return replace(filled, resource_account=owner), assumed

    def _owner(self, question: Question, home: Account, assumed: list[Assumed]) -> str | None:
        """The id of the account that the resource is in, where the resource does not say itself."""
        if question.resource_account is not None:
            return self._id_of(question.resource_account)
        plain = Request.of(question.action, question.resource or "*", Principal.parse(question.principal or "*"))
        if plain.owner == home.id or (plain.owner and plain.owner != plain.principal.account):
            return None
        if _field(plain.resource, 4).isdigit():
            return None
        assumed.append(Assumed("resource account", home.id, f"the resource is taken to be in `{home.key}`"))
        return home.id

    def _id_of(self, account: str) -> str:
        if account in self._keys:
            return self._keys[account].id or account
        if account.isdigit() and len(account) == 12:
            return account
        check_account(account, self._keys, self._ids)
        return account

    def _made_up(self, request: Request) -> list[str]:
        """Which ids of the request are nobody's."""
        accounts = [self._ids.get(each) for each in dict.fromkeys((request.principal.account, request.owner))]
        keys = [account.key for account in accounts if account and account.id not in self._given]
        return [f"the id of `{key}` is made up: the manifest does not give it" for key in keys]

    def _targets(self, request: Request) -> dict[tuple[Layer, int], str]:
        found: dict[tuple[Layer, int], str] = {}
        for layer, _, account_id, _ in _sides(request):
            account = self._ids.get(account_id)
            if account:
                addresses = (*map(unit_address, ancestors(account.parent)), account.address)
                found |= {(layer, level): address for level, address in enumerate(addresses)}
        return found

    def _attached(self, request: Request) -> dict[tuple[Layer, int], tuple[str, ...]]:
        return {
            (layer, number): tuple(policy.name for policy in level)
            for layer, kind, account_id, _ in _sides(request)
            for number, level in enumerate(self.simulator.levels(account_id, kind.folder) or ())
        }

    def _unasked(self, request: Request) -> dict[Layer, str]:
        """Why a layer has no levels at all, where it has none."""
        found: dict[Layer, str] = {}
        for layer, kind, account_id, side in _sides(request):
            if self.simulator.levels(account_id, kind.folder) is None:
                missing = f"the {side} is in no account of the organization"
                found[layer] = f"`{kind.manifest_name}` is not enabled" if account_id in self._ids else missing
        return found

    def _without(self, made: Made, answer: Answer) -> Answer | None:
        """The answer if no context key were assumed."""
        keys = tuple(each.what for each in made.assumed if ":" in each.what and not each.certain)
        if answer.decision is Decision.UNKNOWN or not keys:
            return None
        folded = {key.lower() for key in keys}
        context = {key: value for key, value in made.request.context.items() if key not in folded}
        return self.simulator.answer(_with(replace(made.request, context=context), {}, keys))


def _sides(request: Request) -> tuple[tuple[Layer, PolicyType, str, str], ...]:
    """SCPs are those of the caller's account, RCPs those of the resource's."""
    return (Layer.SCP, SCP, request.principal.account, "caller"), (Layer.RCP, RCP, request.owner, "resource")


def spelling(*spelled: Iterable[str]) -> dict[str, str]:
    """How keys are spelled, by their names in lower case: as AWS does, else as policies or the user do."""
    return {key.lower(): key for keys in (*spelled, GLOBAL_KEYS) for key in keys}


def _with(request: Request, context: Mapping[str, Given], unknown: tuple[str, ...] = ()) -> Request:
    """The request with more keys."""
    more = Request.of(request.action, request.resource, request.principal, context, unknown=unknown)
    return replace(request, context={**request.context, **more.context}, unknown={**request.unknown, **more.unknown})


def _that_matter(assumed: tuple[Assumed, ...], answer: Answer) -> tuple[Assumed, ...]:
    """Without absent keys that no policy looks at after all."""
    looked_at = {key.lower() for key in (answer.explanation.keys if answer.explanation else ())}
    return tuple(each for each in assumed if each.value is not None or each.what.lower() in looked_at)


def _field(arn: str, number: int) -> str:
    fields = arn.split(":", 5)
    return fields[number] if len(fields) == 6 else ""
