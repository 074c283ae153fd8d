"""What is drawn of an organization, and what is counted instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.api.graphing import graph
from orgctl.errors import InvalidInputError
from orgctl.model.outline import AccountLine, Detail, Outline, Shown, reduced
from tests.graph.outlines import counted, drawn, outlines

MANIFEST = """\
version: 1
organization: {management_account: "111111111111", home_region: eu-west-1, regions: [eu-west-1]}
root:
  policies: [scp/p]
  accounts:
    management: {id: "111111111111"}
  units:
    A:
      full_aws_access: false
      policies: [scp/p]
      accounts:
        old: {id: "222222222222", state: closed}
        new: {email: new@example.com, policies: [scp/p]}
      units: {B: {}}
"""


def test_the_outline_is_the_manifests_tree(tmp_path: Path) -> None:
    """With policies on every level, missing FullAWSAccess and closed accounts; no AWS is asked."""
    (tmp_path / "organization.yaml").write_text(MANIFEST)
    path = tmp_path / "policies/scp/p.yaml"
    path.parent.mkdir(parents=True)
    path.write_text('Version: "2012-10-17"\nStatement: {Effect: Allow, Action: "*", Resource: "*"}\n')
    expected = Outline(
        "Root",
        ("scp/p",),
        accounts=(AccountLine("management"),),
        units=(
            Outline(
                "A",
                ("scp/p",),
                full_access=False,
                accounts=(AccountLine("old", closed=True), AccountLine("new", ("scp/p",))),
                units=(Outline("B"),),
                total=2,
            ),
        ),
        total=3,
    )
    assert graph(tmp_path, Detail(Shown.ALL)) == expected


def test_without_scps_nothing_lacks_full_access(tmp_path: Path) -> None:
    """Where the policy type is not enabled, FullAWSAccess is nobody's business."""
    text = MANIFEST.replace("regions: [eu-west-1]}", "regions: [eu-west-1], policy_types: []}")
    text = text.replace("policies: [scp/p]", "policies: []").replace("full_aws_access: false", "tags: {}")
    (tmp_path / "organization.yaml").write_text(text)
    assert all(unit.full_access for unit in graph(tmp_path, Detail()).each())


def test_a_broken_manifest_is_not_drawn(tmp_path: Path) -> None:
    """Its problems are told instead."""
    with pytest.raises(InvalidInputError):
        graph(tmp_path, Detail())


def unit(*names: str, special: int | None = None) -> Outline:
    lines = (AccountLine(name, ("scp/p",) if index == special else ()) for index, name in enumerate(names))
    return counted(Outline("U", accounts=tuple(lines)))


def big(accounts: int) -> Outline:
    """An organization of so many accounts in one OU, the fifth of which is special."""
    return counted(Outline("Root", units=(unit(*(f"a{n:03}" for n in range(accounts)), special=4),)))


@pytest.mark.parametrize(
    ("accounts", "shown", "hidden"),
    [
        (40, [f"a{n:03}" for n in range(40)], 0),
        (41, ["a000", "a001", "a002", "a003", "a004", "a005"], 35),
        (500, ["a000", "a001", "a004"], 497),
    ],
)
def test_the_bigger_the_fewer(accounts: int, shown: list[str], hidden: int) -> None:
    """Up to forty accounts all are shown; then six of each OU, then three; those with policies of their own first."""
    (only,) = reduced(big(accounts), Detail()).units
    assert ([account.name for account in only.accounts], only.hidden_accounts) == (shown, hidden)


def test_one_more_is_shown_rather_than_counted() -> None:
    """`and 1 more` would take the same room."""
    many = counted(Outline("Root", units=(unit("a", "b", "c", "d"), unit(*map(str, range(200))))))
    assert reduced(many, Detail()).units[0].hidden_accounts == 0


def test_below_the_depth_ous_are_counted() -> None:
    """At any depth below, with their accounts still in the total."""
    tree = counted(Outline("Root", units=(counted(Outline("A", units=(unit("x"), unit("y", "z")))),)))
    cut = reduced(tree, Detail(depth=1)).units[0]
    assert (cut.units, cut.hidden_units, cut.total) == ((), 2, 3)


@given(outlines, st.sampled_from(Shown), st.none() | st.integers(0, 4))
@drawn
def test_nothing_is_lost(tree: Outline, shown: Shown, depth: int | None) -> None:
    """Shown and hidden accounts and OUs are as many as there are."""
    cut = reduced(tree, Detail(shown, depth))
    assert cut.total == tree.total
    assert sum(1 + unit.hidden_units for unit in cut.each()) == sum(1 for _ in tree.each())
    for unit in cut.each():
        below = sum(child.total for child in unit.units)
        here = len(unit.accounts) + unit.hidden_accounts
        assert unit.hidden_units or unit.total == here + below
