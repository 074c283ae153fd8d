"""The names of statements. Sources: "SCP syntax" and "RCP syntax", Sid element, AWS Organizations User Guide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import GUARDRAILS, Check, Finding
from orgctl.lint.subject import Subject

_FITTING = re.compile("[A-Za-z0-9]*")


def sid_characters(subject: Subject) -> Iterator[Finding]:
    """A Sid holds letters of ASCII and digits only."""
    for statement in subject.document.statements:
        if statement.sid is not None and not _FITTING.fullmatch(statement.sid):
            hint = (
                f"write `{''.join(part[:1].upper() + part[1:] for part in re.split('[^A-Za-z0-9]+', statement.sid))}`"
            )
            message = f"the Sid `{statement.sid}` holds something else than letters and digits"
            yield Finding(subject.at_element(statement, "Sid"), message, hint)


SIDS = Check("L107", "A Sid holds something else than letters and digits", sid_characters, Severity.ERROR, GUARDRAILS)
