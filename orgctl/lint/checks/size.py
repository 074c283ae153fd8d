"""Policies that are nearly as large as AWS accepts. One that is too large is a problem of the manifest (M401)."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.canonical import minify

HEADROOM = 0.9
"""The share of a quota above which there is a warning."""


def size(subject: Subject) -> Iterator[Finding]:
    """A policy leaves a tenth of its room."""
    quota = f"{subject.folder}_size".replace("-policy_size", "_policy_size").replace("delegation-", "delegation_")
    limit = subject.setting.limits.quota(quota)
    if limit is None:
        return
    length = len(minify(subject.value))
    over = length > limit and not subject.setting.has_manifest
    if over or HEADROOM * limit < length <= limit:
        message = f"the policy has {length} of {limit} characters when minified"
        yield Finding(subject.top, message, "shorten it: no Sids, merged statements, wildcards; or split it")


SIZE = Check("L601", "A policy is nearly as large as AWS accepts", size, folders=None)
