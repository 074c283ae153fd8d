"""Placeholders of templates and examples that were never filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgctl.diagnostics import Position
from orgctl.lint.check import Check, Finding
from orgctl.lint.subject import Subject
from orgctl.lint.walking import keys, strings

_WORDS = re.compile(
    r"<[A-Za-z][A-Za-z0-9 _.-]*>"
    r"|\[[A-Z][A-Z0-9 _-]*\]"
    r"|(?<![$@])\{[A-Za-z][A-Za-z0-9_-]*\}"
    r"|\$\{[^}:*?$]*\}"
    r"|(?<![A-Za-z0-9])(?:REPLACE[_-]?ME|CHANGE[_-]?ME|FIX[_-]?ME|TODO|TBD|INSERT[_-][A-Z_-]+|PLACEHOLDER|X{4,})"
    r"(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])(?:YOUR|MY)[_-](?:ACCOUNT|ORG|ORGANIZATION|ROLE|BUCKET|VPC|KEY|REGION)[A-Za-z_-]*"
    r"|\bo-(?:exampleorgid|xxxxxxxxxx|a1b2c3d4e5|1234567890)\b"
)
"""`<account>`, `[ROLE_NAME]`, `{region}`, `${Account}` (variables of AWS have a colon), and words like TODO."""

_ACCOUNTS = frozenset(
    ["123456789012", "210987654321", "111122223333", "444455556666", "777788889999", "012345678901", "000000000000"]
    + [digit * 12 for digit in "123456789"]
)
"""Account ids that AWS's own examples use."""
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_HINT = "write what is meant; values of the manifest are inserted by `@{accounts.NAME}` and the like"


def placeholders(subject: Subject) -> Iterator[Finding]:
    """Nothing holds `<account>`, `REPLACE_ME`, `TODO`, or an account id of AWS's examples that is not declared."""
    for place, text in strings(subject.written):
        yield from _found(subject, text, subject.source.at(place))
    for place in keys(subject.written):
        yield from _found(subject, str(place[-1]), subject.source.key_at(place))


def _found(subject: Subject, text: str, position: Position) -> Iterator[Finding]:
    left = [*_WORDS.findall(text), *_example_accounts(subject, text)]
    for placeholder in dict.fromkeys(left):
        yield Finding(position, f"`{placeholder}` looks like a placeholder that was left in", _HINT)


def _example_accounts(subject: Subject, text: str) -> list[str]:
    found = _ACCOUNT.findall(text)
    return [account for account in found if account in _ACCOUNTS and account not in subject.setting.accounts]


PLACEHOLDERS = Check("L501", "A placeholder was left in", placeholders, folders=None)
