"""The key at the top of a management policy. Sources: see `kind.TOP_KEYS`."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.diagnostics import Severity
from orgctl.lint.check import Check, Finding
from orgctl.lint.kind import TOP_KEYS
from orgctl.lint.subject import Subject


def top_keys(subject: Subject) -> Iterator[Finding]:
    """A management policy has exactly the top key of its type."""
    wanted = TOP_KEYS[subject.folder]
    for key in subject.value:
        if key != wanted:
            message = f"a policy in `policies/{subject.folder}` cannot have `{key}` at the top"
            yield Finding(subject.source.key_at((key,)), message, f"its one key there is `{wanted}`")
    if not subject.value:
        yield Finding(subject.top, f"a policy in `policies/{subject.folder}` needs `{wanted}` at the top")


TOP = Check(
    "L121", "A management policy has not the top key of its type", top_keys, Severity.ERROR, frozenset(TOP_KEYS)
)
