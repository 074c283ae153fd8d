"""Problems beside what a command shows."""

from __future__ import annotations

from collections.abc import Iterable

from orgctl.cli.running import Globals
from orgctl.diagnostics import Diagnostic, Severity
from orgctl.views.diagnostics import diagnostic_text


def say_problems(options: Globals, problems: Iterable[Diagnostic]) -> int:
    """Tell of problems on stderr. Returns the exit status: 3 if one of them is an error, else 0."""
    status = 0
    for problem in problems:
        for line in diagnostic_text(problem):
            options.say(line)
        if problem.severity is Severity.ERROR:
            status = 3
    return status
