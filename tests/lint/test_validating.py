"""`orgctl validate` with and without paths, with and without a manifest, in its four forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from orgctl.api.validating import validate
from orgctl.cli import orgctl
from orgctl.diagnostics import Diagnostic, Position, Severity
from orgctl.views.github import diagnostics_github
from orgctl.views.sarif import diagnostics_sarif

EXAMPLE = Path(__file__).parents[2]
MANIFEST = """\
version: 1
organization: { management_account: "111111111111", home_region: eu-west-1, regions: [eu-west-1] }
root:
  policies: [scp/one, scp/two]
  include: [accounts.yaml]
"""
ACCOUNTS = """\
accounts:
  management: { id: "111111111111" }
  work: { email: nobody }
"""
ONE = 'Version: "2012-10-17"\nStatement: { Effect: Deny, Action: s3:Nothing, Resource: "arn:@{partition}:s3:::x" }\n'
TWO = "Version: [\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A manifest with something wrong in each of its files, and a policy that does not belong to it."""
    for name, text in {
        "organization.yaml": MANIFEST,
        "accounts.yaml": ACCOUNTS,
        "policies/scp/one.yaml": ONE,
        "policies/scp/two.yaml": TWO,
        "policies/scp/one.test.yaml": "tests: []\n",
        "elsewhere/three.yaml": ONE,
        "elsewhere/package.json": "{}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_example_is_clean() -> None:
    """The repository's own manifest and policies have no problem, not even a warning."""
    assert validate(EXAMPLE) == ()


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], ["accounts.yaml M004", "policies/scp/one.yaml L202", "policies/scp/two.yaml S004"]),
        (["."], [
            "accounts.yaml M004", "elsewhere/three.yaml L202", "elsewhere/three.yaml L502",
            "policies/scp/one.yaml L202", "policies/scp/two.yaml S004",
        ]),
        (["policies"], ["policies/scp/one.yaml L202", "policies/scp/two.yaml S004"]),
        (["policies/scp/one.yaml"], ["policies/scp/one.yaml L202"]),
        (["policies/scp/one.test.yaml"], []),
        (["accounts.yaml", "organization.yaml"], ["accounts.yaml M004"]),
        (["elsewhere"], ["elsewhere/three.yaml L202", "elsewhere/three.yaml L502"]),
        (["elsewhere/package.json"], ["elsewhere/package.json L003"]),
    ],
)  # fmt: skip
def test_paths_choose_what_is_looked_at(paths: list[str], expected: list[str], repository: Path) -> None:
    """Files of the manifest are judged as part of it, others for themselves."""
    found = validate(repository, [repository / path for path in paths])
    assert expected == sorted({f"{p.position.file} {p.code}" for p in found})


def test_a_path_that_is_not_there_is_an_error(repository: Path) -> None:
    """A misspelt path must not look like a clean policy."""
    missing = repository / "polices"
    assert [("S001", str(missing))] == [(p.code, p.position.file) for p in validate(repository, [missing])]


def test_policies_need_no_manifest(repository: Path) -> None:
    """Without one, a policy file is still checked, and only what needs the manifest is said to be open."""
    (repository / "organization.yaml").unlink()
    found = validate(repository, [repository / "policies"])
    assert [problem.code for problem in found] == ["L202", "L502", "S004"]


FOUND = (
    Diagnostic("L202", "100% `x:y`, or\nnot", Position("a,b.yaml", 3, 5), "look", Severity.WARNING),
    Diagnostic("M101", "twice", Position("organization.yaml")),
)


def test_sarif_has_rules_results_and_regions() -> None:
    """A result names its rule, level, file and place; a problem of a whole file has no region."""
    run = json.loads(diagnostics_sarif(FOUND, {"L202": "An action"}))["runs"][0]
    assert [(rule["id"], rule["shortDescription"]["text"]) for rule in run["tool"]["driver"]["rules"]] == [
        ("L202", "An action"),
        ("M101", "M101"),
    ]
    first, second = run["results"]
    assert (
        first["ruleId"], first["ruleIndex"], first["level"], first["message"]["text"],
    ) == ("L202", 0, "warning", "100% `x:y`, or\nnot\n\nhint: look")  # fmt: skip
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a,b.yaml"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    assert second["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "organization.yaml"}}


def test_annotations_escape_what_the_commands_are_made_of() -> None:
    """Line breaks and percent signs everywhere, commas and colons in properties."""
    assert list(diagnostics_github(FOUND)) == [
        "::warning file=a%2Cb.yaml,line=3,col=5,title=orgctl L202::100%25 `x:y`, or%0Anot%0Ahint: look",
        "::error file=organization.yaml,title=orgctl M101::twice",
    ]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_form_tells_of_the_same(form: str, repository: Path) -> None:
    """Whatever the form: the same codes, and exit status 3 as there are errors."""
    result = CliRunner().invoke(orgctl, ["-C", str(repository), "validate", "--format", form])
    assert result.exit_code == 3
    assert [code in result.stdout for code in ("M004", "L202", "S004")] == [True, True, True]


def test_warnings_alone_are_no_failure(repository: Path) -> None:
    """A warning stops nothing: exit status 0."""
    path = repository / "policies" / "scp" / "one.yaml"
    assert CliRunner().invoke(orgctl, ["-C", str(repository), "validate", str(path)]).exit_code == 0
