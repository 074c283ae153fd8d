"""A rule's page, its files and the packs say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orgctl.rules.building import contents
from orgctl.rules.catalog import load_rules
from orgctl.rules.rule import Rule

RULES, PROBLEMS = load_rules(Path(__file__).parents[2])


def test_no_problems() -> None:
    """The shipped rules have no problem that `orgctl validate` would tell of."""
    assert PROBLEMS == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_parameters(rule: Rule) -> None:
    """Every parameter is described, in rule.yaml and in a row of the page."""
    page = (rule.folder / "README.md").read_text("utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|.*\|.*\|$", page, re.M))
    assert named == {parameter.name for parameter in rule.parameters}
    assert all(parameter.description for parameter in rule.parameters)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_permissions(rule: Rule) -> None:
    """The page names every permission that the rule needs, and no other."""
    page = (rule.folder / "README.md").read_text("utf-8")
    section = page.partition("## Permissions")[2].partition("## ")[0]
    assert set(re.findall(r"`([a-z]+:\w+)`", section)) == set(rule.permissions)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_summary(rule: Rule) -> None:
    """RDK's description, the summary, and the first sentence of the page are one."""
    page = (rule.folder / "README.md").read_text("utf-8")
    assert page.startswith(f"# {rule.name}\n\n{rule.summary}\n")
    assert f'"Description": "{rule.summary}"' in (rule.folder / "parameters.json").read_text("utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_fixtures_are_complete(rule: Rule) -> None:
    """A rule that is asked on changes has items of old and new form, of each partition, and a deleted one."""
    names = [path.stem for path in rule.fixtures]
    wanted = ["china", "us_government", "old_form", "deleted"] if rule.resource_types else ["scheduled"]
    assert [part for part in wanted if not any(part in name for name in names)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_zip(rule: Rule) -> None:
    """What helps to test rules does not get into their zips."""
    assert [path for path in contents(rule) if "test" in path] == []
