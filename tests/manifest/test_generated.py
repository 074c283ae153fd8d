"""Organizations of any size, as the benchmarks use them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from orgctl.manifest import load, problems

WRITE = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "generate.py"))["write_organization"]


@pytest.mark.parametrize(
    ("accounts", "units", "policies"), [(0, 0, 0), (3, 0, 0), (3, 0, 2), (40, 1, 1), (300, 90, 30), (7, 20, 10)]
)
def test_generated_organizations_are_valid(accounts: int, units: int, policies: int, tmp_path: Path) -> None:
    """They have the numbers that were asked for, and not one problem."""
    WRITE(tmp_path, accounts=accounts, units=units, policies=policies)
    assert problems(tmp_path) == ()
    loaded = load(tmp_path)
    assert (accounts + 1, units + 1, policies) == (len(loaded.accounts), len(loaded.units), len(loaded.policies))


def test_the_same_seed_writes_the_same(tmp_path: Path) -> None:
    """Figures can be compared between machines."""
    for name in ("one", "other"):
        WRITE(tmp_path / name, accounts=50, units=5, policies=2, tagged=0.5, seed=7)
    one, other = ({path.name: path.read_text() for path in (tmp_path / name).rglob("*.*")} for name in ("one", "other"))
    assert one == other
    assert "tags: {env: " in "".join(one.values())
