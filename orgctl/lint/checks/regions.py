"""Regions that AWS does not have."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.globs import includes
from orgctl.lint.subject import Subject
from orgctl.manifest.nearest import did_you_mean
from orgctl.model.partitions import KNOWN_REGIONS

_KEYS = frozenset({"aws:requestedregion", "ec2:region"})


def regions(subject: Subject) -> Iterator[Finding]:
    """A region that a condition names is one that AWS has, or a pattern of some."""
    for _, condition, _ in subject.conditions:
        if condition.key.lower() not in _KEYS:
            continue
        for text in dict.fromkeys(condition.values):
            known = text in KNOWN_REGIONS or "${" in text or "@{" in text
            if not known and text.lower() not in ("true", "false") and not _matches_some(text):
                hint = did_you_mean(text, KNOWN_REGIONS, "a region looks like `eu-west-1`")
                yield Finding(subject.at_condition(condition, text), f"the region `{text}` is not known", hint)


def _matches_some(text: str) -> bool:
    return ("*" in text or "?" in text) and any(includes(text, region) for region in KNOWN_REGIONS)


REGIONS = Check("L208", "A region that AWS does not have", regions)
