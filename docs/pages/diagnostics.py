"""Every code of a diagnostic, with what it looks like: the examples are the tests' own cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs.pages.markdown import block, code, table
from orgctl.compliance import codes as waiver_codes
from orgctl.lint import checks as lint_checks
from orgctl.manifest import codes as manifest_codes
from orgctl.packs import codes as pack_codes
from orgctl.policy import codes as language_codes
from orgctl.policytest import codes as test_codes
from orgctl.rules import codes as rule_codes

_TESTS = Path(__file__).parents[2] / "tests"
CASES = tuple(
    _TESTS / folder
    for folder in (
        "manifest/problems",
        "lint/cases",
        "policytest/problems",
        "packs/problems",
        "rules/problems",
        "compliance/problems",
    )
)
"""Where each code has a file of its own, with the files that bring it about and the problems that are to be found."""

TITLES: Mapping[str, str] = {
    **manifest_codes.TITLES,
    **language_codes.TITLES,
    **lint_checks.TITLES,
    **test_codes.TITLES,
    **pack_codes.TITLES,
    **rule_codes.TITLES,
    **waiver_codes.TITLES,
}
"""Every code that there is."""

_INTRODUCTION = """\
# Diagnostics

Every problem of the manifest, the policies and their tests is reported at once, as
`file:line:column: error[code]: message`, with a hint at the way out where there is one. A warning stops nothing. Codes
keep their meaning; none is used again.

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
    "M8": "Staged rollouts",
    "P0": "Policy files",
    "P1": "The policy language",
    "L0": "Linting: suppressions",
    "L1": "Linting: what AWS refuses",
    "L2": "Linting: names that AWS does not have",
    "L3": "Linting: conditions that do not do what they say",
    "L4": "Linting: statements that do not do what they say",
    "L5": "Linting: placeholders",
    "L6": "Linting: size and slots",
    "L7": "Linting: a policy in its organization",
    "T1": "Policy tests: what a file says",
    "T2": "Policy tests: what they name",
    "T3": "Policy tests: their requests",
    "R10": "AWS Config rules: names and triggers",
    "R11": "AWS Config rules: parameters",
    "R12": "AWS Config rules: code, tests and fixtures",
    "R13": "AWS Config rules: `rule.yaml`",
    "R14": "AWS Config rules: policies of CloudFormation Guard",
    "K10": "Conformance packs: their files",
    "K11": "Conformance packs: rules",
    "K12": "Conformance packs: parameters",
    "K13": "Conformance packs: accounts and regions",
    "K14": "Conformance packs: remediation",
    "K15": "Conformance packs: waivers",
    "K16": "Conformance packs: limits of AWS Config",
    "K17": "Conformance packs: cfn-lint",
    "K18": "Remediation documents",
    "C10": "Waivers in `waivers.yaml`; the codes of packs' waivers are told of them too",
}

_NOTES = {
    "L0": """\
The codes that begin with L are about policies that are written correctly. An error is what AWS refuses, or what
certainly does nothing; everything else is a warning. What is meant as it is can be suppressed, with a reason: in a YAML
file by a comment above or in the statement (or at the top, for the whole file), else by `allow` in the policy's options
in the manifest.

```yaml
# orgctl: allow L404 because the auditors may do everything that is not in this list
```
""",
    "T1": """\
The codes that begin with T are those of `orgctl test`; see [Test policies](../guides/policy-tests.md).
""",
}


def page() -> str:
    """All codes by their group: a table, then the examples."""
    return "\n".join([_INTRODUCTION, *(line for prefix, title in _GROUPS.items() for line in _group(prefix, title))])


def _group(prefix: str, title: str) -> Iterator[str]:
    titles = {key: text for key, text in sorted(TITLES.items()) if key.startswith(prefix)}
    yield f"## {title}\n"
    if prefix in _NOTES:
        yield _NOTES[prefix]
    yield from table(("code", "what it says"), ((code(key), text) for key, text in titles.items()))
    examples = [example for key in titles if (example := _example(key))]
    if examples:
        yield "For example:\n"
        yield block("text", "\n\n".join(examples))


def _example(key: str) -> str | None:
    """A diagnostic of this code from its case: the first that has a hint, else the first."""
    case = next((path for folder in CASES if (path := folder / f"{key}.txt").exists()), None)
    if case is None:
        return None
    problems = case.read_text(encoding="utf-8").partition("\n=== problems\n")[2]
    pattern = rf"^[^\n]*\[{key}\].*?(?=^\S*:\d+:\d+: |^\S+: (?:error|warning)\[|\Z)"
    found = [text.strip() for text in re.findall(pattern, problems, re.M | re.S)]
    return next((text for text in found if "\nhint: " in text), found[0] if found else None)
