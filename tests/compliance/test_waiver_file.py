"""`waivers.yaml`: what it may say, and what is wrong with it, as the user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from orgctl.api.packs import packs_of
from orgctl.api.validating import validate
from orgctl.compliance.codes import TITLES
from orgctl.compliance.jsonschema import FILE, write
from orgctl.compliance.waiver_file import load_waivers
from orgctl.compliance.waiver_schema import WaiverFile
from orgctl.compliance.waivers import Waiver
from orgctl.manifest import load
from tests.packs.repository import TODAY, lay_down
from tests.packs.test_problems import read_case

TOP = Path(__file__).parents[2]
VALIDATOR = jsonschema.Draft202012Validator(json.loads((TOP / FILE).read_text(encoding="utf-8")))
CASES = sorted((Path(__file__).parent / "problems").glob("*.txt"))
WAIVER = "rule: LAMBDA_DLQ_CHECK, owner: ops, reason: old, expires: 2027-01-31"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_problems_are_reported_in_these_words_and_at_these_places(path: Path, tmp_path: Path) -> None:
    """`validate` answers a file with exactly the diagnostics of its case, and no others."""
    files, expected = read_case(path)
    found = validate(lay_down(tmp_path, files), today=TODAY)
    told = [problem for problem in found if problem.code[0] in "CK"]
    assert expected == "".join(f"{str(problem).rstrip()}\n" for problem in told)


def test_every_code_has_a_case() -> None:
    """The table of codes and the cases agree."""
    assert set(TITLES) == {path.stem for path in CASES if path.stem in path.read_text() and path.stem != "shared"}


def loaded_from(directory: Path, text: str, path: Path | None = None) -> tuple[tuple[Waiver, ...], list[str]]:
    loaded = load(lay_down(directory, {"waivers.yaml": text}))
    found, problems = load_waivers(loaded, packs_of(loaded, None)[0], TODAY, path)
    return found, [problem.code for problem in problems]


def test_a_waiver_is_of_all_packs_with_the_rule(tmp_path: Path) -> None:
    """Unless it names one. The rule is what AWS Config calls it, the account an address."""
    lay_down(tmp_path, {"conformance_packs/other.yaml": "rules: [{managed: LAMBDA_DLQ_CHECK}]"})
    text = f"waivers: [{{{WAIVER}, account: 'ou:/Workloads'}}, {{{WAIVER}, pack: other, account: shop}}]"
    found, problems = loaded_from(tmp_path, text)
    assert problems == []
    assert [(each.packs, each.rule, each.account, each.resource) for each in found] == [
        (("other", "pack"), "lambda-dlq-check", "ou:/Workloads", "*"),
        (("other",), "lambda-dlq-check", "account:shop", "*"),
    ]


def test_another_file_can_take_its_place(tmp_path: Path) -> None:
    """It is read, and `waivers.yaml` is not."""
    other = tmp_path / "elsewhere.yaml"
    other.write_text(f"waivers: [{{{WAIVER}, owner: other}}]".replace("owner: ops, ", ""))
    found, problems = loaded_from(tmp_path, "waivers: [", other)
    assert ([each.owner for each in found], problems) == (["other"], [])


@pytest.mark.parametrize("text", ["waivers: [", "- 1", "waivers: 1", "", "a: b"])
def test_a_file_that_is_none_is_answered(tmp_path: Path, text: str) -> None:
    """With a diagnostic, and no waiver."""
    found, problems = loaded_from(tmp_path, text)
    assert found == ()
    assert len(problems) == 1


def test_of_a_pack_with_problems_nothing_more_is_said(tmp_path: Path) -> None:
    """Whether it has the rule cannot be told."""
    lay_down(tmp_path, {"conformance_packs/other.yaml": "rules: [{managed: LAMBDA_INSIDE_VPC}, {rule: NOPE}]"})
    text = f"waivers: [{{{WAIVER.replace('DLQ_CHECK', 'INSIDE_VPC')}}}, {{{WAIVER}, pack: other}}]"
    assert loaded_from(tmp_path, text) == ((), [])


def test_an_expired_waiver_of_a_pack_does_not_hide_the_pack(tmp_path: Path) -> None:
    """The file's waivers of the same pack are in order."""
    text = f"rules: [{{managed: LAMBDA_DLQ_CHECK}}]\nwaivers: [{{{WAIVER.replace('2027', '2025')}}}]\n"
    lay_down(tmp_path, {"conformance_packs/pack.yaml": text, "waivers.yaml": f"waivers: [{{{WAIVER}}}]"})
    told = [problem for problem in validate(tmp_path, today=TODAY) if problem.code[0] in "CK"]
    assert [(problem.code, problem.position.file) for problem in told] == [("K150", "conformance_packs/pack.yaml")]


def test_the_published_schema_is_the_generated_one(tmp_path: Path) -> None:
    """Whoever changes a model runs `python -m orgctl.compliance.jsonschema` too."""
    write(tmp_path)
    assert (TOP / FILE).read_text(encoding="utf-8") == (tmp_path / FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("waivers: [{pack: p, rule: A, account: a, resource: 'x*', owner: a, reason: b, expires: '2027-01-31'}]", True),
        ("waivers: [{rule: A, owner: a, reason: b, expires: '2027-01-31'}]", True),
        ("waivers: []", True),
        ("waivers: [{rule: A, owner: a, reason: b}]", False),
        ("waivers: [{rule: A, owner: a, reason: b, expires: '2027-01-31', pack: a_b}]", False),
        ("waivers: [{rule: A, owner: a, reason: b, expires: never}]", False),
        ("waiver: []", False),
    ],
)
def test_schema_and_program_agree(text: str, valid: bool) -> None:
    """What an editor underlines is what `orgctl validate` refuses, and the other way round."""
    value = yaml.safe_load(text)
    try:
        WaiverFile.model_validate(value)
    except ValidationError:
        accepted = False
    else:
        accepted = True
    assert (valid, valid) == (VALIDATOR.is_valid(value), accepted)
