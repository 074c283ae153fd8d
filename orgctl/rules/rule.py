"""`Rule`: what one folder of `config_rules/` says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

FOLDER = "config_rules"
"""Where rules are, below the manifest's directory."""

FRAME = "organization_rule"
"""The package beside the rules that they share; it is no rule itself."""

FREQUENCIES = ("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours")
"""How often AWS Config can ask a periodic rule. Source: `MaximumExecutionFrequency` in AWS Config's API reference."""


class Kind(Enum):
    """What evaluates the rule: a Lambda function of ours, or AWS Config itself by a Guard policy."""

    LAMBDA = "lambda"
    GUARD = "guard"


class Scope(Enum):
    """Where the rule has to be: in every region, or, for resources of no region (IAM), in one."""

    REGIONAL = "regional"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input parameter. `default` is what `parameters.json` gives; empty where the pack has to give a value."""

    name: str
    default: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `resource_types` are those whose changes trigger it, `periodic` is one of FREQUENCIES or None; one of the two is
    there. `permissions` are the IAM actions that the rule needs in the account that it looks at. `organization`: it
    makes sense in the management account only. `guard` is the policy's text, None for a rule of Python.
    """

    name: str
    folder: Path
    kind: Kind
    summary: str
    resource_types: tuple[str, ...]
    periodic: str | None = None
    required_parameters: tuple[Parameter, ...] = ()
    optional_parameters: tuple[Parameter, ...] = ()
    permissions: tuple[str, ...] = ()
    scope: Scope = Scope.REGIONAL
    organization: bool = False
    runtime: str = "python3.13"
    guard: str | None = None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Required ones first."""
        return self.required_parameters + self.optional_parameters

    @property
    def config_rule_name(self) -> str:
        """What AWS Config calls it in a pack: `lambda-layer-required`."""
        return self.name.lower().replace("_", "-")

    @property
    def handler(self) -> str:
        """Lambda's name of the entry: `LAMBDA_LAYER_REQUIRED.lambda_handler`."""
        return f"{self.name}.lambda_handler"

    @property
    def fixtures(self) -> tuple[Path, ...]:
        """The configuration items that stand beside the rule, by name."""
        return tuple(sorted((self.folder / "fixtures").glob("*.json")))
