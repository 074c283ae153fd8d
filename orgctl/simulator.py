"""(organization, account, request) → decision: the policies of a `State`, ready to be asked.

    simulator = Simulator(state)
    simulator.decide("shop-prod", "s3:GetObject", resource="arn:aws:s3:::b/o").answer

It asks what the organization's own policies say: SCPs of the caller's account, RCPs of the resource's. Whoever passes
them still needs an Allow from identity or resource policies, which are not the organization's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from orgctl.model.address import UnitPath, ancestors, unit_address
from orgctl.model.policy_types import POLICY_TYPES, RCP, SCP
from orgctl.model.resources import Account, Attachment, Organization, Policy, PolicyTypeSwitch, Unit
from orgctl.model.state import State
from orgctl.policy import layers
from orgctl.policy.authorizer import Authorizer
from orgctl.policy.document import Document
from orgctl.policy.explanation import Answer, Decision
from orgctl.policy.implied import Implied, implied
from orgctl.policy.parser import parse
from orgctl.policy.principal import Principal
from orgctl.policy.request import Given, Request

FULL_ACCESS = parse({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
"""What AWS's own FullAWSAccess says."""

_ANYBODY = "OrganizationMember"
_MOST_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class Simulation:
    """An answer with the request that it answers, and what was assumed for the sake of it, in words."""

    request: Request
    answer: Answer
    assumptions: tuple[str, ...] = ()

    @property
    def decision(self) -> Decision:
        """What is decided."""
        return self.answer.decision


