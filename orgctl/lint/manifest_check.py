"""`ManifestCheck`: a check that is about how a manifest uses its policies, not about one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orgctl.diagnostics import Diagnostic, Severity
from orgctl.manifest import LoadedManifest


@dataclass(frozen=True, slots=True)
class ManifestCheck:
    """One check. Codes are never re-used."""

    code: str
    title: str
    diagnostics: Callable[[LoadedManifest], Iterator[Diagnostic]]
    severity: Severity = Severity.WARNING
