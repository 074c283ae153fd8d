"""Which rules there ought to be in an account and region, by the packs that the manifest deploys."""

from __future__ import annotations

from collections.abc import Sequence

from orgctl.compliance.members import Member
from orgctl.packs.pack import Pack

RuleKey = tuple[str | None, str]
"""A pack (None: none of ours) and the rule's name in it."""


class Expectation:
    """Asked for every account and region; there are few different answers, and they are shared."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = packs
        self._answers: dict[tuple[tuple[str, ...], bool, str], frozenset[RuleKey]] = {}
        self.regions = tuple(sorted({region for pack in packs for rule in pack.rules for region in rule.regions}))

    def of(self, member: Member, region: str) -> frozenset[RuleKey]:
        """The rules that ought to say something; none for an account that is not active."""
        if not member.active:
            return frozenset()
        packs = tuple(pack for pack in self._packs if member.has(pack))
        management = any(pack.management == member.id for pack in packs)
        key = (tuple(pack.name for pack in packs), management, region)
        if key not in self._answers:
            self._answers[key] = frozenset(
                (pack.name, rule.name)
                for pack in packs
                for rule in pack.rules
                if region in rule.regions and (management or not rule.once)
            )
        return self._answers[key]
