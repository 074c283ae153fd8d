"""Mutants, listed by hand: the ways in which small policies could be broken, and which of them tests notice."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orgctl.policytest.mutants import mutants
from orgctl.policytest.mutation import mutation
from tests.policytest.suites import read

DENY = "{Effect: Deny, Action: 's3:GetObject', Resource: '*'%s}"

TABLE = [
    ("one action, no more", DENY % "", ["has the effect Allow"]),
    ("an Allow", "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}", ["has the effect Deny"]),
    ("a list", "{Effect: Deny, Action: ['s3:GetObject', 's3:PutObject'], Resource: '*'}",
     ["has the effect Allow", "does without `s3:GetObject` in Action", "does without `s3:PutObject` in Action"]),
    ("an item that another one covers is not missed",
     "{Effect: Deny, Action: ['s3:Get*', 's3:GetObject'], Resource: '*'}",
     ["has the effect Allow", "does without `s3:Get*` in Action", "has `s3:*` for `s3:Get*` in Action"]),
    ("wildcards", "{Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::a*'}",
     ["has the effect Allow", "has `*` for `s3:*` in Action", "has `*` for `arn:aws:s3:::a*` in Resource"]),
    ("several that become the same are one", "{Effect: Deny, Action: ['s3:*', 'sqs:*'], Resource: '*'}",
     ["has the effect Allow", "does without `s3:*` in Action", "does without `sqs:*` in Action",
      "has `*` for `s3:*` in Action"]),
    ("NotAction is not widened to everything, which would leave nothing",
     "{Effect: Deny, NotAction: ['iam:Get*', 'sts:*'], Resource: '*'}",
     ["has the effect Allow", "does without `iam:Get*` in NotAction", "does without `sts:*` in NotAction",
      "has `iam:*` for `iam:Get*` in NotAction"]),
    ("NotResource is thinned, not widened",
     "{Effect: Deny, Action: 's3:GetObject', NotResource: ['arn:aws:s3:::a*', 'arn:aws:s3:::b']}",
     ["has the effect Allow", "does without `arn:aws:s3:::a*` in NotResource",
      "does without `arn:aws:s3:::b` in NotResource"]),
    ("a condition", DENY % ", Condition: {StringEquals: {'a:k': x}}",
     ["has the effect Allow", "does without `StringEquals a:k`", "has `StringNotEquals a:k` for `StringEquals a:k`"]),
    ("a condition with values", DENY % ", Condition: {StringEquals: {'a:k': [x, y]}}",
     ["has the effect Allow", "does without `StringEquals a:k`", "has `StringNotEquals a:k` for `StringEquals a:k`",
      "does without `x` in `StringEquals a:k`", "does without `y` in `StringEquals a:k`"]),
    ("a truth", DENY % ", Condition: {Bool: {'a:k': 'true'}}",
     ["has the effect Allow", "does without `Bool a:k`", "has `Bool a:k` for `Bool a:k`"]),
    ("a set", DENY % ", Condition: {'ForAnyValue:StringLike': {'a:k': 'x*'}}",
     ["has the effect Allow", "does without `ForAnyValue:StringLike a:k`",
      "has `ForAllValues:StringNotLike a:k` for `ForAnyValue:StringLike a:k`"]),
    ("two keys under one operator", DENY % ", Condition: {StringEquals: {'a:j': x, 'a:k': y}}",
     ["has the effect Allow", "does without `StringEquals a:j`", "has `StringNotEquals a:j` for `StringEquals a:j`",
      "does without `StringEquals a:k`", "has `StringNotEquals a:k` for `StringEquals a:k`"]),
    ("an opposite that stands there already", DENY % ", Condition: {StringLike: {'a:k': x}, StringNotLike: {'a:k': y}}",
     ["has the effect Allow", "does without `StringLike a:k`", "does without `StringNotLike a:k`"]),
    ("an opposite that stands there for another key",
     DENY % ", Condition: {StringLike: {'a:k': x}, StringNotLike: {'a:j': y}}",
     ["has the effect Allow", "does without `StringLike a:k`", "has `StringNotLike a:k` for `StringLike a:k`",
      "does without `StringNotLike a:j`", "has `StringLike a:j` for `StringNotLike a:j`"]),
    ("what has no opposite", DENY % ", Condition: {BinaryEquals: {'a:k': 'eA=='}}",
     ["has the effect Allow", "does without `BinaryEquals a:k`"]),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "expected"), [(statement, expected) for _, statement, expected in TABLE],
                         ids=[sentence for sentence, *_ in TABLE])  # fmt: skip
def test_a_statement_can_be_broken_in_these_ways_and_no_others(statement: str, expected: list[str]) -> None:
    """Each mutant differs from the policy, and from every other one, in what it means."""
    document = {"Version": "2012-10-17", "Statement": [yaml.safe_load(statement)]}
    assert [mutant.what for mutant in mutants(document, lambda value: value)] == expected


def test_each_statement_is_broken_on_its_own() -> None:
    """A mutant has one thing changed, in one statement, which it names and points at."""
    two = [yaml.safe_load(DENY % ", Sid: A"), yaml.safe_load("{Effect: Deny, Action: 's3:*', Resource: '*', Sid: B}")]
    document: dict[str, object] = {"Version": "2012-10-17", "Statement": two}
    found = [(mutant.statement, mutant.place, mutant.what) for mutant in mutants(document, lambda value: value)]
    assert found == [
        ("A", ("Statement", 0, "Effect"), "has the effect Allow"),
        ("B", ("Statement", 1, "Effect"), "has the effect Allow"),
        ("B", ("Statement", 1, "Action"), "has `*` for `s3:*` in Action"),
    ]
    assert document["Statement"] == two


SURVIVORS = [
    ("no test at all", [], ["has the effect Allow", "has `*` for `s3:*` in Action", "does without", "has `ArnLike"]),
    ("a denial notices what denies less", ["action: s3:GetObject, expect: EXPLICIT_DENY"],
     ["has `*` for `s3:*` in Action", "does without"]),
    ("the exempt role notices what denies more", ["action: s3:GetObject, principal: role/BreakGlass, expect: ALLOWED"],
     ["has the effect Allow", "has `*` for `s3:*` in Action"]),
    ("another service notices the wildcard", ["action: sqs:SendMessage, expect: ALLOWED"],
     ["has the effect Allow", "does without", "has `ArnLike"]),
    ("DENIED takes either denial", ["action: s3:GetObject, expect: DENIED"],
     ["has `*` for `s3:*` in Action", "does without"]),
    ("what fails to begin with notices nothing", ["action: s3:GetObject, expect: ALLOWED"],
     ["has the effect Allow", "has `*` for `s3:*` in Action", "does without", "has `ArnLike"]),
    ("all of them", ["action: s3:GetObject, expect: EXPLICIT_DENY", "action: sqs:SendMessage, expect: ALLOWED",
                     "action: s3:GetObject, principal: role/BreakGlass, expect: ALLOWED"], []),
]  # fmt: skip


@pytest.mark.parametrize(("cases", "expected"), [(cases, expected) for _, cases, expected in SURVIVORS],
                         ids=[sentence for sentence, *_ in SURVIVORS])  # fmt: skip
@pytest.mark.parametrize("name", ["policies/scp/no-s3.test.yaml", "tests/policies/all.test.yaml"])
def test_what_no_request_tells_apart_survives(name: str, cases: list[str], expected: list[str], tmp_path: Path) -> None:
    """A mutant is noticed if a case that holds for the policy does not hold for it; alone or in the organization."""
    written = [f"{{name: c{number}, account: shop, {case}}}" for number, case in enumerate(cases)]
    other = "{name: management, account: management, action: s3:GetObject, expect: UNKNOWN}"
    text = f"version: 1\ncases: [{', '.join([other, *written])}]\n"
    made, suites = read(tmp_path, {name: text})
    found = mutation(made, suites)
    assert found.mutants == 4
    survived = [survivor.what for survivor in found.survivors]
    assert [what for what, prefix in zip(survived, expected, strict=True) if what.startswith(prefix)] == survived


def test_a_survivor_is_shown_as_a_difference(tmp_path: Path) -> None:
    """At the line of what was changed, with the lines before and after."""
    text = "version: 1\ncases: [{name: a, action: s3:GetObject, expect: DENIED}]\n"
    made, suites = read(tmp_path, {"policies/scp/no-s3.test.yaml": text})
    wider, _ = mutation(made, suites).survivors
    assert (str(wider.position), wider.policy, wider.statement) == ("policies/scp/no-s3.yaml:5:13", "scp/no-s3", "NoS3")
    changed = [line for line in wider.difference[2:] if line[0] in "+-"]
    assert changed == ['-      "Action": "s3:*",', '+      "Action": "*",']
