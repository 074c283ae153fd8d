"""What the checks of management policies have in common: one walk, of which each reports one kind of fault."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint.check import Finding
from orgctl.lint.management import Fault, misfits
from orgctl.lint.subject import Subject


def found(subject: Subject, fault: Fault) -> Iterator[Finding]:
    """The misfits of one kind, where they stand in the file."""
    for misfit in misfits(subject.folder, subject.value):
        if misfit.fault is fault:
            source = subject.source
            position = source.key_at(misfit.place) if misfit.at_key else source.at(misfit.place)
            yield Finding(position, misfit.message, misfit.hint)
