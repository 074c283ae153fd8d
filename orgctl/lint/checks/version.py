"""The language version. Sources: "SCP syntax" and "RCP syntax", Version element, AWS Organizations User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import GUARDRAILS, Check, Finding
from orgctl.lint.subject import Subject
from orgctl.policy.document import VARIABLES_VERSION


def version(subject: Subject) -> Iterator[Finding]:
    """Every SCP and RCP has to have `Version`, with the value 2012-10-17."""
    if subject.document.version != VARIABLES_VERSION:
        key = next((key for key in subject.value if key.lower() == "version"), None)
        message = f"the version is `{subject.document.version}`" if key else "the policy has no `Version`"
        hint = f'write `Version: "{VARIABLES_VERSION}"`'
        yield Finding(subject.source.at((key,)) if key else subject.top, message, hint)


VERSION = Check("L102", "The version is not 2012-10-17", version, Severity.ERROR, GUARDRAILS)
