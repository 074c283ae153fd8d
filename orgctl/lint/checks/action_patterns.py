"""Patterns of actions that match none."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject, texts
from orgctl.manifest.nearest import did_you_mean


def idle_patterns(subject: Subject) -> Iterator[Finding]:
    """An action with wildcards matches at least one action of the service."""
    for statement in subject.document.statements:
        for action in dict.fromkeys(texts(statement.actions)):
            service, colon, name = action.partition(":")
            if not colon or name == "*" or "@{" in action or not ("*" in action or "?" in action):
                continue
            if catalogue.prefixes(service.lower()) and not catalogue.matched(action):
                position = subject.at_element(statement, "Action", action)
                yield Finding(position, f"`{action}` matches no action", _hint(service, name))


def _hint(service: str, name: str) -> str:
    """The action that is most like the pattern without its wildcards."""
    known = [action.partition(":")[2] for action in catalogue.actions(service.lower()).values()]
    plain = name.replace("*", "").replace("?", "")
    return did_you_mean(plain, known, "the Service Authorization Reference lists the actions", likeness=0.75)


ACTION_PATTERNS = Check("L203", "A pattern that matches no action", idle_patterns)
