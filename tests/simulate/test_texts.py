"""The answers as people read them: one file for each question in `texts/`, exact to the letter."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from orgctl.cli import orgctl
from orgctl.views.decision_json import decision_data
from orgctl.views.decision_words import element_words
from tests.simulate.asking import EXAMPLE, rule

CASES = sorted((Path(__file__).parent / "texts").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_texts(path: Path) -> None:
    """A question on the first line is answered with exactly the text below it."""
    command, _, expected = path.read_text(encoding="utf-8").partition("\n")
    arguments = shlex.split(command.removeprefix("$ orgctl "))
    answered = CliRunner().invoke(orgctl, ["-C", str(EXAMPLE), *arguments], env={"NO_COLOR": "1"})
    assert (expected, 0) == (answered.stdout, answered.exit_code)


def test_json_holds_what_the_text_holds() -> None:
    """Decision, deciders with file and line, assumptions and every level are data."""
    data = json.loads(json.dumps(decision_data(rule("ec2:StopInstances"))))
    assert {
        key: data[key]
        for key in (*("format_version", "decision", "decided_by", "unknown_keys", "outcomes", "keys", "not_looked_at"),)
    } == {
        "format_version": 1,
        "decision": "UNKNOWN",
        "decided_by": [
            {
                "layer": "scp",
                "level": 1,
                "target": "ou:/Workloads",
                "policy": "scp/guardrails",
                "statement": "StopWithMfa",
                "file": "policies/scp/guardrails.yaml",
                "line": 13,
                "column": 5,
            }
        ],
        "unknown_keys": ["aws:MultiFactorAuthPresent"],
        "outcomes": [
            {"decision": "EXPLICIT_DENY", "when": {"aws:MultiFactorAuthPresent": None}},
            {"decision": "ALLOWED", "when": {"aws:MultiFactorAuthPresent": "true"}},
        ],
        "keys": ["aws:MultiFactorAuthPresent", "aws:PrincipalArn", "aws:RequestedRegion"],
        "not_looked_at": {},
    }
    assert [each["what"] for each in data["assumed"]] == [
        "principal",
        "resource",
        "aws:RequestedRegion",
        "aws:SecureTransport",
        "aws:ViaAWSService",
    ]
    assert [
        (level["layer"], level["target"], level["verdict"], level["binds"])
        for level in data["levels"]
        if level["layer"] == "scp"
    ][:2] == [("scp", "ou:/", "ALLOWED", True), ("scp", "ou:/Workloads", "UNKNOWN", True)]


WORDS = [
    ({"StringEquals": {"k:x": "a"}}, {"k:x": "a"}, "`a` is `a`"),
    ({"StringEquals": {"k:x": ["a", "b"]}}, {"k:x": "c"}, "`c` is not any of `a`, `b`"),
    ({"StringNotEquals": {"k:x": ["a", "b"]}}, {"k:x": "c"}, "`c` is not any of `a`, `b`"),
    ({"StringNotEquals": {"k:x": ["a", "b"]}}, {"k:x": "b"}, "`b` is one of `a`, `b`"),
    ({"StringNotLike": {"k:x": "a*"}}, {"k:x": "ab"}, "`ab` is like `a*`"),
    ({"StringNotEqualsIgnoreCase": {"k:x": "A"}}, {"k:x": "a"}, "`a` is (upper and lower case alike) `A`"),
    ({"NumericLessThan": {"k:x": 10}}, {"k:x": 12}, "`12` is not less than `10`"),
    ({"NumericGreaterThanEquals": {"k:x": 10}}, {"k:x": 12}, "`12` is at least `10`"),
    ({"NotIpAddress": {"k:x": "10.0.0.0/8"}}, {"k:x": "10.1.2.3"}, "`10.1.2.3` is in `10.0.0.0/8`"),
    ({"Null": {"k:x": "true"}}, {}, "the request has no such key"),
    ({"Null": {"k:x": "true"}}, {"k:x": "a"}, "the request has it: `a`"),
    ({"StringEquals": {"k:x": "a"}}, {}, "the request has no such key; the policy wants `a`"),
    (
        {"StringNotEquals": {"k:x": "a"}},
        {},
        "the request has no such key, and the condition holds without it; the policy says `a`",
    ),
    (
        {"ForAnyValue:StringEquals": {"k:x": ["a", "b"]}},
        {"k:x": ["b", "c"]},
        "[`b`, `c`], and the policy says `a`, `b`",
    ),
    ({"StringEquals": {"k:x": list("abcdef")}}, {"k:x": "f"}, "`f` is one of `a`, `b`, `c`, `d` … (2 more)"),
]


@pytest.mark.parametrize(("condition", "context", "words"), WORDS)
def test_conditions_are_put_in_words(condition: dict[str, object], context: dict[str, object], words: str) -> None:
    """A condition is told as the relation that there is between the request's value and the policy's."""
    from orgctl.policy.authorizer import Authorizer
    from orgctl.policy.layers import Layers, NamedPolicy
    from orgctl.policy.parser import parse
    from orgctl.policy.request import Request

    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    policy = NamedPolicy("p", parse({"Version": "2012-10-17", "Statement": statement}))
    request = Request.of("s3:GetObject", "*", "arn:aws:iam::222222222222:role/x", context)  # type: ignore[arg-type]
    explanation = Authorizer(Layers(scp=((policy,),))).explain(request).explanation
    assert explanation is not None
    element = explanation.levels[0].statements[0].elements[-1]
    assert words == element_words(element, "s3:getobject").partition(": ")[2].removeprefix("StringEquals k:x: ")
