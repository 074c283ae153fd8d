"""Targets whose slots are nearly all taken. More than there are is a problem of the manifest (M402)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from orgctl.diagnostics import Diagnostic
from orgctl.lint.checks.size import HEADROOM
from orgctl.lint.manifest_check import ManifestCheck
from orgctl.manifest import LoadedManifest
from orgctl.model.policy_types import BY_FOLDER, RCP, SCP


def slots(loaded: LoadedManifest) -> Iterator[Diagnostic]:
    """Wherever policies are attached, there is room for one more of the type."""
    for entry in loaded.targets:
        for folder, count in Counter(name.partition("/")[0] for name in entry.declared.policies).items():
            limit = loaded.limits.quota(f"{folder}_attached") if folder in BY_FOLDER else None
            own = folder == RCP.folder or (folder == SCP.folder and entry.declared.full_aws_access)
            if limit is not None and HEADROOM * limit < count + own <= limit:
                message = f"{count + own} of {limit} slots for `{folder}` policies are taken here"
                hint = "join policies, or attach some higher up, before the next one is needed in a hurry"
                position = entry.source.key_at((*entry.place, "policies"))
                yield Diagnostic(SLOTS.code, message, position, hint, SLOTS.severity)


SLOTS = ManifestCheck("L602", "A target has hardly a slot left", slots)
