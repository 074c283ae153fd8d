"""What a suppression is about: its statement, its line, or the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest

from orgctl.api.validating import validate

ALLOW = "# orgctl: allow L404 because auditors ask for it"
POLICY = """\
Version: "2012-10-17"
Statement:
  - Effect: Allow
    NotAction: iam:*
    Resource: "*"
  - Effect: Allow
    NotAction: sqs:*
    Resource: "*"
"""


def with_line(number: int, text: str) -> str:
    """The policy with a line of its own before line `number`."""
    lines = POLICY.splitlines()
    return "\n".join([*lines[: number - 1], text, *lines[number - 1 :]]) + "\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (POLICY, [4, 7]),
        (with_line(1, ALLOW), []),
        (with_line(1, f"# What this is.\n#\n{ALLOW}\n# And more."), []),
        (with_line(2, ALLOW), []),
        (with_line(3, f"  {ALLOW}"), [8]),
        (with_line(4, f"    {ALLOW}"), [8]),
        (POLICY.replace("iam:*", f"iam:* {ALLOW}"), [7]),
        (with_line(6, f"    {ALLOW}"), [8]),
        (with_line(6, f"\n  # First.\n  {ALLOW}\n\n"), [4]),
        (with_line(9, ALLOW), [4]),
    ],
    ids=[
        "none",
        "top",
        "top among others",
        "between",
        "above",
        "within",
        "beside",
        "within, last",
        "above with gaps",
        "end",
    ],
)
def test_a_comment_is_about_what_it_stands_at(text: str, left: list[int], tmp_path: Path) -> None:
    """Above everything or outside the statements: the file; above or in a statement: that statement."""
    path = tmp_path / "scp" / "example.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert [("L404", line) for line in left] == [(p.code, p.position.line) for p in validate(tmp_path, [path])]


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# orgctl: allow L404, L405 because both", ["L002"]),
        ("#orgctl: allow L404 because it may stand close", []),
        ("# orgctl: allow L404 because", ["L001", "L404", "L404"]),
        ("# orgctl: allow L404", ["L001", "L404", "L404"]),
        ("# orgctl: allow M001 because", ["L001", "L404", "L404"]),
        ("# orgctl can allow this", ["L404", "L404"]),
    ],
)
def test_a_reason_is_asked_for(comment: str, codes: list[str], tmp_path: Path) -> None:
    """Without a reason a comment has no force; a comment that only speaks of orgctl is no suppression."""
    path = tmp_path / "scp" / "example.yaml"
    path.parent.mkdir()
    path.write_text(f"{comment}\n{POLICY}", encoding="utf-8")
    assert codes == [problem.code for problem in validate(tmp_path, [path])]


MANIFEST = """\
version: 1
organization: {{ management_account: "111111111111", home_region: eu-west-1, regions: [eu-west-1] }}
root:
  policies: [scp/example]
  full_aws_access: false
  accounts:
    management: {{ id: "111111111111" }}
    work: {{ id: "222222222222" }}
policies:
  scp/example: {{ allow: {{ {allow} }} }}
"""
JSON = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": "sqs:*", "Resource": "*"}]}'


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        ("", ["policies/scp/example.json L404"]),
        ("L404: auditors ask for it", []),
        ("L404: auditors ask for it, L405: no idea", ["organization.yaml L002"]),
        ('L404: ""', ["organization.yaml M004", "policies/scp/example.json L404"]),
        ("M404: x", ["organization.yaml M004", "policies/scp/example.json L404"]),
    ],
)
def test_a_json_policy_is_excused_in_the_manifest(allow: str, expected: list[str], tmp_path: Path) -> None:
    """JSON has no comments, so the options of the policy have the reasons; they are about the whole file."""
    (tmp_path / "organization.yaml").write_text(MANIFEST.format(allow=allow), encoding="utf-8")
    (tmp_path / "policies" / "scp").mkdir(parents=True)
    (tmp_path / "policies" / "scp" / "example.json").write_text(JSON, encoding="utf-8")
    assert expected == [f"{problem.position.file} {problem.code}" for problem in validate(tmp_path)]
