"""`limits`: overrides name quotas and rates that there are."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.manifest import codes
from orgctl.manifest.loaded import LoadedManifest
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.limits import QUOTAS, RATES
from orgctl.model.policy_types import BY_FOLDER

_QUOTAS = {*QUOTAS, *(f"{folder}_{what}" for folder in BY_FOLDER for what in ("size", "attached", "count"))}
"""Also those for which AWS publishes no number, but which a user may know."""


def overrides(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """An unknown quota is an error; an unknown rate a warning, since AWS publishes rates for some APIs only."""
    for name in loaded.manifest.limits.quotas:
        if name not in _QUOTAS:
            hint = did_you_mean(name, _QUOTAS, "the quotas are listed in the reference of limits")
            position = loaded.source.key_at(("limits", "quotas", name))
            yield Diagnostic(codes.UNKNOWN_QUOTA, f"there is no quota `{name}`", position, hint)
    for name in loaded.manifest.limits.rates:
        if name not in RATES:
            hint = did_you_mean(name, RATES, "APIs are named `organizations:CreateAccount`")
            position = loaded.source.key_at(("limits", "rates", name))
            message = f"AWS publishes no rate for `{name}`"
            yield Diagnostic(codes.UNKNOWN_RATE, message, position, hint, Severity.WARNING)
