"""The organization in which tests are held: the manifest's, offline, and for tests of one policy a made-up one.

The made-up one has every account of the manifest and one more, `member`, all of them directly below the root; on the
root is the one policy, and AWS's FullAWSAccess is everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import TypeVar

from orgctl.manifest import LoadedManifest, known_values
from orgctl.manifest.insertion import Values, insert
from orgctl.model.address import ROOT, UnitPath, parse_path, unit_address
from orgctl.model.partitions import partition_of
from orgctl.model.policy_types import RCP, SCP
from orgctl.model.resources import Account, AccountState, Attachment, Organization, Policy, PolicyTypeSwitch
from orgctl.model.state import State
from orgctl.policy.canonical import minify
from orgctl.simulator import Simulator
from orgctl.state.offline import offline

D = TypeVar("D")

ACCOUNT = "@{account}"
"""In any text of a case: the id of the account that the request is made in."""

MEMBER = "member"
"""The account of whoever asks, where a test of one policy does not name one."""

_FULL_ACCESS = "scp/FullAWSAccess"
TESTABLE = (SCP.folder, RCP.folder)
"""The policy types that decide about requests."""


class Setting:
    """A manifest's organization, ready for tests. `values` are what placeholders stand for, made-up ids included.

    `known` gives ids by account key where the manifest does not, and AWS does.
    """

    def __init__(self, loaded: LoadedManifest, known: Mapping[str, str] | None = None) -> None:
        self.loaded = loaded
        self.partition = partition_of(loaded.manifest.organization.home_region).name
        self._state = offline(loaded, known)
        accounts = list(self._state.each(Account))
        self.accounts: Mapping[str, Account] = {account.key: account for account in accounts}
        self._by_id = {str(account.id): account for account in accounts}
        self.member = Account(MEMBER, id=next(_free(self._by_id)))
        if MEMBER in self.accounts:
            self.member = self.accounts[MEMBER]
        organization = self._state.get(Organization, "organization")
        self.values: Values = {
            **known_values(loaded),
            **{f"accounts.{account.key}": str(account.id) for account in (self.member, *accounts)},
            "organization.id": str(organization.id if organization else ""),
        }
        self._for_tests: Values = {**self.values, "account": ACCOUNT}
        self._simulators: dict[str | None, Simulator] = {}

    def account(self, name: str) -> Account | None:
        """An account by key or id; `member` too."""
        found = self.accounts.get(name) or self._by_id.get(name)
        return found or (self.member if name in (MEMBER, self.member.id) else None)

    def below(self, path: UnitPath) -> list[Account]:
        """Every active account in an OU or below it."""
        return [
            account
            for account in self.accounts.values()
            if account.parent[: len(path)] == path and account.state is AccountState.ACTIVE
        ]

    def unit(self, address: str) -> UnitPath | None:
        """The path of an OU of the manifest, written `ou:/Workloads`; None if there is none."""
        try:
            path = parse_path(address.removeprefix("ou:"))
        except ValueError:
            return None
        return path if path in self.loaded.unit_by_path else None

    def simulator(self, policy: str | None) -> Simulator:
        """The whole organization (None), or the made-up one with this policy alone. Made once."""
        made = self._simulators.get(policy)
        if made is None:
            state = self._state
            if policy is not None:
                state = self._alone(policy, self.content(self.loaded.policies[policy].document))
            made = self._simulators[policy] = Simulator(state)
        return made

    def filled(self, value: D) -> D:
        """What a test says, with the manifest's values in it. `@{account}` stays: each request has its own."""
        return insert(value, self._for_tests)

    def content(self, document: object) -> str:
        """A policy's text as AWS would have it, from its document as it is written."""
        return minify(insert(document, self.values))

    def _alone(self, policy: str, content: str) -> State:
        accounts = [replace(account, parent=ROOT) for account in self._everybody()]
        targets = [unit_address(ROOT), *(account.address for account in accounts)]
        switches = [PolicyTypeSwitch(kind.api_name) for kind in (SCP, RCP)]
        attached = [Attachment(_FULL_ACCESS, target) for target in targets]
        organization = list(self._state.each(Organization))
        on_root = Attachment(policy, unit_address(ROOT))
        return State.of([*organization, *switches, *accounts, Policy(policy, content), *attached, on_root])

    def _everybody(self) -> Iterable[Account]:
        return {account.key: account for account in (self.member, *self.accounts.values())}.values()


def _free(taken: Mapping[str, object]) -> Iterator[str]:
    return (text for number in count(1) if (text := f"{999999999999 - number:012}") not in taken)
