"""What of the organization a report is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orgctl.compliance.members import Member
from orgctl.errors import InvalidInputError
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.address import UnitPath, unit_address
from orgctl.packs.pack import Pack


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, in the user's words; nothing: everything.

    Accounts go by name or id, OUs by address (`ou:/Workloads`), rules by the name in the pack or in AWS Config, a
    resource by its id or ARN.
    """

    accounts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rule: str | None = None
    pack: str | None = None
    resource: str | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self != Question()

    @property
    def lists_resources(self) -> bool:
        """Whether single resources are to be shown."""
        return bool(self.accounts or self.rule or self.resource)

    @property
    def tells_why(self) -> bool:
        """Whether it goes as deep as what each evaluation says: that costs a call for each rule in a place."""
        return bool(self.resource or (self.rule and self.accounts))


@dataclass(frozen=True, slots=True)
class Focus:
    """The question, resolved. `accounts` are ids, `rule` is a name in AWS Config; None: all."""

    accounts: frozenset[str] | None = None
    rule: str | None = None
    pack: str | None = None

    def has(self, account: str, pack: str | None, rule: str) -> bool:
        """Whether a check is in it."""
        return self.has_account(account) and self.has_rule(pack, rule)

    def has_account(self, account: str) -> bool:
        """Whether an account (an id) is in it."""
        return self.accounts is None or account in self.accounts

    def has_rule(self, pack: str | None, rule: str) -> bool:
        """Whether a rule is in it."""
        return self.rule in (None, rule) and self.pack in (None, pack)


def resolve(question: Question, members: Sequence[Member], units: Sequence[UnitPath], packs: Sequence[Pack]) -> Focus:
    """What a question means. Raises InvalidInputError for an account, OU or pack that is not there."""
    if question.pack is not None and question.pack not in {pack.name for pack in packs}:
        hint = did_you_mean(question.pack, [pack.name for pack in packs], "`orgctl packs list` shows the packs")
        raise InvalidInputError(f"there is no pack `{question.pack}`", hint=hint)
    accounts: set[str] = set()
    for name in question.accounts:
        accounts.add(_account(name, members))
    for address in question.units:
        accounts.update(_below(address, members, units))
    chosen = frozenset(accounts) if question.accounts or question.units else None
    return Focus(chosen, _rule(question.rule, packs), question.pack)


def _account(name: str, members: Sequence[Member]) -> str:
    found = next((member.id for member in members if name in (member.key, member.id)), None)
    if found is None:
        hint = did_you_mean(name, [member.key for member in members], "name it as the manifest does, or by its id")
        raise InvalidInputError(f"there is no account `{name}` in the organization", hint=hint)
    return found


def _below(address: str, members: Iterable[Member], units: Iterable[UnitPath]) -> Iterable[str]:
    known = [unit_address(path) for path in units]
    if address not in known:
        hint = did_you_mean(address, known, "write it as `ou:/Workloads`")
        raise InvalidInputError(f"there is no OU `{address}` in the organization", hint=hint)
    return (member.id for member in members if member.is_in((address,)))


def _rule(asked: str | None, packs: Iterable[Pack]) -> str | None:
    """A rule as AWS Config calls it, from that or from the name that the pack's file uses."""
    if asked is None:
        return None
    names = {name: rule.name for pack in packs for rule in pack.rules for name in (rule.written, rule.name)}
    folded = {name.lower(): rule for name, rule in names.items()}
    return names.get(asked) or folded.get(asked.lower(), asked)
