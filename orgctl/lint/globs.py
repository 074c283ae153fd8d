"""Whether one pattern covers another, or has anything in common with it: by their text alone, and never too bold.

`includes` says yes only when it is certain, `overlap` says no only when it is certain. A variable stands for one text
that nobody knows: it is covered by `*` and by itself, and may overlap with everything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from orgctl.policy.matching import ARN_FIELDS
from orgctl.policy.template import ANY, ONE, Token, Variable, parse_template

_Symbol = Token | Variable
_VARIABLE = re.compile(r"\$\{[^}]*\}")
_SPECIAL = re.compile(r"[*?$]")


@lru_cache(maxsize=1 << 16)
def includes(wide: str, narrow: str) -> bool:
    """Whether everything that `narrow` matches is matched by `wide`."""
    if wide in ("*", narrow):
        return True
    stem = wide[:-1]
    if wide[-1:] != "?" and not _SPECIAL.search(stem):
        return wide[-1:] == "*" and narrow.startswith(stem)
    return _walks(wide, narrow)


def _walks(wide: str, narrow: str) -> bool:
    """Follow the wide pattern along the narrow one, in all the places where it can be."""
    pattern = _symbols(wide)
    states = _closed({0}, pattern)
    for symbol in _symbols(narrow):
        states = _closed(_onwards(states, pattern, symbol), pattern)
        if not states:
            return False
    return len(pattern) in states


@lru_cache(maxsize=1 << 16)
def overlap(one: str, other: str) -> bool:
    """Whether there may be a text that both match."""
    first, second = _symbols(one), _symbols(other)
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if place == (len(first), len(second)):
            return True
        waiting += _steps(first, second, *place)
    return False


def arn_includes(wide: str, narrow: str) -> bool:
    """Like `includes`, field by field, as ARNs are compared; shorter patterns only cover themselves."""
    if wide in ("*", narrow):
        return True
    fields, others = arn_fields(wide), arn_fields(narrow)
    if len(fields) < ARN_FIELDS or len(others) < ARN_FIELDS:
        return False
    return all(includes(field, other) for field, other in zip(fields, others, strict=True))


def arn_overlap(one: str, other: str) -> bool:
    """Like `overlap`, field by field, where both have all the fields of an ARN."""
    fields, others = arn_fields(one), arn_fields(other)
    if len(fields) < ARN_FIELDS or len(others) < ARN_FIELDS:
        return overlap(one, other)
    return all(overlap(field, other) for field, other in zip(fields, others, strict=True))


def arn_fields(text: str) -> list[str]:
    """The fields of an ARN pattern, six at most; the colon within a variable divides nothing."""
    masked = _VARIABLE.sub(lambda found: found[0].replace(":", "\0"), text)
    return [field.replace("\0", ":") for field in masked.split(":", ARN_FIELDS - 1)]


@lru_cache(maxsize=1 << 14)
def _symbols(text: str) -> tuple[_Symbol, ...]:
    """Characters, wildcards and variables."""
    symbols: list[_Symbol] = []
    for part in parse_template(text, variables=True, wildcards=True):
        if isinstance(part, str):
            symbols += part
        else:
            symbols.append(part)
    return tuple(symbols)


def _closed(states: set[int], pattern: tuple[_Symbol, ...]) -> set[int]:
    """With the places behind a `*`, which may match nothing."""
    for state in sorted(states):
        following = state
        while following < len(pattern) and pattern[following] is ANY:
            following += 1
            states.add(following)
    return states


def _onwards(states: set[int], pattern: tuple[_Symbol, ...], symbol: _Symbol) -> set[int]:
    """Where the wide pattern can be after whatever the symbol stands for."""
    reached: set[int] = set()
    for state in states:
        if state == len(pattern):
            continue
        here = pattern[state]
        if here is ANY:
            reached.add(state)
        elif symbol is not ANY and (here == symbol or (here is ONE and isinstance(symbol, str))):
            reached.add(state + 1)
    return reached


def _steps(first: tuple[_Symbol, ...], second: tuple[_Symbol, ...], i: int, j: int) -> list[tuple[int, int]]:
    """The places after one more character that both may have."""
    one = first[i] if i < len(first) else None
    other = second[j] if j < len(second) else None
    steps: list[tuple[int, int]] = []
    if _is_run(one):
        steps.append((i + 1, j))
        if other is not None:
            steps.append((i, j + 1))
    if _is_run(other):
        steps.append((i, j + 1))
        if one is not None:
            steps.append((i + 1, j))
    if one is not None and other is not None and (one == other or ONE in (one, other)):
        steps.append((i + 1, j + 1))
    return steps


def _is_run(symbol: _Symbol | None) -> bool:
    return symbol is ANY or isinstance(symbol, Variable)
