"""The packs that come with orgctl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orgctl.api.packs import lint_packs, packs_of
from orgctl.manifest import load
from orgctl.packs.building import build_packs
from orgctl.packs.managed import managed_rules
from tests.packs.repository import TODAY

TOP = Path(__file__).parents[2]
PACKS, PROBLEMS = packs_of(load(TOP), TODAY)


def test_they_are_without_problems() -> None:
    """Not even a warning."""
    assert PROBLEMS == ()
    assert [pack.name for pack in PACKS] == ["organization-baseline", "serverless-governance"]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_their_managed_rules_are_known(pack: object) -> None:
    """Each stands in the table of AWS's rules."""
    rules = getattr(pack, "rules", ())
    assert {rule.managed for rule in rules if rule.managed} <= set(managed_rules())


def test_they_are_sent_inline() -> None:
    """They are far below the size from which a bucket is needed, and are valid JSON."""
    for built in build_packs(PACKS):
        assert len(built.template.encode()) < 51_200 / 2
        assert set(json.loads(built.template)) <= {"Parameters", "Conditions", "Resources"}


def test_cfn_lint_has_no_objections() -> None:
    """To none of the templates, in no region."""
    assert lint_packs(PACKS, build_packs(PACKS)) == ()
