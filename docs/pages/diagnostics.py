"""Every code of a diagnostic, with what it looks like: the examples are the tests' own cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs.pages.markdown import block, code, table
from orgctl.manifest.codes import TITLES

CASES = Path(__file__).parents[2] / "tests" / "manifest" / "problems"

LANGUAGE: Mapping[str, str] = {
    "P101": "A policy has no `Statement`",
    "P102": "A policy's `Version` is none of the policy language",
    "P103": "A statement has neither `Action` nor `NotAction`",
    "P104": "An action is not written as `service:Action`",
    "P105": "A statement's `Effect` is neither `Allow` nor `Deny`",
    "P106": "A principal is of a kind that there is not, or not written as one",
    "P107": "Something that has to be a mapping is none",
    "P108": "A statement has both an element and its negation",
    "P109": "A value is not text, a number or a boolean",
    "P110": "An element is not known, or there twice",
}
"""What the parser of policies reports (`orgctl/policy/parser.py`)."""

_INTRODUCTION = """\
# Diagnostics

Every problem of the manifest and the policies is reported at once, as `file:line:column: error[code]: message`, with a
hint at the way out where there is one. A warning stops nothing. Codes keep their meaning; none is used again.

`orgctl validate --format json` gives the same [as JSON](plan-json.md#validate).
"""

_GROUPS = {
    "S0": "Files",
    "M0": "The shape of the manifest",
    "M1": "Accounts and OUs",
    "M2": "Policies, accounts and regions that are referred to",
    "M3": "Moves",
    "M4": "Quotas",
    "M5": "Tags",
    "M6": "The trail",
    "M7": "AWS Config",
    "P0": "Policy files",
    "P1": "The policy language",
}


def page() -> str:
    """All codes by their group: a table, then the examples."""
    return "\n".join([_INTRODUCTION, *(line for prefix, title in _GROUPS.items() for line in _group(prefix, title))])


def _group(prefix: str, title: str) -> Iterator[str]:
    titles = {key: text for key, text in {**TITLES, **LANGUAGE}.items() if key.startswith(prefix)}
    yield f"## {title}\n"
    yield from table(("code", "what it says"), ((code(key), text) for key, text in titles.items()))
    examples = [example for key in titles if (example := _example(key))]
    if examples:
        yield "For example:\n"
        yield block("text", "\n\n".join(examples))


def _example(key: str) -> str | None:
    """The first diagnostic of this code in its case, with its hint."""
    case = CASES / f"{key}.txt"
    if not case.exists():
        return None
    problems = case.read_text(encoding="utf-8").partition("\n=== problems\n")[2]
    found = re.search(rf"^[^\n]*\[{key}\].*?(?=^\S*:\d+:\d+: |^\S+: (?:error|warning)\[|\Z)", problems, re.M | re.S)
    return found[0].strip() if found else None
