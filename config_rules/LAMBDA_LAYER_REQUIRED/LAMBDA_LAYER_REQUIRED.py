"""Functions have an approved layer, at a version that is new enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from rdklib import Evaluation

from organization_rule.arns import Arn, Place, arn_like, filled
from organization_rule.entry import Result, handle
from organization_rule.items import Item, Waiver, tags_of
from organization_rule.lambda_functions import RESOURCE_TYPE, Function
from organization_rule.notice import Event, place_of_item
from organization_rule.parameters import Parameters
from organization_rule.rule import OrganizationRule
from organization_rule.sessions import Clients
from organization_rule.verdicts import compliant, non_compliant, not_applicable

RESOURCE_TYPES = (RESOURCE_TYPE,)


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved layer: a pattern for its ARN without the version, and the oldest version that will do."""

    pattern: str
    oldest: int

    @classmethod
    def parse(cls, given: str) -> Self:
        """Raises ValueError for what is no layer's ARN. No version, or `*`, means any."""
        kind, _, rest = Arn.parse(given).resource.partition(":")
        name, _, version = rest.partition(":")
        if kind != "layer" or not name or ":" in version or not (version in ("", "*") or version.isdecimal()):
            message = f"`{given}` is no ARN of a layer"
            raise ValueError(message)
        return cls(given.removesuffix(f":{version}") if version else given, int(version) if version.isdecimal() else 0)

    @property
    def wish(self) -> str:
        """What to add, in words."""
        name = self.pattern.rpartition(":")[2]
        return f"`{name}`" + (f" {self.oldest} or newer" if self.oldest else "")

    def versions_in(self, layers: tuple[str, ...], place: Place) -> tuple[int, ...]:
        """The versions of this layer among the ARNs of a function's layers, as numbers: 10 is newer than 9."""
        parts = (arn.rpartition(":") for arn in layers)
        return tuple(
            int(version) for arn, _, version in parts if version.isdecimal() and arn_like(self.pattern, arn, place)
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rule's parameters."""

    approved: tuple[Approved, ...]
    all_of_them: bool
    waiver: Waiver


class LAMBDA_LAYER_REQUIRED(OrganizationRule):
    """See README.md beside this file."""

    def evaluate_parameters(self, rule_parameters: Mapping[str, object]) -> Wanted:
        """Raises InvalidParametersError."""
        parameters = Parameters(rule_parameters)
        approved = []
        for arn in parameters.arns("ApprovedLayers", required=True):
            try:
                approved.append(Approved.parse(arn))
            except ValueError:
                parameters.problem("ApprovedLayers", f"holds `{arn}`, which is no `arn:…:layer:NAME:VERSION`")
        all_of_them = parameters.choice("Require", {"any": False, "all": True}, "any")
        waiver = Waiver.read(parameters)
        parameters.finish()
        return Wanted(tuple(approved), all_of_them, waiver)

    def evaluate_change(
        self, event: Event, client_factory: Clients, configuration_item: Item, valid_rule_parameters: Wanted
    ) -> list[Evaluation]:
        """Look at the layers in the configuration item; nothing else is needed."""
        del client_factory
        return [_judged(configuration_item, place_of_item(event, configuration_item), valid_rule_parameters)]


def _judged(item: Item, place: Place, wanted: Wanted) -> Evaluation:
    function = Function.of_item(item)
    if function.why_not_judged:
        return not_applicable(function.why_not_judged)
    if waived := wanted.waiver.verdict(tags_of(item)):
        return waived
    missing = [each for each in wanted.approved if not _new_enough(each, function.layers, place)]
    enough = not missing if wanted.all_of_them else len(missing) < len(wanted.approved)
    return compliant() if enough else non_compliant(*_complaint(missing, function.layers, place, wanted))


def _new_enough(approved: Approved, layers: tuple[str, ...], place: Place) -> bool:
    return any(version >= approved.oldest for version in approved.versions_in(layers, place))


def _complaint(missing: list[Approved], layers: tuple[str, ...], place: Place, wanted: Wanted) -> tuple[str, str]:
    for each in missing:
        if found := each.versions_in(layers, place):
            name = filled(each.pattern, place).rpartition(":")[2]
            return f"its layer `{name}` is at version {max(found)}", f"update it to {each.oldest} or newer"
    names = ", ".join(f"`{':'.join(arn.split(':')[-2:])}`" for arn in layers)
    finding = f"no approved layer among {names}" if layers else "it has no layers"
    if wanted.all_of_them and len(missing) < len(wanted.approved):
        finding = "not every required layer is there"
    return finding, "add " + (" and " if wanted.all_of_them else " or ").join(each.wish for each in missing)


def lambda_handler(event: Event, context: object) -> list[Result]:
    """Called by AWS Config through Lambda."""
    return handle(LAMBDA_LAYER_REQUIRED(), RESOURCE_TYPES, event, context)
