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
    """The nearest key: global, or of the service that the key is named after."""
    service, colon, name = key.partition(":")
    if not colon:
        return did_you_mean(f"aws:{key}", [known.name for known in GLOBAL_KEYS.values()], "a key is `service:name`")
    shown = (
        [known.name for known in GLOBAL_KEYS.values()]
        if service.lower() == "aws"
        else [*catalogue.key_names(service.lower())]
    )
    if not shown:
        prefixes = {*catalogue.services(), "aws"}
        return did_you_mean(service, prefixes, "keys begin with `aws:` or a service's prefix")
    return did_you_mean(key, shown, f"`{name}` is none of the keys of `{service}`", likeness=0.75)


CONDITION_KEYS = Check("L204", "A condition key that AWS does not have", unknown_keys)
