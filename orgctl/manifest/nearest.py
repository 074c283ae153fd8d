"""`did you mean ...?`: the known name that is nearest to one that is not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MAX_NAMES = 2_000
"""Beyond this many, comparing all of them would take longer than anyone waits for a hint."""


def nearest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The one of `known` that is most like `name`, upper and lower case alike; None if nothing is near.

    `likeness` is the share of letters that have to agree, from 0 to 1.
    """
    by_folded: dict[str, str] = {}
    for candidate in sorted(known):
        by_folded.setdefault(candidate.casefold(), candidate)
    folded = name.casefold()
    if len(by_folded) > _MAX_NAMES:
        by_folded = {key: value for key, value in by_folded.items() if key[:2] == folded[:2]}
    matches = get_close_matches(folded, list(by_folded)[:_MAX_NAMES], n=1, cutoff=likeness)
    return by_folded[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str, *, likeness: float = 0.6) -> str:
    """A hint: the nearest known name, else `otherwise`."""
    found = nearest(name, known, likeness=likeness)
    return f"did you mean `{found}`?" if found else otherwise
