"""Actions that a service does not have."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject, texts
from orgctl.manifest.nearest import did_you_mean


def unknown_actions(subject: Subject) -> Iterator[Finding]:
    """An action without wildcards is in the service's table."""
    for statement in subject.document.statements:
        for action in dict.fromkeys(texts(statement.actions)):
            service, colon, name = action.partition(":")
            if (
                not colon
                or "*" in action
                or "?" in action
                or "@{" in action
                or service.lower() not in catalogue.services()
            ):
                continue
            if not catalogue.matched(action):
                message = f"`{service}` has no action `{name}`"
                yield Finding(subject.at_element(statement, "Action", action), message, _hint(service, name))


def _hint(service: str, name: str) -> str:
    """The nearest action of the service; else the service that has an action of this name."""
    known = [action.partition(":")[2] for action in catalogue.actions(service.lower()).values()]
    elsewhere = sorted(full for full in catalogue.action_names() if full.lower().endswith(f":{name.lower()}"))
    otherwise = f"`{elsewhere[0]}` is one" if elsewhere else "the Service Authorization Reference lists them"
    return did_you_mean(name, known, otherwise, likeness=0.75)


ACTIONS = Check("L202", "An action that the service does not have", unknown_actions)
