"""Placeholders in policies: they name something, and lists stand where a list can stand."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.manifest import codes
from orgctl.manifest.insertion import Placeholder, Values, placeholders
from orgctl.manifest.loaded import LoadedManifest, PolicyFile
from orgctl.manifest.nearest import did_you_mean
from orgctl.manifest.values import sized_values

_OTHERWISE = "there are `accounts.NAME`, `organization.id`, `regions`, `home_region`, `partition`, `parameters.NAME`"


def placeholders_known(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Every `@{...}` of a policy names a value of the manifest, and is not a key or a list within text."""
    values = sized_values(loaded)
    delegation = (loaded.delegation_policy,) if loaded.delegation_policy else ()
    for policy in (*loaded.policies.values(), *delegation):
        yield from placeholder_problems(policy, values)


def placeholder_problems(policy: PolicyFile, values: Values) -> Iterator[Diagnostic]:
    """The same for one policy and the values that there are for it."""
    for placeholder in placeholders(policy.document):
        yield from _check(placeholder, policy, values)


def _check(placeholder: Placeholder, policy: PolicyFile, values: Values) -> Iterator[Diagnostic]:
    name, place = placeholder.name, placeholder.place
    if placeholder.in_key:
        message = f"the placeholder `@{{{name}}}` stands in a key, where nothing is inserted"
        yield Diagnostic(codes.PLACEHOLDER_IN_KEY, message, policy.source.key_at(place), "write the key out")
    elif name not in values:
        message = f"the placeholder `@{{{name}}}` names nothing in the manifest"
        hint = did_you_mean(name, values, _OTHERWISE)
        yield Diagnostic(codes.UNKNOWN_PLACEHOLDER, message, policy.source.at(place), hint)
    elif isinstance(values[name], list) and not placeholder.whole:
        message = f"the placeholder `@{{{name}}}` is a list, and stands within longer text"
        hint = "make it a whole element of a list, or a parameter of its own that holds the longer texts"
        yield Diagnostic(codes.LIST_IN_TEXT, message, policy.source.at(place), hint)
