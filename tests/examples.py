"""Fewer random cases, where each takes long."""

from __future__ import annotations

from hypothesis import settings


def one_in(many: int) -> settings:
    """A share of the cases that `conftest` sets, or that somebody asked for."""
    return settings(max_examples=max(4, settings().max_examples // many))
