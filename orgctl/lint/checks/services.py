"""Services that AWS does not have."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject, texts
from orgctl.manifest.nearest import did_you_mean


def unknown_services(subject: Subject) -> Iterator[Finding]:
    """The part of an action before the colon is a service, or a pattern that matches some."""
    for statement in subject.document.statements:
        for action in dict.fromkeys(texts(statement.actions)):
            service, colon, _ = action.partition(":")
            if colon and "@{" not in action and not catalogue.prefixes(service.lower()):
                hint = did_you_mean(service, catalogue.services(), "the Service Authorization Reference lists them")
                yield Finding(subject.at_element(statement, "Action", action), f"AWS has no service `{service}`", hint)


SERVICES = Check("L201", "A service that AWS does not have", unknown_services)
