"""What a resource type is given to compare itself: both states, and what each thing is called in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orgctl.model.address import ROOT, unit_address
from orgctl.model.limits import Limits
from orgctl.model.resources import Account, AccountState, Organization, Policy, Resource, Unit
from orgctl.model.state import State
from orgctl.reconcile.guardrails import Effect
from orgctl.reconcile.plan import Action, Change, Join, Ref, Value, Wait

ROOT_ADDRESS = unit_address(ROOT)

_PLACEHOLDER = re.compile(r"@\{(?:accounts\.([^}]+)|(organization\.id))\}")


@dataclass(frozen=True, slots=True)
class Draft:
    """An operation before it has its number.

    `requires` names addresses whose operations all have to be done first, besides those that parameters refer to.
    `effect` is what it does to guardrails, where it does anything to them.
    """

    address: str
    service: str
    action: str
    parameters: Mapping[str, Value]
    requires: tuple[str, ...] = ()
    account: str | Ref | None = None
    region: str | None = None
    yields: Mapping[str, str] = field(default_factory=dict)
    wait: Wait | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Desired and actual, side by side.

    In `actual`, things that the manifest's `moved` renames already bear their new addresses; `renamed` maps those to
    the old ones. `adopt`: whatever is wanted and not ours is to become ours.
    """

    desired: State
    actual: State
    renamed: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    adopt: bool = False
    access_role: str = "OrganizationAccountAccessRole"
    partition: str = "aws"

    @property
    def management_account(self) -> str:
        """The management account's id."""
        for state in (self.actual, self.desired):
            found = state.get(Organization, "organization")
            if found:
                return found.management_account
        raise LookupError("neither state has an organization")

    def id_of(self, address: str) -> str | Ref:
        """The id of a root, OU, account or policy; a reference to it where the plan creates it."""
        found = self.actual.resources.get(address)
        if isinstance(found, Unit | Account | Policy) and found.id:
            return found.id
        return Ref(address)

    def account_of(self, address: str | None) -> str | Ref | None:
        """In which account to call: None for the management account."""
        if address is None:
            return None
        account = self.id_of(address)
        return None if account == self.management_account else account

    def is_member(self, address: str) -> bool:
        """Whether the account is in the organization, or will be by this plan."""
        actual, desired = (state.get(Account, address) for state in (self.actual, self.desired))
        if actual is not None:
            return actual.state is not AccountState.INVITED
        return desired is not None and desired.join == "create" and desired.state is AccountState.ACTIVE

    def text(self, content: str) -> str | Join:
        """Text whose `@{accounts.NAME}` and `@{organization.id}` are left to be filled in during the apply."""
        parts = tuple(self._parts(content))
        return content if all(isinstance(part, str) for part in parts) else Join(parts)

    @staticmethod
    def joined(*parts: str | Ref) -> str | Join:
        """Text put together from parts, of which some may only be known during the apply."""
        return Join(parts) if any(isinstance(part, Ref) for part in parts) else "".join(map(str, parts))

    def _parts(self, content: str) -> Iterator[str | Ref]:
        end = 0
        for match in _PLACEHOLDER.finditer(content):
            if match.start() > end:
                yield content[end : match.start()]
            yield Ref(f"account:{match[1]}") if match[1] else Ref("organization")
            end = match.end()
        if end < len(content):
            yield content[end:]


Pair = tuple[Resource | None, Resource | None]


def refused(kind: str, address: str, problem: str, hint: str) -> Change:
    """A change that orgctl will not make: the plan shows it, and no apply starts."""
    return Change(Action.NO_OP, kind, address, problem=problem, hint=hint)
