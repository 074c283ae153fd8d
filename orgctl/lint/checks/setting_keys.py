"""The keys below the top key. Sources: those of `shapes.py`."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Check, Finding
from orgctl.lint.checks.misfitting import found
from orgctl.lint.management import Fault
from orgctl.lint.shapes import MANAGEMENT
from orgctl.lint.subject import Subject


def setting_keys(subject: Subject) -> Iterator[Finding]:
    """Every key is documented for the type."""
    yield from found(subject, Fault.KEY)


SETTING_KEYS = Check("L122", "A management policy has a key that is not documented", setting_keys, folders=MANAGEMENT)
