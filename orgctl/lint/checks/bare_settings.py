"""Settings without operators.

Source: "Understanding management policy inheritance", AWS Organizations User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.checks.misfitting import found
from orgctl.lint.management import Fault
from orgctl.lint.shapes import MANAGEMENT
from orgctl.lint.subject import Subject


def bare_settings(subject: Subject) -> Iterator[Finding]:
    """Every setting has its value by `@@assign`, `@@append` or `@@remove`."""
    yield from found(subject, Fault.BARE)


BARE_SETTINGS = Check(
    "L124",
    "A setting of a management policy has no operator",
    bare_settings,
    severity=Severity.ERROR,
    folders=MANAGEMENT,
)
