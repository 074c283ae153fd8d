"""The `Action` element as SQL, and which actions a statement is about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from orgctl.lint.catalogue import matched
from orgctl.lint.keys import global_key
from orgctl.policy.document import Pattern
from orgctl.policy.template import parse_template, tokens_of
from orgctl.replay.request import can_carry
from orgctl.replay.sql.logic import FALSE, TRUE, member, negated, texts
from orgctl.replay.sql.patterns import like

_MOST = 3000
"""Of so many actions it is asked one by one whether they can carry a key."""

_LONGEST = 60
"""So many names are listed in the SQL; more are told by their services."""


def selects(pattern: Pattern | None) -> str:
    """Whether a statement is about the row's action, which is in lower case and no NULL."""
    if pattern is None:
        return TRUE
    patterns = (tokens_of(parse_template(each.lower(), variables=False, wildcards=True)) for each in pattern.values)
    found = like("action", patterns)
    return negated(found) if pattern.negated else found


def actions_of(pattern: Pattern | None) -> frozenset[str] | None:
    """The actions (as AWS spells them) that a statement is about; None if they are too many to go through."""
    if pattern is None or pattern.negated or any(each.partition(":")[0] == "*" for each in pattern.values):
        return None
    found = frozenset(action for each in pattern.values for action in matched(each))
    return found if len(found) <= _MOST else None


@lru_cache(maxsize=4096)
def cannot_carry(key: str, about: frozenset[str] | None) -> str:
    """SQL that is true only for actions (among those of a statement) whose requests cannot have the key; else false.

    It is false for more where that would be long: then the key counts as not known.
    """
    if global_key(key) and not key.startswith(("aws:requesttag/", "aws:tagkeys", "aws:resourcetag/")):
        return FALSE
    if about is None:
        return FALSE
    without = {action for action in about if not can_carry(action, key)}
    if not without:
        return FALSE
    carriers = about - without
    if not carriers:
        return TRUE
    if len(carriers) <= min(_LONGEST, len(without)):
        return f"action NOT IN ({_names(carriers)})"
    if len(without) <= _LONGEST:
        return member("action", map(str.lower, without))
    return _by_service(carriers)


def _by_service(carriers: Iterable[str]) -> str:
    found = {action.partition(":")[0] for action in carriers}
    return f"split_part(action, ':', 1) NOT IN ({texts(found)})" if len(found) <= _LONGEST else FALSE


def _names(found: Iterable[str]) -> str:
    return texts(map(str.lower, found))
