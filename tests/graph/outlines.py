"""Random outlines, with names that every format has its own trouble with."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from orgctl.model.outline import AccountLine, Outline

ODD = [
    "<b>&amp;</b>",
    '"quoted"',
    "back\\slash\\n",
    "#35;",
    "end",
    "名前",
    "a\nb",
    "\x1b[31m",
    "`x`",
    "--> y",
    "{z}",
    "]]>",
]

names = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
policies = st.lists(st.sampled_from(["scp/a", "rcp/b", "tag/c", "backup/d", 'scp/"<x>"']), unique=True).map(tuple)
accounts = st.lists(st.builds(AccountLine, names, policies, st.booleans(), st.booleans()), max_size=12).map(tuple)


def _unit(below: st.SearchStrategy[Outline]) -> st.SearchStrategy[Outline]:
    units = st.lists(below, max_size=9).map(tuple)
    return st.builds(Outline, names, policies, st.booleans(), accounts, units).map(counted)


def counted(outline: Outline) -> Outline:
    return replace(outline, total=len(outline.accounts) + sum(unit.total for unit in outline.units))


leaves = st.builds(Outline, names, policies, st.booleans(), accounts).map(counted)
outlines = st.recursive(leaves, _unit, max_leaves=20)

drawn = settings(max_examples=40, deadline=None)
"""A drawing takes milliseconds: what matters are the odd names, which come early."""
