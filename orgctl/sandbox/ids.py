"""Ids in AWS's forms. With a seed they are the same every time."""

from __future__ import annotations

import random
from uuid import UUID

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Ids:
    """A source of ids that are not guessed twice (the chance is left to 36^8)."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 (ids, not secrets)

    def text(self, length: int) -> str:
        """Small letters and digits."""
        return "".join(self._random.choices(_LETTERS, k=length))

    def account(self) -> str:
        """Twelve digits, the first not zero."""
        return str(self._random.randrange(2 * 10**11, 10**12))

    def uuid(self) -> str:
        """`8-4-4-4-12` hexadecimal digits."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def organization(self) -> str:
        """`o-…`."""
        return f"o-{self.text(10)}"

    def root(self) -> str:
        """`r-…`."""
        return f"r-{self.text(4)}"

    def unit(self, root: str) -> str:
        """`ou-…-…`, with the root's part in it."""
        return f"ou-{root.removeprefix('r-')}-{self.text(8)}"

    def prefixed(self, prefix: str, length: int) -> str:
        """`p-…`, `h-…`, `car-…`, `rp-…`."""
        return f"{prefix}-{self.text(length)}"
