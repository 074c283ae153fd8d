"""`policy_types`: known, not enabled and disabled at once, and with the trusted access that they need."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.policy_types import POLICY_TYPES
from orgctl.source import Place

_BY_NAME = {policy_type.manifest_name: policy_type for policy_type in POLICY_TYPES}


def policy_types(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Warn of a type that orgctl does not know (AWS adds some every year), and refuse what contradicts itself."""
    organization = loaded.manifest.organization
    for key in ("policy_types", "disabled_policy_types"):
        for index, name in enumerate(getattr(organization, key)):
            place: Place = ("organization", key, index)
            if name not in _BY_NAME:
                hint = did_you_mean(name, _BY_NAME, "it is passed on to AWS as it is", likeness=0.85)
                message, position = f"the policy type `{name}` is not known to orgctl", loaded.source.at(place)
                yield Diagnostic(codes.UNKNOWN_POLICY_TYPE, message, position, hint, Severity.WARNING)
            elif key == "policy_types":
                yield from _trusted(loaded, name, place)
            elif name in organization.policy_types:
                message = f"the policy type `{name}` is to be enabled and disabled at once"
                hint = "take it out of one of the two lists"
                yield Diagnostic(codes.POLICY_TYPE_CONTRADICTION, message, loaded.source.at(place), hint)


def _trusted(loaded: LoadedManifest, name: str, place: Place) -> Iterator[Diagnostic]:
    service = _BY_NAME[name].service
    if service and service not in loaded.manifest.organization.trusted_access:
        message = f"the policy type `{name}` needs trusted access for `{service}`"
        hint = f"add `{service}` to `organization.trusted_access`"
        yield Diagnostic(codes.TRUSTED_ACCESS_MISSING, message, loaded.source.at(place), hint)
