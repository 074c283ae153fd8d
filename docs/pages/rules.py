"""The shipped rules of AWS Config, from what their folders say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docs.pages.markdown import code, table
from orgctl.rules.catalog import load_rules
from orgctl.rules.rule import FOLDER, Parameter, Rule, Scope

REPOSITORY = Path(__file__).parents[2]

_INTRODUCTION = """\
# AWS Config rules

What the rules in `config_rules/` look at, when, and with which parameters; each has a page with its results and its
limits. They are in RDK's layout, so `rdk test-local` runs on them too. Conformance packs use them beside AWS's own
rules: reserved concurrency, WAF and TLS of REST APIs are AWS's managed rules, and have no folder here.

What they have in common:

- **Waivers.** Rules with `WaivedByTag` say NOT_APPLICABLE of a resource that carries one of the tags. Whoever may tag
  a resource may waive it: guard those tags by a policy.
- **ARNs** in parameters are compared field by field. `*` and `?` are wildcards within a field; `${partition}`,
  `${region}` and `${account}` stand for those of the resource, so that one parameter does for the whole organization.
- **Errors.** A rule that cannot decide, because access is denied, calls are throttled, or its parameters are wrong,
  fails: AWS Config shows why, keeps the earlier result, and asks again. It never says NON_COMPLIANT for that. Where a
  rule looks at many resources, those that could be judged get their results.
- **Out of sight.** What is deleted, also while the rule looks, or has left the rule's scope, is NOT_APPLICABLE. Items
  that are too large for an event are read from AWS Config's history.
- **Permissions** are those of the evaluation role in the account that is looked at. Every rule needs
  `config:PutEvaluations`, and `config:GetResourceConfigHistory` for items that are too large.
"""


def page() -> str:
    """An index, then a section for each rule."""
    rules, _ = load_rules(REPOSITORY)
    index = ((f"[{code(rule.name)}](#{rule.name.lower()})", rule.summary) for rule in rules)
    lines = [_INTRODUCTION, *table(("rule", "what it wants"), index)]
    for rule in rules:
        lines += _section(rule)
    return "\n".join(lines)


def _section(rule: Rule) -> Iterator[str]:
    yield f"## {rule.name}\n"
    yield f"{rule.summary} [Its page](../../{FOLDER}/{rule.name}/README.md).\n"
    yield from table(("", ""), _facts(rule))
    if rule.parameters:
        yield from table(("parameter", "default", "means"), (_parameter(rule, each) for each in rule.parameters))


def _facts(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "looks at", ", ".join(code(kind) for kind in rule.resource_types) or "what it finds"
    yield "when", " and ".join(_triggers(rule))
    yield "where", _where(rule)
    yield "permissions", ", ".join(code(action) for action in rule.permissions) or "none of its own"


def _triggers(rule: Rule) -> Iterator[str]:
    if rule.resource_types:
        yield "on a change"
    if rule.periodic:
        yield f"on schedule ({code(rule.periodic)})"


def _where(rule: Rule) -> str:
    region = "one region" if rule.scope is Scope.GLOBAL else "each region"
    return f"{region} of the management account" if rule.organization else f"{region} of each account"


def _parameter(rule: Rule, parameter: Parameter) -> tuple[str, str, str]:
    required = parameter in rule.required_parameters
    default = code(parameter.default) if parameter.default else ("required" if required else "")
    return code(parameter.name), default, parameter.description or ""
