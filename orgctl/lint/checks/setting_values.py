"""The values of settings. Sources: those of `shapes.py`."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.checks.misfitting import found
from orgctl.lint.management import Fault
from orgctl.lint.shapes import MANAGEMENT
from orgctl.lint.subject import Subject


def setting_values(subject: Subject) -> Iterator[Finding]:
    """Where AWS names the values of a setting, it has one of them."""
    yield from found(subject, Fault.VALUE)


SETTING_VALUES = Check("L125", "A value that AWS does not document for the setting", setting_values, folders=MANAGEMENT)
