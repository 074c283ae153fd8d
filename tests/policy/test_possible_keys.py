"""Which callers can have a key at all."""

from __future__ import annotations

import pytest

from orgctl.policy.possible_keys import is_impossible
from orgctl.policy.principal import PrincipalKind as Kind

HAVE = {
    "aws:username": {Kind.USER, Kind.OTHER},
    "aws:sourceaccount": {Kind.SERVICE},
    "aws:assumedroot": {Kind.ROOT},
    "aws:principalarn": set(Kind) - {Kind.SERVICE, Kind.ANONYMOUS},
    "aws:sourceip": set(Kind),
}


@pytest.mark.parametrize("key", HAVE)
def test_who_has_a_key(key: str) -> None:
    """Source: "AWS global condition context keys", IAM User Guide (Availability)."""
    assert {kind for kind in Kind if not is_impossible(key, kind)} == HAVE[key]
