"""Hints name what was probably meant."""

from __future__ import annotations

import pytest

from orgctl.manifest.nearest import did_you_mean, nearest

MANY = [f"account-{number:05}" for number in range(10_000)]


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("polices", ["policies", "units"], "policies"),
        ("AUDIT", ["audit", "log-archive"], "audit"),
        ("Prdo", ["Prod", "Dev"], "Prod"),
        ("zzz", ["policies", "units"], None),
        ("x", [], None),
        ("account-07000x", MANY, "account-07000"),
    ],
)
def test_the_nearest_name_is_found(name: str, known: list[str], expected: str | None) -> None:
    """Case does not count, and of ten thousand names one is found too."""
    assert expected == nearest(name, known)


def test_without_a_near_name_there_is_another_hint() -> None:
    """A hint never suggests what has nothing to do with it."""
    assert did_you_mean("quantum", ["tag"], "passed on as it is") == "passed on as it is"
    assert did_you_mean("tga", ["tag"], "passed on as it is") == "did you mean `tag`?"
