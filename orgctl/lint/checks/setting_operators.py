"""The operators of management policies.

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


def setting_operators(subject: Subject) -> Iterator[Finding]:
    """What begins with `@@` is an operator, and stands where one can stand."""
    yield from found(subject, Fault.OPERATOR)


SETTING_OPERATORS = Check(
    "L123",
    "A management policy has an operator that there is not",
    setting_operators,
    severity=Severity.ERROR,
    folders=MANAGEMENT,
)