class Simulator:
    """Answers requests in one organization. Accounts are named by their key; each has to have an id.

    Policy types that are not enabled do not count. Make it once for many requests.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._accounts = {account.key: account for account in state.each(Account)}
        self._by_id = {account.id: account for account in state.each(Account) if account.id}
        found = state.get(Organization, "organization")
        self._organization = layers.Organization(found.management_account if found else None, frozenset(self._by_id))
        self._id = found.id if found else None
        self._policies = {policy.name: _named(policy) for policy in state.each(Policy)}
        self._attached: dict[str, list[str]] = {}
        for attachment in state.each(Attachment):
            self._attached.setdefault(attachment.target, []).append(attachment.policy)
        self._levels: dict[tuple[str, str], tuple[layers.Level, ...]] = {}
        self._authorizers: dict[tuple[object, object], Authorizer] = {}
        self._pairs: dict[tuple[str, str], Authorizer] = {}
        self._paths: dict[UnitPath, str | None] = {}
        enabled = {s.api_name for s in state.each(PolicyTypeSwitch) if s.enabled}
        self._enabled = {kind.folder for kind in POLICY_TYPES if kind.api_name in enabled}

    @property
    def accounts(self) -> Iterable[Account]:
        """Every account of the organization."""
        return self._accounts.values()

    @property
    def organization(self) -> layers.Organization:
        """Whom its policies bind."""
        return self._organization

    @property
    def organization_id(self) -> str | None:
        """The id that its members' requests carry (`aws:PrincipalOrgID`), if known."""
        return self._id

    def replacing(self, policy: str, content: str) -> Simulator:
        """The same organization, in which a policy that it has (`scp/region-lock`) says something else."""
        other = copy(self)
        other._policies = {**self._policies, policy: _named(Policy(policy, content))}
        other._levels, other._authorizers, other._pairs = {}, {}, {}
        return other

    def document(self, policy: str) -> Document | None:
        """What a policy (`scp/region-lock`) says; None if the organization has none of this name."""
        found = self._policies.get(policy)
        return found.document if found else None

    def has(self, account_id: str) -> bool:
        """Whether an account of the organization has the id."""
        return account_id in self._by_id

    def account(self, name: str) -> Account:
        """An account by its key or id. Raises KeyError."""
        return self._accounts.get(name) or self._by_id[name]

    def request(
        self,
        account: str,
        action: str,
        *,
        resource: str | None = None,
        principal: str | None = None,
        context: Mapping[str, Given] | None = None,
        unknown: Iterable[str] = (),
        resource_account: str | None = None,
    ) -> tuple[Request, tuple[str, ...]]:
        """The request as AWS would see it, and what was assumed to make it whole, in words.

        Without `principal` it is some role of the account that no policy names, without `resource` it is `*`; keys
        that follow from the caller and the organization are filled in, unless `context` or `unknown` names them.
        Raises KeyError for an account that is not there.
        """
        home = self.account(account)
        assumed: list[str] = []
        if principal is None:
            principal = f"arn:aws:iam::{home.id}:role/{_ANYBODY}"
            assumed.append(f"the principal is `{principal}`")
        if resource is None:
            resource = "*"
            assumed.append("the resource is `*`")
        caller = _caller(principal)
        owner = Request(action, resource, caller, resource_account).owner
        follows = _implied(caller, owner or None)
        paths = self._paths_of(caller.account, owner)
        places = {key: (path,) for key, path in paths.items() if path}
        keys: dict[str, Given] = {
            **follows.context,
            **self._keys_of(caller.account, owner),
            **places,
            **(context or {}),
        }
        hidden = (*unknown, *follows.unknown, *(key for key in paths if key not in places))
        named = {key.lower() for key in unknown}
        keys = {key: value for key, value in keys.items() if key.lower() not in named}
        made = Request.of(
            action,
            resource,
            caller,
            keys,
            unknown=hidden,
            resource_account=resource_account,
        )
        told = {key.lower() for key in (*(context or {}), *unknown)}
        return made, (*assumed, *(follows.assumptions if "aws:principalarn" not in told else ()))

    def decide(self, account: str, action: str, *, explain: bool = False, **more: object) -> Simulation:
        """Ask for one decision; arguments as of `request`. `explain` fills in the reasons."""
        request, assumed = self.request(account, action, **more)  # type: ignore[arg-type]
        return Simulation(request, self.answer(request, explain=explain), assumed)

    def answer(self, request: Request, *, explain: bool = False) -> Answer:
        """Answer a request that is made already."""
        authorizer = self.authorizer(request.principal.account, request.owner)
        return authorizer.explain(request) if explain else authorizer.decide(request)

    def authorizer(self, caller_account: str, resource_account: str) -> Authorizer:
        """The organization's policies between an account (by id) that calls and one that is called."""
        pair = (caller_account, resource_account)
        found = self._pairs.get(pair)
        if found is None:
            found = self._shared_authorizer(*pair)
            if len(self._pairs) >= _MOST_PAIRS:
                self._pairs.clear()
            self._pairs[pair] = found
        return found

    def _shared_authorizer(self, caller_account: str, resource_account: str) -> Authorizer:
        """One for all accounts on which the same policies stand on the same levels; finding that out takes its time."""
        scps = self.levels(caller_account, SCP.folder)
        rcps = self.levels(resource_account, RCP.folder)
        found = self._authorizers.get((scps, rcps))
        if found is None:
            found = Authorizer(layers.Layers(scp=scps, rcp=rcps), self._organization)
            self._authorizers[scps, rcps] = found
        return found

    def levels(self, account_id: str, folder: str) -> tuple[layers.Level, ...] | None:
        """The policies on an account, level by level from the root; None where the type does not bear on it."""
        account = self._by_id.get(account_id)
        if account is None or folder not in self._enabled:
            return None
        known = self._levels.get((account_id, folder))
        if known is None:
            own = self._level(account.address, folder)
            known = self._levels[account_id, folder] = (*self._above(account.parent, folder), own)
        return known

    def _above(self, unit: UnitPath, folder: str) -> tuple[layers.Level, ...]:
        """The levels of an OU and all above it, which its accounts share."""
        key = (unit_address(unit), folder)
        known = self._levels.get(key)
        if known is None:
            targets = map(unit_address, ancestors(unit))
            known = self._levels[key] = tuple(self._level(target, folder) for target in targets)
        return known

    def _level(self, target: str, folder: str) -> layers.Level:
        return tuple(
            self._policies.get(name) or self._policies.setdefault(name, layers.NamedPolicy(name, FULL_ACCESS))
            for name in self._attached.get(target, ())
            if name.partition("/")[0] == folder
        )

    def _keys_of(self, caller: str, owner: str) -> dict[str, Given]:
        """The keys that tell of the organization, for a caller and a resource that are in it."""
        keys: dict[str, Given] = {}
        for prefix, account in (("aws:Principal", caller), ("aws:Resource", owner)):
            if account in self._by_id and self._id:
                keys[f"{prefix}OrgID"] = self._id
        return keys

    def _paths_of(self, caller: str, owner: str) -> dict[str, str | None]:
        """The keys that members of an organization have for their place in it."""
        pairs = (("aws:PrincipalOrgPaths", caller), ("aws:ResourceOrgPaths", owner))
        return {key: self._path(self._by_id[account].parent) for key, account in pairs if account in self._by_id}

    def _path(self, unit: UnitPath) -> str | None:
        """`o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`; None where not all of the ids are known, as AWS has not told them.

        Source: "AWS global condition context keys", IAM User Guide (aws:PrincipalOrgPaths).
        """
        if unit not in self._paths:
            units = (self._state.get(Unit, unit_address(each)) for each in ancestors(unit))
            ids = [self._id, *(each.id if each else None for each in units)]
            self._paths[unit] = "".join(f"{each}/" for each in ids) if all(ids) else None
        return self._paths[unit]


@lru_cache(maxsize=4096)
def _caller(text: str) -> Principal:
    """Tests and batches ask for few callers many times."""
    return Principal.parse(text)


@lru_cache(maxsize=4096)
def _implied(caller: Principal, owner: str | None) -> Implied:
    return implied(caller, owner)


def _named(policy: Policy) -> layers.NamedPolicy:
    iam = policy.folder in {SCP.folder, RCP.folder}
    document = parse(policy.content) if iam and policy.content else FULL_ACCESS if iam else Document(())
    return layers.NamedPolicy(policy.name, document)
