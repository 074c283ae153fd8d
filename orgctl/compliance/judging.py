"""What AWS Config says of resources, held against the waivers; and what a check comes to by its resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from orgctl.aws.read.compliance import ResourceRow
from orgctl.compliance.cells import Cell, RuleName, Said
from orgctl.compliance.members import Member
from orgctl.compliance.naming import Attribution
from orgctl.compliance.report import Finding
from orgctl.compliance.verdict import Verdict
from orgctl.compliance.waivers import Waiver, Waivers

_NON_COMPLIANT, _COMPLIANT = "NON_COMPLIANT", "COMPLIANT"
"""AWS's words."""


class Judge:
    """Judges resources and checks by the waivers of a day."""

    def __init__(
        self, waivers: Waivers, members: Mapping[str, Member], packs: Mapping[Cell, Attribution], today: date
    ) -> None:
        self._waivers = waivers
        self._members = members
        self._packs = packs
        self._today = today

    def pack_of(self, cell: Cell, name: RuleName) -> str | None:
        """The pack of ours that a rule is of."""
        return self._packs.get(cell, {}).get(name.pack) if name.pack else None

    def findings(self, row: ResourceRow, *, every: bool = False) -> Iterator[Finding]:
        """What each rule says of a resource that does not comply with it, or with `every` in any case.

        Nothing for an account that has left.
        """
        member = self._members.get(row.account)
        if member is None:
            return
        cell = (row.account, row.region)
        for text, compliance in row.rules:
            if compliance != _NON_COMPLIANT and not every:
                continue
            name = RuleName.of(text)
            pack = self.pack_of(cell, name)
            waiver = self._waivers.find(pack, name.rule, member, row.id) if compliance == _NON_COMPLIANT else None
            yield Finding(
                account=member.key,
                account_id=member.id,
                region=row.region,
                pack=pack,
                rule=name.rule,
                name=text,
                type=row.type,
                id=row.id,
                verdict=self._of_resource(compliance, waiver),
                waiver=waiver,
            )

    def _of_resource(self, compliance: str, waiver: Waiver | None) -> Verdict:
        match compliance:
            case "COMPLIANT":
                return Verdict.COMPLIANT
            case "NON_COMPLIANT":
                in_force = waiver is not None and waiver.expires >= self._today
                return Verdict.WAIVED if in_force else Verdict.NON_COMPLIANT
            case _:
                return Verdict.INSUFFICIENT_DATA

    def of_check(self, cell: Cell, pack: str | None, said: Said, waived: int, unwaived: int) -> Verdict:
        """What a check comes to, of whose resources so many are `waived` and so many do not comply without a waiver.

        Where AWS counts more resources than it names, those that it does not name are not waived, unless a waiver is
        for all of the account.
        """
        if unwaived:
            return Verdict.NON_COMPLIANT
        if said.compliance == _NON_COMPLIANT:
            named = waived > 0 and waived >= said.resources
            return Verdict.WAIVED if named or self.blanket(cell, pack, said) else Verdict.NON_COMPLIANT
        if waived:
            return Verdict.WAIVED
        return Verdict.COMPLIANT if said.compliance == _COMPLIANT else Verdict.INSUFFICIENT_DATA

    def blanket(self, cell: Cell, pack: str | None, said: Said) -> Waiver | None:
        """A waiver in force for all resources of the check, whichever AWS names."""
        return self._waivers.blanket(pack, said.name.rule, self._members[cell[0]], self._today)
