"""Three values: true, false, and *cannot tell* (None), with the logic of Kleene.

None stands both for what hangs on a value that nobody knows, and for what AWS does not document.
Source of the tables: S. C. Kleene, "Introduction to Metamathematics", §64 (the strong connectives).
"""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def every(truths: Iterable[Truth]) -> Truth:
    """And: false if one is false, else None if one is None; true for none at all."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def some(truths: Iterable[Truth]) -> Truth:
    """Or: true if one is true, else None if one is None; false for none at all."""
    result: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            result = None
    return result


def negation(truth: Truth) -> Truth:
    """Not; what cannot be told stays so."""
    return None if truth is None else not truth
