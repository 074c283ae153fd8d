"""What AWS documents of the rules that it manages, from `managed_rules.json` (see `scripts/managed-rules`).

AWS adds rules, parameters and regions every month: what is not in the table is worth a warning, never a refusal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from orgctl.rules.rule import Scope


class Trigger(Enum):
    """What makes AWS evaluate a managed rule."""

    CHANGE = "change"
    PERIODIC = "periodic"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ManagedParameter:
    """A parameter of a managed rule; `kind` is AWS's word: `int`, `boolean`, `double`, `CSV`, `String`, `StringMap`."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class ManagedRule:
    """A rule that AWS manages. `only` these regions have it, or all `but` those; both empty: all have it."""

    identifier: str
    trigger: Trigger
    parameters: Mapping[str, ManagedParameter]
    resource_types: tuple[str, ...]
    only: frozenset[str]
    but: frozenset[str]

    def offered_in(self, region: str) -> bool:
        """Whether AWS says that the region has the rule."""
        return region in self.only if self.only else region not in self.but

    @property
    def scope(self) -> Scope:
        """GLOBAL if it looks at what is the same in every region: IAM, or some settings of the account."""
        of_account = all(name == _ACCOUNT for name in self.resource_types)
        found = of_account and self.identifier.startswith(_GLOBAL_NAMES)
        found = found or (not of_account and all(name.startswith(_GLOBAL_TYPES) for name in self.resource_types))
        return Scope.GLOBAL if found else Scope.REGIONAL


_ACCOUNT = "AWS::::Account"
_GLOBAL_TYPES = ("AWS::IAM::", "AWS::S3::AccountPublicAccessBlock")
_GLOBAL_NAMES = (
    *("ACCOUNT_PART_", "IAM_PASSWORD_", "IAM_POLICY_", "IAM_ROOT_", "ROOT_ACCOUNT_", "S3_ACCOUNT_LEVEL_"),
    *("SECURITY_ACCOUNT_", "SHIELD_"),
)
"""Of the rules on the account as a whole, those on settings that no region has for itself."""


@cache
def managed_rules() -> Mapping[str, ManagedRule]:
    """Every rule that is known, by its identifier."""
    text = files("orgctl.packs").joinpath("managed_rules.json").read_text(encoding="utf-8")
    return {name: _rule(name, declared) for name, declared in json.loads(text)["rules"].items()}


def _rule(name: str, declared: Mapping[str, Any]) -> ManagedRule:
    parameters = {
        key: ManagedParameter(key, kind, need == "required")
        for key, (kind, need) in declared.get("parameters", {}).items()
    }
    return ManagedRule(
        identifier=name,
        trigger=Trigger(declared["trigger"]),
        parameters=parameters,
        resource_types=tuple(declared.get("types", ())),
        only=frozenset(declared.get("only", ())),
        but=frozenset(declared.get("but", ())),
    )
