"""What a plan does to access: the manifest's sentinels, posed before the plan and after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from orgctl.access.change import Access
from orgctl.access.comparing import Complete, compare
from orgctl.access.declared import all_sentinels, declared
from orgctl.access.own_needs import Need
from orgctl.access.sets import Surroundings
from orgctl.access.work import REGION_KEY
from orgctl.api.permissions import names_of
from orgctl.api.unsaid import assumed_keys, unknown_keys
from orgctl.aws.permissions import Command, policies
from orgctl.diagnostics import Diagnostic, Position
from orgctl.errors import InvalidInputError
from orgctl.manifest import LoadedManifest, patterns
from orgctl.model.partitions import partition_of
from orgctl.model.policy_types import RCP, SCP
from orgctl.model.resources import Account, Attachment, Policy, PolicyTypeSwitch
from orgctl.model.state import State
from orgctl.policy.parser import parse
from orgctl.policy.request import Request
from orgctl.reconcile.comparison import Comparison
from orgctl.reconcile.plan import Action, Change, Plan
from orgctl.reconcile.resulting import resulting
from orgctl.simulator import Simulator
from orgctl.source import Place

BREAK_GLASS = "break_glass_roles"
"""The parameter that names the roles for emergencies, as the shipped policies have it."""

_MATTERING = frozenset({"organization", "policy-type", "ou", "account", "policy", "attachment"})
"""The resource types that decide which policies bear on whom."""

_DECIDING = frozenset({SCP.folder, RCP.folder})


def sentinel_problems(loaded: LoadedManifest) -> tuple[Diagnostic, ...]:
    """What is wrong with the manifest's own sentinels."""
    return declared(loaded)[1]


def access_of(loaded: LoadedManifest, between: Comparison, plan: Plan) -> Access | None:
    """What the plan does to access. None if there are no sentinels, or if nothing changes that could matter to it.

    Raises InvalidInputError for sentinels that name what is not there.
    """
    if plan.problems or not loaded.manifest.sentinels or not any(map(matters, plan.changes)):
        return None
    before = between.actual
    after = resulting(between, plan.changes)
    accounts = tuple(after.each(Account))
    own, problems = declared(loaded, {account.key: account.id for account in accounts if account.id})
    if problems:
        raise InvalidInputError("the manifest's sentinels cannot be used", diagnostics=problems)
    unread = unreadable(before, after)
    before, after = (readable(state, unread) for state in (before, after))
    around = surroundings(loaded, accounts, _regions_named(before, after))
    found = compare(
        Simulator(before),
        Simulator(after),
        all_sentinels(loaded, own, around),
        partition=around.partition,
        complete=_completing(loaded.manifest.organization.home_region),
        locate=_locating(loaded),
    )
    return replace(found, unread=unread)


def matters(change: Change) -> bool:
    """Whether a change is of what decides which policies bear on whom."""
    return change.kind in _MATTERING and change.action is not Action.NO_OP


def surroundings(
    loaded: LoadedManifest, accounts: tuple[Account, ...] = (), regions: Iterable[str] = ()
) -> Surroundings:
    """What the manifest says of whom the default sentinels stand for; `regions` are asked about too."""
    organization = loaded.manifest.organization
    emergency = loaded.manifest.parameters.get(BREAK_GLASS, ())
    return Surroundings(
        partition_of(organization.home_region).name,
        tuple(dict.fromkeys((organization.home_region, *organization.regions, *regions))),
        organization.management_account,
        organization.access_role,
        tuple(organization.protected_roles),
        (emergency,) if isinstance(emergency, str) else tuple(emergency),
        accounts,
        _needs(loaded),
    )


def _needs(loaded: LoadedManifest) -> tuple[Need, ...]:
    """What the access role has to be able to do, account by account."""
    trail, config = loaded.manifest.trail, loaded.manifest.config
    own = policies(Command.APPLY, names_of(loaded))
    found: list[Need] = []
    if trail and own.access_role:
        found.append(Need(trail.bucket.account, own.access_role))
    if config and own.administrator:
        found.append(Need(config.administrator, own.administrator))
    if own.member:
        found.append(Need(None, own.member))
    return tuple(found)


def _regions_named(*states: State) -> list[str]:
    """The regions that policies ask for: one that is in use until this plan may be named nowhere else."""
    documents = (
        parse(policy.content)
        for state in states
        for policy in state.each(Policy)
        if policy.folder in _DECIDING and policy.content
    )
    values = (
        value
        for document in documents
        for statement in document.statements
        for condition in statement.conditions
        if condition.key.lower() == REGION_KEY.lower()
        for value in condition.values
    )
    return sorted({value for value in values if re.fullmatch(patterns.REGION, value)})


def _completing(home_region: str) -> Complete:
    """As `simulate` takes requests: what nearly all of them have in common, and what nobody can know beforehand."""

    def complete(request: Request, looked_at: Mapping[str, str], said: frozenset[str]) -> Request:
        circumstances = {e.what.lower(): e.value for e in assumed_keys(request, home_region, said) if e.value}
        request = replace(request, context={**request.context, **circumstances})
        hidden = {key.lower(): key for key in unknown_keys(looked_at, request, said)}
        return replace(request, unknown={**request.unknown, **hidden})

    return complete


def _locating(loaded: LoadedManifest) -> Callable[[str, Place], Position | None]:
    def locate(policy: str, place: Place) -> Position | None:
        file = loaded.policies.get(policy)
        return file.source.at(place) if file else None

    return locate


def unreadable(*states: State) -> tuple[str, ...]:
    """The policies that decide about access and are in no language that we know; foreign ones, as ours are checked."""
    found: dict[str, None] = {}
    for state in states:
        for policy in state.each(Policy):
            if policy.folder in _DECIDING and policy.content and not _is_readable(policy.content):
                found[policy.name] = None
    return tuple(found)


def _is_readable(content: str) -> bool:
    try:
        parse(content)
    except InvalidInputError:
        return False
    return True


def readable(state: State, unread: tuple[str, ...]) -> State:
    """Only what access hangs on; what cannot be read says nothing, so that it counts as allowing everything."""
    kinds = (Account, Attachment, Policy, PolicyTypeSwitch)
    kept = {
        address: replace(each, content=None) if isinstance(each, Policy) and each.name in unread else each
        for address, each in state.resources.items()
        if isinstance(each, kinds) or address == "organization"
    }
    return State(kept)
