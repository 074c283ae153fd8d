"""Condition keys that AWS does not have."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import Check, Finding
from orgctl.lint.keys import GLOBAL_KEYS
from orgctl.lint.subject import Subject
from orgctl.manifest.nearest import did_you_mean


def unknown_keys(subject: Subject) -> Iterator[Finding]:
    """A key is global, in a service's table, or an identity provider's."""
    for statement in subject.document.statements:
        for condition in statement.conditions:
            if "@{" not in condition.key and not is_known(condition.key):
                message = f"AWS has no condition key `{condition.key}`"
                yield Finding(subject.at_condition(condition), message, hint(condition.key))


def is_known(key: str) -> bool:
    """Whether a key may be AWS's or an identity provider's."""
    return catalogue.is_providers(key) or catalogue.find_key(key) is not None


def hint(key: str) -> str:
    """The nearest key: global, of the service that the key is named after, or of the same name elsewhere."""
    service, colon, name = key.partition(":")
    everywhere = [_shown(known.name) for known in GLOBAL_KEYS.values()]
    if not colon:
        return did_you_mean(f"aws:{key}", everywhere, "a key is written `service:name`")
    if service.lower() == "aws":
        return did_you_mean(key, everywhere, "the global keys are listed in the IAM User Guide", likeness=0.75)
    own = list(catalogue.key_names(service.lower()))
    likeness, candidates = (0.75, own) if own else (0.5, list(catalogue.namesakes(name)))
    return did_you_mean(key, candidates, f"`{service}` has no key `{name}`", likeness=likeness)


def _shown(name: str) -> str:
    return f"{name}KEY" if name.endswith("/") else name


CONDITION_KEYS = Check("L204", "A condition key that AWS does not have", unknown_keys)
