"""`did you mean ...?`: the known name that is nearest to one that is not."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

_NEIGHBOURS = 500
"""Of very many names, so many before and after in the alphabet are compared: comparing all would take too long."""


def nearest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The one of `known` that is most like `name`, upper and lower case alike; None if nothing is near.

    `likeness` is the share of letters that have to agree, from 0 to 1.
    """
    return _nearest(name, frozenset(known), likeness)


def did_you_mean(name: str, known: Iterable[str], otherwise: str, *, likeness: float = 0.6) -> str:
    """A hint: the nearest known name, else `otherwise`."""
    found = nearest(name, known, likeness=likeness)
    return f"did you mean `{found}`?" if found else otherwise


@lru_cache(maxsize=1024)
def _nearest(name: str, known: frozenset[str], likeness: float) -> str | None:
    """Remembered, since one mistake is often made in many places."""
    by_folded: dict[str, str] = {}
    for candidate in sorted(known):
        by_folded.setdefault(candidate.casefold(), candidate)
    candidates = sorted(by_folded)
    middle = bisect(candidates, name.casefold())
    around = candidates[max(0, middle - _NEIGHBOURS) : middle + _NEIGHBOURS]
    matches = get_close_matches(name.casefold(), around, n=1, cutoff=likeness)
    return by_folded[matches[0]] if matches else None
