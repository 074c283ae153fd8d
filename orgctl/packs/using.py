"""One rule of a pack: from what the file says to a `PackRule`."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.manifest.nearest import did_you_mean
from orgctl.packs import codes, parameters
from orgctl.packs.findings import Findings
from orgctl.packs.managed import ManagedRule, Trigger, managed_rules
from orgctl.packs.pack import EXECUTION_ROLE, PackRule
from orgctl.packs.remedies import remediation
from orgctl.packs.schema import RuleUse
from orgctl.packs.setting import Setting
from orgctl.rules.rule import Kind, Rule, Scope
from orgctl.source import Place

MAX_RULE_NAME = 128
"""Source: `ConfigRuleName` in AWS Config's API reference."""


class RuleReader:
    """Reads the rules of one pack, which is deployed in `regions` to `accounts` (names)."""

    def __init__(
        self, setting: Setting, findings: Findings, regions: tuple[str, ...], accounts: tuple[str, ...]
    ) -> None:
        self._setting = setting
        self._findings = findings
        self._regions = regions
        self._accounts = accounts

    def rule(self, use: RuleUse, place: Place) -> PackRule | None:
        """The rule; None if it cannot be told which is meant."""
        if (use.rule is None) == (use.managed is None):
            both = "both `rule` and `managed`" if use.rule else "neither `rule` nor `managed`"
            hint = "`rule` names a folder in config_rules/, `managed` a rule of AWS's"
            self._findings.add(codes.RULE_OR_MANAGED, f"a rule has {both}", place, hint)
            return None
        custom = self._custom(use.rule, place) if use.rule else None
        if use.rule and custom is None:
            return None
        managed = self._managed(use.managed, place) if use.managed else None
        found = parameters.values(self._setting, use.parameters, (*place, "parameters"), self._findings)
        if custom:
            self._check_custom(custom, use, place)
        if managed:
            parameters.check_managed(managed, use, found, place, self._findings)
            self._check_frequency(managed.trigger is not Trigger.CHANGE, use, place)
        return self._assembled(use, place, custom, managed, parameters.joined(found))

    def _assembled(
        self, use: RuleUse, place: Place, custom: Rule | None, managed: ManagedRule | None, given: Mapping[str, str]
    ) -> PackRule:
        scope = custom.scope if custom else Scope(use.scope) if use.scope else managed.scope if managed else None
        once = custom is not None and custom.organization
        name = self._name(use, place)
        return PackRule(
            name=name,
            place=place,
            custom=custom,
            managed=use.managed,
            parameters=self._complete(custom, given),
            resource_types=tuple(use.resource_types or (custom.resource_types if custom else ())),
            frequency=use.frequency or (custom.periodic if custom else None),
            scope=scope or Scope.REGIONAL,
            once=once,
            regions=self._where(use, managed, scope is Scope.GLOBAL or once, once, place),
            remediation=remediation(self._setting, use, place, self._findings),
        )

    def _custom(self, name: str, place: Place) -> Rule | None:
        found = self._setting.rules.get(name)
        where = (*place, "rule")
        if name in self._setting.broken:
            message = f"the rule `{name}` cannot be used: its folder has problems"
            self._findings.add(codes.BROKEN_RULE, message, where, "they are reported with `config_rules/`")
        elif found is None:
            known = [*self._setting.rules, *self._setting.broken]
            hint = did_you_mean(name, known, "`managed:` names a rule of AWS's, `rule:` a folder in config_rules/")
            hint = "write `managed:` in place of `rule:`" if name in managed_rules() else hint
            self._findings.add(codes.UNKNOWN_RULE, f"there is no `config_rules/{name}`", where, hint)
        return found

    def _managed(self, name: str, place: Place) -> ManagedRule | None:
        found = managed_rules().get(name)
        if found is None:
            otherwise = "if AWS has added it lately, all is well"
            hint = did_you_mean(name, managed_rules(), otherwise, likeness=0.8)
            hint = "write `rule:` in place of `managed:`" if name in self._setting.rules else hint
            message = f"the managed rule `{name}` is not known to orgctl"
            self._findings.warn(codes.UNKNOWN_MANAGED, message, (*place, "managed"), hint)
        return found

    def _check_custom(self, rule: Rule, use: RuleUse, place: Place) -> None:
        parameters.check_custom(rule, use, place, self._findings)
        for index, name in enumerate(use.resource_types or ()):
            if name not in rule.resource_types:
                hint = did_you_mean(
                    name, rule.resource_types, f"it looks at {', '.join(rule.resource_types) or 'none'}"
                )
                message = f"`{rule.name}` does not look at `{name}`"
                self._findings.add(codes.RESOURCE_TYPE, message, (*place, "resource_types", index), hint)
        if use.scope:
            message = f"the scope of `{rule.name}` stands in its `rule.yaml`"
            hint = "change it there; `scope` here is for managed rules"
            self._findings.add(codes.NOT_FOR_CUSTOM, message, (*place, "scope"), hint, key=True)
        self._check_frequency(rule.periodic is not None, use, place)

    def _check_frequency(self, periodic: bool, use: RuleUse, place: Place) -> None:
        if use.frequency and not periodic:
            message = f"`{use.rule or use.managed}` is triggered by changes, and has no frequency"
            self._findings.add(codes.FREQUENCY, message, (*place, "frequency"), "take it out", key=True)

    def _name(self, use: RuleUse, place: Place) -> str:
        name = use.name or str(use.rule or use.managed).lower().replace("_", "-")
        if len(name) > MAX_RULE_NAME:
            message = f"the rule's name has {len(name)} characters; {MAX_RULE_NAME} is the most"
            self._findings.add(codes.RULE_NAME_TOO_LONG, message, (*place, "name"), "give it a shorter `name`")
        return name

    def _complete(self, custom: Rule | None, given: Mapping[str, str]) -> dict[str, str]:
        if custom is None or custom.kind is Kind.GUARD:
            return dict(given)
        return {**parameters.defaults(custom), **given, EXECUTION_ROLE: self._setting.evaluation_role}

    def _where(
        self, use: RuleUse, managed: ManagedRule | None, in_one: bool, once: bool, place: Place
    ) -> tuple[str, ...]:
        """The regions of the pack where the rule is to be."""
        for index, region in enumerate(use.regions or ()):
            if region not in self._regions:
                hint = did_you_mean(region, self._regions, f"the pack is in {', '.join(self._regions)}")
                message = f"the pack is not deployed in `{region}`"
                self._findings.add(codes.REGION, message, (*place, "regions", index), hint)
        if use.regions:
            return tuple(region for region in self._regions if region in use.regions)
        if once:
            self._check_once(place)
        if in_one and self._setting.global_region not in self._regions:
            message = f"the rule runs in `{self._setting.global_region}` only, where the pack is not deployed"
            hint = "add this region to the pack's `regions`, or name the rule's own `regions`"
            self._findings.add(codes.GLOBAL_LEFT_OUT, message, place, hint)
        wanted = [region for region in self._regions if not in_one or region == self._setting.global_region]
        return tuple(self._offered(managed, wanted, place))

    def _check_once(self, place: Place) -> None:
        if not any(self._setting.is_management(key) for key in self._accounts):
            message = "the rule runs in the management account only, which the pack leaves out"
            hint = "add the account to the pack's `targets`, or move the rule to another pack"
            self._findings.add(codes.ORGANIZATION_LEFT_OUT, message, place, hint)

    def _offered(self, managed: ManagedRule | None, wanted: list[str], place: Place) -> list[str]:
        missing = [region for region in wanted if managed and not managed.offered_in(region)]
        if managed and missing:
            where = " and ".join(f"`{region}`" for region in missing)
            message = f"AWS does not offer `{managed.identifier}` in {where}: it is left out there"
            hint = "name the rule's `regions`, if that has changed or is meant"
            self._findings.warn(codes.UNAVAILABLE, message, (*place, "managed"), hint)
        return [region for region in wanted if region not in missing]
