"""Placeholders of orgctl in a policy that has no manifest."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.manifest import placeholders


def insertions(subject: Subject) -> Iterator[Finding]:
    """`@{…}` needs a manifest to take its value from. With one, the manifest's own checks look at it."""
    if not subject.setting.has_manifest:
        for placeholder in placeholders(subject.written):
            message = f"there is no manifest to take `@{{{placeholder.name}}}` from"
            hint = "run `orgctl validate` in the directory of organization.yaml, or name it with `-C DIR`"
            yield Finding(subject.source.at(placeholder.place), message, hint)


INSERTIONS = Check("L502", "A value of the manifest is inserted where there is no manifest", insertions, folders=None)
