"""Which waiver lets a resource pass."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from orgctl.compliance.members import Member
from orgctl.diagnostics import Position
from orgctl.packs.pack import Pack

SOON = 14
"""Days: who has a waiver that ends within them is told."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Resources that need not comply with a rule (its name in AWS Config) of `packs` until the end of `expires`.

    `account` is the address of an account or OU, None: all; `resource` a pattern of ids with `*` and `?`.
    """

    packs: tuple[str, ...]
    rule: str
    account: str | None
    resource: str
    owner: str
    reason: str
    expires: date
    position: Position

    def days_left(self, today: date) -> int:
        """0 on its last day, less than that when it has expired."""
        return (self.expires - today).days

    @property
    def waives_all(self) -> bool:
        """Whether it is for every resource of an account."""
        return not self.resource.strip("*")


class Standing(Enum):
    """What is to be said of a waiver."""

    USED = "used"
    EXPIRING = "expiring"
    """It is used, and ends within `SOON` days."""
    UNUSED = "unused"
    """Nothing that it is for fails to comply."""
    EXPIRED = "expired"
    """Its last day is over: what it was for counts as not compliant."""


def of_packs(packs: Iterable[Pack]) -> tuple[Waiver, ...]:
    """The waivers that stand in the packs."""
    return tuple(
        Waiver(
            (pack.name,),
            waiver.rule,
            waiver.account,
            waiver.resource,
            waiver.owner,
            waiver.reason,
            waiver.expires,
            pack.source.at(waiver.place),
        )
        for pack in packs
        for waiver in pack.waivers
    )


class Waivers:
    """All waivers, by what they are for. Of several that fit, the one that lasts longest counts."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self.all = tuple(waivers)
        self._by_rule: defaultdict[tuple[str, str], list[tuple[Waiver, re.Pattern[str]]]] = defaultdict(list)
        for waiver in sorted(self.all, key=lambda each: each.expires, reverse=True):
            for pack in waiver.packs:
                self._by_rule[pack, waiver.rule].append((waiver, _pattern(waiver.resource)))

    def find(self, pack: str | None, rule: str, member: Member, resource: str) -> Waiver | None:
        """The waiver for a resource, expired or not."""
        return next(
            (
                waiver
                for waiver, pattern in self._by_rule.get((pack or "", rule), ())
                if pattern.fullmatch(resource) and (waiver.account is None or member.is_in((waiver.account,)))
            ),
            None,
        )

    def blanket(self, pack: str | None, rule: str, member: Member, today: date) -> Waiver | None:
        """A waiver in force for all resources of an account, whichever there are."""
        return next(
            (
                waiver
                for waiver, _ in self._by_rule.get((pack or "", rule), ())
                if waiver.waives_all
                and waiver.expires >= today
                and (waiver.account is None or member.is_in((waiver.account,)))
            ),
            None,
        )


def _pattern(text: str) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", text))
    return re.compile("".join(parts), re.DOTALL)
