"""What differs between forms of configuration items."""

from __future__ import annotations

import pytest

from organization_rule.items import Waiver, entries, section, tags_of


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"tags": {"team": "a", "empty": None}}, {"team": "a", "empty": ""}),
        ({"tags": [{"key": "team", "value": "a", "tag": "team=a"}]}, {"team": "a"}),
        ({"tags": {}, "configuration": {"Tags": [{"Key": "team", "Value": "a"}]}}, {"team": "a"}),
        ({"tags": None, "configuration": None}, {}),
        ({}, {}),
    ],
)
def test_tags(item: dict[str, object], expected: dict[str, str]) -> None:
    """Tags are an object in events, a list in queries, and in the configuration of newer resource types."""
    assert expected == tags_of(item)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"a": "1"}, "waived by the tag `a`"),
        ({"b": "2"}, "waived by the tag `b=2`"),
        ({"b": "3"}, None),
        ({}, None),
    ],
)
def test_waivers(tags: dict[str, str], expected: str | None) -> None:
    """A name waives with any value, a name with a value only with that."""
    found = Waiver(("a", "b=2")).verdict(tags)
    assert expected == (found.annotation if found else None)
    assert found is None or found.complianceType == "NOT_APPLICABLE"


def test_missing_parts() -> None:
    """What is missing, null or of another kind is empty."""
    item = {"configuration": {"layers": None, "name": "x"}}
    assert section(item, "configuration", "vpcConfig") == section({}, "configuration") == section(item, "x", "y") == {}
    assert entries(None) == entries("text") == entries(["text"]) == ()
