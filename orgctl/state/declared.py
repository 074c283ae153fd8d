"""An actual state as the contents of a manifest that wants exactly this: the other way round than `desired`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from orgctl.manifest import patterns, schema
from orgctl.manifest.writing import Contents
from orgctl.model import resources as model
from orgctl.model.partitions import AWS
from orgctl.model.rollout_mark import mark_address
from orgctl.model.state import Finding, State
from orgctl.state.declarable import delegation_policy, fits, listed, policies, tags
from orgctl.state.declared_trail import trail
from orgctl.state.declared_tree import active_accounts, tree
from orgctl.state.granted import granted

DELEGATION_POLICY = "delegation-policy.json"
"""The file that the delegation policy is written to."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What AWS does not say, or what turned out not to fit.

    `without` maps addresses (of policies, the delegation policy or the trail) to why they are left out.
    """

    home_region: str
    access_role: str | None = None
    without: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """What to write, and what to tell: `remarks` say what is left out, and why."""

    contents: Contents
    remarks: tuple[Finding, ...]


def declared(state: State, choices: Choices) -> Declared:
    """The contents of a manifest by which `state`, the actual state of an organization, is as wanted.

    Raises RefusedError where something that orgctl owns would have to be left out, as the next plan would delete it.
    """
    remarks: list[Finding] = []
    documents = policies(state, choices.without, remarks)
    delegation = delegation_policy(state, choices.without, remarks)
    root = tree(state, documents, remarks)
    active = dict(active_accounts(root))
    organization = {
        **_organization(state, choices),
        "delegated_administrators": dict(_administrators(state, active, remarks)),
        "delegation_policy": None if delegation is None else DELEGATION_POLICY,
    }
    found = trail(state, set(active), remarks)
    why = choices.without.get(f"trail:{found.name}") if found else None
    if found and why:
        remarks.append(Finding(f"trail:{found.name}", why))
    manifest = schema.Manifest(
        version=1,
        organization=schema.Organization.model_validate(organization),
        root=root,
        policies=dict(_options(state, documents, remarks)),
        trail=None if why else found,
    )
    limits = schema.Limits(quotas=granted(manifest, documents, delegation))
    manifest = manifest.model_copy(update={"limits": limits})
    contents = Contents(manifest, documents, delegation, _notes(remarks), found if why else None)
    return Declared(contents, tuple(remarks))


def home_region(state: State, session_region: str) -> str:
    """Where the organization's trail lives; without one, the session's region, if it is one that we can write."""
    found = next((each.region for each in state.each(model.Trail)), session_region)
    return found if fits(patterns.REGION, found) else AWS.organizations_region


def _organization(state: State, choices: Choices) -> dict[str, object]:
    """The attributes of `organization` that need no remark."""
    found = next(state.each(model.Organization))
    trusted = sorted(access.service for access in state.each(model.TrustedAccess))
    organization: dict[str, object] = {
        "management_account": found.management_account,
        "home_region": choices.home_region,
        "regions": [choices.home_region],
        "id": found.id if found.id and fits(patterns.ORGANIZATION_ID, found.id) else None,
        "policy_types": [switch.api_name.lower() for switch in state.each(model.PolicyTypeSwitch)],
        "trusted_access": [service for service in trusted if fits(patterns.SERVICE, service)],
    }
    return organization | ({"access_role": choices.access_role} if choices.access_role else {})


def _administrators(
    state: State, active: Mapping[str, schema.Account], remarks: list[Finding]
) -> Iterator[tuple[str, list[str]]]:
    """The delegated administrators by service, where the whole list can be declared: a part would remove the rest."""
    management = next(state.each(model.Organization)).management_account
    usable = {key for key, account in active.items() if account.id != management}
    for each in state.each(model.DelegatedAdministrators):
        keys = sorted(address.removeprefix("account:") for address in each.accounts)
        if not fits(patterns.SERVICE, each.service) or model.TrustedAccess(each.service).address not in state.resources:
            why = "the service has no trusted access"
        elif not usable.issuperset(keys):
            why = f"{listed(sorted(set(keys) - usable))} cannot be one"
        else:
            yield each.service, keys
            continue
        remarks.append(Finding("organization", f"the administrators of `{each.service}` are left out: {why}"))


def _options(
    state: State, documents: Mapping[str, object], remarks: list[Finding]
) -> Iterator[tuple[str, schema.PolicyOptions]]:
    """Descriptions and tags of the policies that are written, where there are any."""
    for name in documents:
        policy = state.get(model.Policy, model.Policy(name, None).address)
        if policy:
            if mark_address(name) in state.resources:
                why = "AWS does not know its stages: write its `rollout`, or the next plan takes its mark away"
                remarks.append(Finding(policy.address, f"`{name}` was being rolled out by stages, and {why}"))
            declared_tags = tags(policy.tags, policy.address, remarks)
            options = schema.PolicyOptions(description=policy.description or None, tags=declared_tags)
            if options != schema.PolicyOptions():
                yield name, options


def _notes(remarks: Iterable[Finding]) -> dict[str, list[str]]:
    """Remarks as comments, at what they are about; those about accounts and the like stand at the organization."""
    notes: dict[str, list[str]] = defaultdict(list)
    for remark in remarks:
        in_place = remark.address.startswith(("ou:", "policy:", "trail:"))
        notes[remark.address if in_place else "organization"].append(remark.message)
    return notes
