"""The reference is as the code is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from docs.generate import PAGES, REFERENCE, text
from docs.pages.diagnostics import CASES, TITLES
from docs.pages.limits import _MEANING
from docs.pages.plan_json import LOG, OUTCOME, PERMISSIONS, PLAN, SAVED, VALIDATE, Fields
from orgctl.model.limits import QUOTAS
from orgctl.model.policy_types import BY_FOLDER
from orgctl.policy import parser
from orgctl.policy.codes import TITLES as LANGUAGE
from orgctl.reconcile.plan import FailedCase, Tested
from orgctl.reconcile.plan_json import to_json
from orgctl.sandbox.embedded import running
from orgctl.sandbox.faults import Fault, Kind
from tests.cli.test_command_line import orgctl
from tests.functional.conftest import copy_example
from tests.views.test_access_views import ACCESS, BARE
from tests.views.test_replayed_views import REPLAYED
from tests.views.test_rollout_views import STEPS


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_up_to_date(name: str) -> None:
    """`make docs` would change nothing."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == text(name)


def test_there_are_no_other_pages() -> None:
    """Everything in the reference is generated."""
    assert {path.name for path in REFERENCE.iterdir()} == set(PAGES)


def test_every_code_of_the_policy_parser_is_told() -> None:
    """Its codes have no table of their own."""
    source = Path(parser.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'"(P1\d\d)"', source)) == set(LANGUAGE)


def test_every_code_is_told_with_an_example() -> None:
    """The page has each code's title, and what it looks like in its case; policies' and their tests' with a way out."""
    page = text("diagnostics.md")
    assert [code for code, title in TITLES.items() if f"| `{code}` | {title} |" not in page] == []
    parts = re.split(r"\n(?=[^\n]*: (?:error|warning)\[\w{4}\]: )", page)
    examples = {part.partition("]")[0].rpartition("[")[2]: part for part in parts}
    assert [code for code in TITLES if code not in examples and code not in LANGUAGE] == []
    assert [code for code in TITLES if code[0] in "LT" and "\nhint: " not in examples[code]] == []


def test_every_case_of_a_code_is_of_one_that_is_told() -> None:
    """No example is of a code that the page does not have."""
    named = {path.stem for folder in CASES for path in folder.glob("[A-Z]???.txt")}
    assert named - set(TITLES) == set()


def test_every_quota_is_told() -> None:
    """Those of policy types in their table, the others in words."""
    of_types = {name for name in QUOTAS if name.rpartition("_")[0] in BY_FOLDER}
    assert set(QUOTAS) - of_types == set(_MEANING)


def paths(value: object, fields: Fields, path: str = "") -> Iterator[str]:
    """Every path in a JSON value; below a path with keys of the user's, only that there are some."""
    if f"{path}.*" in fields and isinstance(value, Mapping | list):
        yield from [f"{path}.*"] if value else []
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            yield from [here] if f"{here}[]" not in fields else []
            yield from paths(inner, fields, here)
    elif isinstance(value, list):
        yield f"{path}[]"
        for inner in value:
            yield from paths(inner, fields, f"{path}[]")


RARE = {
    "changes[].attributes[].before.*",
    *("findings[].address", "findings[].message", "findings[].hint"),
    *("limits.quotas.*", "limits.rates.*"),
    *("lock.bucket", "lock.key", "lock.region"),
    *(field for field in PLAN if field.startswith(("access.changes[].", "access.unread", "policy_tests.failed"))),
    *(field for field in PLAN if field.startswith(("impact.", "rollouts[]."))),
}
"""What the example's plans do not show: nothing was there before, no overrides, no lock, all tests pass, no events."""


APPLY = ("apply", "--yes", "--skip-tests", "--format", "json")


def test_what_is_said_of_access_is_what_the_reference_says() -> None:
    """A plan with all that it can say of these has every field that is documented of them."""
    plan = replace(BARE, access=ACCESS, tested=Tested(1, (FailedCase("a::b", "because"),)), replayed=REPLAYED)
    plan = replace(plan, rollouts=STEPS)
    found = set(paths(json.loads(json.dumps(to_json(plan))), PLAN))
    documented = {field for field in PLAN if field.startswith(("access", "policy_tests", "impact", "rollouts"))}
    assert found - set(PLAN) == set()
    assert documented - found == set()


@pytest.mark.slow
def test_json_output_is_what_the_reference_says(tmp_path: Path) -> None:
    """Every field of real output is documented, and every documented field is there."""
    copy_example(tmp_path)
    with running(seed=7, recording=True) as sandbox:

        def said(*arguments: str) -> str:
            return orgctl(tmp_path, *arguments, environment=sandbox.environment()).stdout

        plan = json.loads(said("plan", "--format", "json", "--out", str(tmp_path / "saved.json")))
        saved = json.loads((tmp_path / "saved.json").read_text())
        sandbox.fault(Fault("organizations:CreatePolicy", 3, kind=Kind.ERROR, code="ServiceException"))
        outcome = json.loads(said(*APPLY, "--log", str(tmp_path / "log.jsonl")))
        log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
        permissions = json.loads(said("permissions", "apply", "--format", "json"))
        (tmp_path / "policies/scp/unused.json").write_text("{}")
        validate = json.loads(said("validate", "--format", "json"))
    for values, fields in (
        ([plan], PLAN),
        ([saved], SAVED),
        ([outcome], OUTCOME),
        (log, LOG),
        ([validate], VALIDATE),
        ([permissions], PERMISSIONS),
    ):
        found = {path for value in values for path in paths(value, fields)}
        assert found - set(fields) == set()
        assert set(fields) - found - RARE == set()
