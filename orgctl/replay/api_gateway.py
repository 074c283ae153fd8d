"""API Gateway's events are named after operations, and its actions after the verbs of HTTP: `CreateRestApi` is `POST`.

The verb follows from the first word of an operation's name, in both versions of the API. Source: "Actions, resources,
and condition keys for Amazon API Gateway Management", Service Authorization Reference; the API references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FIRST_WORD = re.compile(r"[A-Z][a-z]+")
_VERBS: Mapping[str, str] = {
    "Create": "POST",
    "Delete": "DELETE",
    "Export": "GET",
    "Flush": "DELETE",
    "Generate": "POST",
    "Get": "GET",
    "Put": "PUT",
    "Reimport": "PUT",
    "Reject": "POST",
    "Reset": "DELETE",
    "Test": "POST",
    "Untag": "DELETE",
    "Update": "PATCH",
}
_IMPORTS: Mapping[str, str] = {
    "ImportApi": "PUT",
    "ImportApiKeys": "POST",
    "ImportDocumentationParts": "PUT",
    "ImportRestApi": "POST",
}
"""Operations whose first word does not tell."""


def verb_of(name: str) -> str | None:
    """The verb of an operation; None if its name does not tell."""
    first = _FIRST_WORD.match(name)
    return _IMPORTS.get(name) or (_VERBS.get(first[0]) if first else None)
