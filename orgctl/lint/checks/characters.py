"""The characters of a policy. Source: "SCP syntax", AWS Organizations User Guide, and the IAM JSON policy grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import IAM_LANGUAGE, Check, Finding
from orgctl.lint.subject import Subject
from orgctl.lint.walking import strings

_REFUSED = re.compile("[^\t\n\r\x20-\xff]")


def characters(subject: Subject) -> Iterator[Finding]:
    """Text holds tab, line feed, carriage return and U+0020 to U+00FF only."""
    for place, text in strings(subject.written):
        refused = _REFUSED.search(text)
        if refused:
            message = f"AWS refuses the character `{refused[0]}` (U+{ord(refused[0]):04X})"
            hint = "a policy may hold the characters up to U+00FF; elsewhere `?` or `*` can stand for it"
            yield Finding(subject.source.at(place), message, hint)


CHARACTERS = Check("L109", "A character that AWS refuses", characters, Severity.ERROR, IAM_LANGUAGE)
