"""Roles that are named by ARN patterns, made into principals that can be asked about."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator

from orgctl.access.sentinel import EVERYWHERE, Selection
from orgctl.model.resources import Account

_ROLE = re.compile(r"arn:([^:]*):iam::([0-9*?]*):role/(.+)")


def principals(pattern: str, accounts: Iterable[Account]) -> Iterator[tuple[str, Selection]]:
    """`role/NAME` with the accounts that it is meant in; nothing for what is no role's pattern.

    Wildcards in the name become a name that fits: `role/orgctl-*` is asked about as `role/orgctl-any`.
    """
    found = _ROLE.fullmatch(pattern)
    if found is None:
        return
    _, account, name = found.groups()
    principal = f"role/{name.replace('*', 'any').replace('?', 'x')}"
    if set(account) <= {"*"}:
        yield principal, EVERYWHERE
        return
    meant = frozenset(a.id for a in accounts if a.id and fnmatch.fnmatchcase(a.id, account))
    if meant:
        yield principal, Selection(meant)
