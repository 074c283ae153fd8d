"""What one account says in one region, rule by rule: small values, since there are hundreds of thousands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import intern

from orgctl.aws.read.compliance import RuleRow

Cell = tuple[str, str]
"""An account's id and a region."""

_PACK = "conformance-pack-"
_IN_PACK = re.compile(r"(?P<rule>.+)-(?P<ending>conformance-pack-[a-z0-9]+)\Z")
_OF_HUB = re.compile(r"(?P<rule>securityhub-.+)-(?P<ending>[a-z0-9]{6,})\Z")


@dataclass(frozen=True, slots=True)
class RuleName:
    """The name of a rule in an account, taken apart.

    `rule` is what its pack's template calls it. `ending` is what AWS adds for this account and region: the id of a
    pack (`conformance-pack-x7k2p9q4z`), some letters of Security Hub's, or nothing.
    """

    rule: str
    ending: str = ""

    @classmethod
    def of(cls, name: str) -> RuleName:
        """From `layers-conformance-pack-x7k2p9q4z`."""
        found = _IN_PACK.match(name) or _OF_HUB.match(name)
        return cls(intern(found["rule"]), intern(found["ending"])) if found else cls(intern(name))

    @property
    def whole(self) -> str:
        """The name as AWS Config has it."""
        return f"{self.rule}-{self.ending}" if self.ending else self.rule

    @property
    def pack(self) -> str | None:
        """AWS's id of the pack that the rule is of, in this account and region."""
        return self.ending if self.ending.startswith(_PACK) else None


@dataclass(frozen=True, slots=True)
class Said:
    """What AWS Config says of a rule in a cell, in its words.

    `resources` are those that make it so, as far as they were counted; `more`: there are more than that.
    """

    name: RuleName
    compliance: str
    resources: int = 0
    more: bool = False


Cells = Mapping[Cell, Sequence[Said]]


def said(row: RuleRow) -> tuple[Cell, Said]:
    """A row of the aggregator, in its cell."""
    cell = (intern(row.account), intern(row.region))
    return cell, Said(RuleName.of(row.rule), intern(row.compliance), row.resources, row.more)
