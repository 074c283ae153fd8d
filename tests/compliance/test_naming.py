"""Rules in accounts are traced back to the packs that they are of."""

from __future__ import annotations

import pytest

from orgctl.compliance.cells import RuleName
from orgctl.compliance.naming import attributions
from tests.compliance.worlds import REGIONS, cells_of, in_pack, pack, row


@pytest.mark.parametrize(
    ("name", "rule", "pack_id"),
    [
        ("layers-conformance-pack-x7k2p9q4z", "layers", "conformance-pack-x7k2p9q4z"),
        ("a-conformance-pack-b-conformance-pack-c1", "a-conformance-pack-b", "conformance-pack-c1"),
        ("securityhub-s3-bucket-ssl-1a2b3c4d", "securityhub-s3-bucket-ssl", None),
        ("my-own-rule", "my-own-rule", None),
        ("-conformance-pack-x1", "-conformance-pack-x1", None),
        ("layers-conformance-pack-", "layers-conformance-pack-", None),
    ],
)
def test_names_are_taken_apart(name: str, rule: str, pack_id: str | None) -> None:
    """What AWS adds is left out, and can be put back."""
    found = RuleName.of(name)
    assert (found.rule, found.pack, found.whole) == (rule, pack_id, name)


CASES = {
    "its own rules": (["a", "b"], "p"),
    "an older state of it": (["a", "b", "c", "gone"], "p"),
    "some of it, while it is changed": (["a"], "p"),
    "the other pack, which shares a rule": (["c", "x", "y"], "q"),
    "a pack of nobody's": (["z"], None),
    "a pack that shares less than half": (["a", "k", "l"], None),
}


@pytest.mark.parametrize("case", CASES)
def test_a_pack_is_known_by_its_rules(case: str) -> None:
    """All rules with one id are of one pack: the one that they are most alike to."""
    rules, expected = CASES[case]
    cells = cells_of(row("1", in_pack(name), "COMPLIANT") for name in rules)
    found = attributions(cells, [pack("p", "a", "b", "c"), pack("q", "c", "x", "y")])
    assert found["1", REGIONS[0]].get("conformance-pack-x1") == expected


def test_a_pack_is_in_an_account_once() -> None:
    """Of two ids that could be the same pack, the one that is more like it is; the other is somebody else's."""
    rows = [row("1", in_pack(name, 1), "COMPLIANT") for name in ("a", "b")]
    cells = cells_of([row("1", in_pack("a", 2), "COMPLIANT"), *rows])
    assert attributions(cells, [pack("p", "a", "b", "c")]) == {("1", REGIONS[0]): {"conformance-pack-x1": "p"}}


def test_two_packs_with_the_same_rules_are_both_there() -> None:
    """Which is which cannot be told, and makes no difference to what is counted."""
    rows = [row("1", in_pack(name, number), "COMPLIANT") for name in ("a", "b") for number in (1, 2)]
    found = attributions(cells_of(rows), [pack("p", "a", "b"), pack("q", "a", "b")])
    assert sorted(found["1", REGIONS[0]].values()) == ["p", "q"]
