"""Texts that between them match a set of patterns in every way in which any text can.

For `a*` and `*b` these are, say, `` (neither), `a`, `b` and `ab`. All patterns are walked at once, character by
character, over the characters that occur in them and one that does not; every combination of patterns that some
text matches is kept with the shortest such text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, count

from orgctl.policy.template import ANY, ONE, Token

_LIMIT = 1_500
"""How many states are walked at most: about the length of all patterns together, if they are those of real policies."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern without variables. `fold`: case does not count. `fields`: wildcards stop at the first five colons."""

    tokens: tuple[Token, ...]
    fold: bool = False
    fields: bool = False


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The texts; `complete` is False if there were too many states to walk them all."""

    texts: tuple[str, ...]
    complete: bool


_State = tuple[tuple[int, frozenset[int]], ...]
"""For every pattern that can still match, by its number: the places in it at which the walk may be."""


@lru_cache(maxsize=1_024)
def witnesses(patterns: tuple[Pattern, ...]) -> Witnesses:
    """One text, the shortest, for every combination of the patterns that a text can match.

    The empty text is left out, for AWS treats it apart, unless one of the patterns is empty.
    """
    machines = [_Machine.of(pattern) for pattern in patterns]
    fresh = _fresh(machines)
    empty = not all(pattern.tokens for pattern in patterns)
    start: _State = tuple((number, frozenset({0})) for number in range(len(machines)))
    found: dict[tuple[int, ...], str] = {}
    seen: set[_State] = set()  # without the start: it may be reached again, by a text that is not empty
    waiting = deque([(start, "")])
    while waiting and len(seen) <= _LIMIT:
        state, text = waiting.popleft()
        if text or empty:
            found.setdefault(tuple(number for number, at in state if machines[number].end in at), text)
        for character in _next(machines, state, fresh):
            after = _after(machines, state, character)
            if after not in seen:
                seen.add(after)
                waiting.append((after, text + character))
    return Witnesses(tuple(found.values()), not waiting)


def _after(machines: list[_Machine], state: _State, character: str) -> _State:
    moved = ((number, machines[number].step(at, character)) for number, at in state)
    return tuple((number, at) for number, at in moved if at)


@dataclass(frozen=True, slots=True)
class _Machine:
    """A pattern as single characters and wildcards; a state is the set of places at which the walk may be."""

    steps: tuple[str | None, ...]
    loops: frozenset[int]
    within: frozenset[int]
    fold: bool
    known: dict[tuple[frozenset[int], str], frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, pattern: Pattern) -> _Machine:
        steps: list[str | None] = []
        loops: set[int] = set()
        within: set[int] = set()
        colons = 0
        for token in pattern.tokens:
            if token is ANY:
                loops.add(len(steps))
            if pattern.fields and colons < 5 and not isinstance(token, str):
                within.add(len(steps))
            if token is ONE:
                steps.append(None)
            elif isinstance(token, str):
                colons += token.count(":")
                steps.extend(token.lower() if pattern.fold else token)
        return cls(tuple(steps), frozenset(loops), frozenset(within), pattern.fold)

    @property
    def end(self) -> int:
        return len(self.steps)

    def step(self, places: frozenset[int], character: str) -> frozenset[int]:
        """Where a character leads from these places; what was once worked out is kept."""
        after = self.known.get((places, character))
        if after is None:
            after = self.known[places, character] = self._step(places, character)
        return after

    def _step(self, places: frozenset[int], character: str) -> frozenset[int]:
        given = character.lower() if self.fold else character
        after: set[int] = set()
        for place in places:
            blocked = given == ":" and place in self.within
            if place in self.loops and not blocked:
                after.add(place)
            if place < self.end:
                wanted = self.steps[place]
                if wanted == given or (wanted is None and not blocked):
                    after.add(place + 1)
        return frozenset(after)

    def wanted(self, places: frozenset[int]) -> Iterator[str]:
        for place in places:
            character = self.steps[place] if place < self.end else None
            if character is not None:
                yield character
                if self.fold:
                    yield character.upper()


def _next(machines: list[_Machine], state: _State, fresh: str) -> list[str]:
    """The characters that can make a difference: those wanted next, the colon, and one that nobody wants."""
    wanted = {character for number, at in state for character in machines[number].wanted(at)}
    return [fresh, *sorted(wanted - {fresh}), *([] if ":" in wanted else [":"])]


def _fresh(machines: list[_Machine]) -> str:
    used = {character for machine in machines for character in machine.steps}
    return next(character for character in chain("xzqjkwvy0123456789", map(chr, count(0x100))) if character not in used)
