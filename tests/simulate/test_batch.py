"""Batches: every line answered, in order, as single questions are; with bad lines, with brought policies."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgctl.api.batch import Batch
from orgctl.api.brought import KEPT
from orgctl.api.simulating import Court
from orgctl.errors import InvalidInputError
from tests.simulate.asking import batch, rule

CALLER = "arn:aws:iam::222222222222:role/path/Dev"
FULL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
Answer = dict[str, object]


def no_manifest() -> Court:
    raise InvalidInputError("the manifest in `.` has 1 problem")


def answers(*lines: object, of: Batch | None = None) -> list[Answer]:
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(answer) for answer in (of or Batch(no_manifest)).answers(texts)]


def deny(**statement: object) -> dict[str, object]:
    whole = {"Effect": "Deny", "Action": "*", "Resource": "*", **statement}
    return {"Version": "2012-10-17", "Statement": [whole]}


def allow(**statement: object) -> dict[str, object]:
    return deny(**{"Effect": "Allow", **statement})


LINES = [
    {"account": "shop", "action": "cloudhsm:CreateCluster"},
    {"account": "shop", "action": "sqs:SendMessage"},
    {"account": "shop", "action": "sqs:SendMessage", "principal": "role/Automation"},
    {"account": "shop", "action": "sqs:SendMessage", "context": {"aws:RequestedRegion": "ap-south-1"}},
    {"account": "shop", "action": "sqs:SendMessage", "unknown": ["aws:RequestedRegion"]},
    {"account": "shop", "action": "sqs:SendMessage", "resource": "arn:aws:sqs:ap-south-1:222222222222:q"},
    {"account": "shop", "action": "sqs:DeleteQueue"},
    {"account": "shop", "action": "sqs:DeleteQueue", "context": {"aws:PrincipalTag/Team": "queues"}},
    {"account": "shop", "action": "ec2:StopInstances"},
    {"account": "shop", "action": "ec2:StopInstances", "context": {"aws:MultiFactorAuthPresent": True}},
    {"account": "shop", "action": "ec2:StopInstances", "context": {"aws:MultiFactorAuthPresent": []}},
    {"account": "lab", "action": "sqs:SendMessage"},
    {"account": "lab", "action": "s3:GetObject"},
    {"account": "shop", "action": "s3:GetObject", "principal": "arn:aws:iam::999999999999:role/Outsider"},
    {"account": "shop", "action": "s3:GetObject", "principal": "*", "resource": "arn:aws:s3:::b/k"},
    {"account": "shop", "action": "s3:GetObject", "principal": "cloudtrail.amazonaws.com"},
    {"account": "lab", "action": "s3:GetObject", "resource_account": "shop"},
    {"account": "management", "action": "cloudhsm:CreateCluster"},
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_answered_as_the_single_question(line: dict[str, object]) -> None:
    """The same request has the same decision by the same statements, asked one by one or in a batch, twice."""
    shared = batch()
    single = rule(**line).answer  # type: ignore[arg-type]
    expected = {
        "id": 1,
        "decision": single.decision.value,
        "decided_by": [
            {"layer": by.layer.value, "level": by.level, "policy": by.policy, "statement": by.statement}
            for by in single.decided_by
        ],
        "unknown_keys": list(single.unknown_keys),
    }
    assert [expected, expected] == answers({"id": 1, **line}, {"id": 1, **line}, of=shared)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(range(len(LINES))), max_size=30))
def test_shapes_are_not_mixed_up(order: list[int]) -> None:
    """What a batch remembers of earlier lines changes no later answer: any order gives each line its own answer."""
    alone = {number: answers({"id": number, **LINES[number]}, of=batch())[0] for number in set(order)}
    together = answers(*({"id": number, **LINES[number]} for number in order), of=batch())
    assert [alone[number] for number in order] == together


ORG_DENY = deny(Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, Sid="Regions")
BROUGHT = [
    # one layer after the other; an absent one does not restrict
    ({}, {}, "ALLOWED", []),
    ({"scp": [[FULL], [FULL]]}, {}, "ALLOWED", ["scp[0][0]", "scp[1][0]"]),
    ({"scp": [[FULL], []]}, {}, "IMPLICIT_DENY", [None]),
    ({"scp": [[FULL], [FULL, deny()]]}, {}, "EXPLICIT_DENY", ["scp[1][1]"]),
    ({"scp": [[FULL, ORG_DENY]]}, {}, "EXPLICIT_DENY", ["scp[0][1]"]),
    ({"scp": [[FULL, ORG_DENY]]}, {"context": {"aws:requestedregion": "eu-west-1"}}, "ALLOWED", ["scp[0][0]"]),
    ({"scp": [[FULL, ORG_DENY]]}, {"unknown": ["aws:RequestedRegion"]}, "UNKNOWN", ["scp[0][1]"]),
    ({"rcp": [[deny(Principal="*")]]}, {}, "EXPLICIT_DENY", ["rcp[0][0]"]),
    ({"rcp": [[]]}, {}, "ALLOWED", []),
    ({"rcp": [[deny(Principal="*")]]}, {"action": "ec2:RunInstances"}, "ALLOWED", []),
    ({"identity": []}, {}, "IMPLICIT_DENY", [None]),
    ({"identity": [allow(Action="s3:*")]}, {}, "ALLOWED", ["identity[0]"]),
    ({"identity": [FULL], "boundary": [allow(Action="ec2:*")]}, {}, "IMPLICIT_DENY", [None]),
    ({"identity": [FULL], "session": [deny()]}, {}, "EXPLICIT_DENY", ["session[0]"]),
    ({"identity": [FULL], "boundary": None}, {}, "ALLOWED", ["identity[0]"]),
    ({"resource": allow(Principal={"AWS": CALLER})}, {}, "ALLOWED", ["resource"]),
    ({"scp": [[json.dumps(FULL)]]}, {}, "ALLOWED", ["scp[0][0]"]),
    # who is bound: nobody knows a management account here
    ({"scp": [[deny()]]}, {"principal": "111111111111"}, "EXPLICIT_DENY", ["scp[0][0]"]),
    ({"scp": [[deny()]]}, {"principal": "ec2.amazonaws.com"}, "ALLOWED", []),
    ({"scp": [[deny()]]}, {"principal": "*"}, "ALLOWED", []),
    ({"scp": [[deny()]]}, {"principal": "arn:aws:iam::222222222222:role/aws-service-role/x/Y"}, "ALLOWED", []),
    ({"scp": [[deny()]]}, {"principal": "arn:aws:iam::222222222222:saml-provider/X"}, "UNKNOWN", ["scp[0][0]"]),
    ({"scp": [[FULL]]}, {"resource": "no-arn-at-all"}, "ALLOWED", ["scp[0][0]"]),
    # what the principal implies, and what the line says against it
    (
        {"scp": [[FULL, deny(Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/path/*"}})]]},
        {},
        "ALLOWED",
        ["scp[0][0]"],
    ),
    (
        {"scp": [[FULL, deny(Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/path/*"}})]]},
        {"principal": "arn:aws:sts::222222222222:assumed-role/Dev/me"},
        "EXPLICIT_DENY",
        ["scp[0][1]"],
    ),
    (
        {"scp": [[FULL, deny(Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/path/*"}})]]},
        {
            "principal": "arn:aws:sts::222222222222:assumed-role/Dev/me",
            "context": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/path/Dev"},
        },
        "ALLOWED",
        ["scp[0][0]"],
    ),
    (
        {"scp": [[FULL, deny(Condition={"Null": {"aws:PrincipalArn": "true"}})]]},
        {"context": {"aws:PrincipalArn": None}},
        "EXPLICIT_DENY",
        ["scp[0][1]"],
    ),
    (
        {"scp": [[FULL, deny(Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/path/*"}})]]},
        {"principal": None},
        "UNKNOWN",
        ["scp[0][1]"],
    ),
    (
        {"scp": [[FULL, deny(Condition={"StringNotEquals": {"aws:ResourceAccount": "333333333333"}})]]},
        {"resource_account": "333333333333"},
        "ALLOWED",
        ["scp[0][0]"],
    ),
    # numbers, booleans, many values
    ({"scp": [[FULL, deny(Condition={"Bool": {"a:b": "true"}})]]}, {"context": {"a:b": True}}, "EXPLICIT_DENY", None),
    ({"scp": [[FULL, deny(Condition={"NumericEquals": {"a:b": 1}})]]}, {"context": {"a:b": 1}}, "EXPLICIT_DENY", None),
    (
        {"scp": [[FULL, deny(Condition={"ForAllValues:StringEquals": {"a:b": ["x", "y"]}})]]},
        {"context": {"a:b": ["x", "y"]}},
        "EXPLICIT_DENY",
        None,
    ),
    (
        {"scp": [[FULL, deny(Condition={"StringEquals": {"a:b": "x"}})]]},
        {"context": {"a:b": ["x", "y"]}},
        "UNKNOWN",
        None,
    ),
]


@pytest.mark.parametrize(("policies", "more", "decision", "by"), BROUGHT)
def test_brought_policies(
    policies: dict[str, object], more: dict[str, object], decision: str, by: list[str | None] | None
) -> None:
    """A line's own policies decide it, without any manifest; each is named by where it stands."""
    line = {"id": "x", "policies": policies, "principal": CALLER, "action": "s3:GetObject", "resource": "*", **more}
    (answer,) = answers(line)
    decided_by = answer.get("decided_by")
    assert isinstance(decided_by, list)
    found = [each["policy"] for each in decided_by]
    assert ("x", decision, by if by is not None else found) == (answer.get("id"), answer.get("decision"), found)


def test_with_an_account_the_management_account_is_known() -> None:
    """Policies that a line brings do not bind the management account, where the line names it."""
    line = {"policies": {"scp": [[deny()]]}, "action": "s3:GetObject"}
    found = answers({**line, "account": "management"}, {**line, "account": "shop"}, of=batch())
    assert [each["decision"] for each in found] == ["ALLOWED", "EXPLICIT_DENY"]


ERRORS = [
    (b"{", None, "the line is not JSON"),
    (b"\xff\xfe", None, "the line is not UTF-8 text"),
    (b"[1]", None, "a request is a JSON object"),
    (b"[" * 100_000, None, "the line is nested too deeply"),
    ({"id": 1}, 1, "a request names its `action`"),
    ({"id": 1, "action": "s3:GetObject"}, 1, "a request names its `account`, or brings its `policies`"),
    ({"id": {"a": 1}, "action": 3}, {"a": 1}, "`action` is text, not `3`"),
    ({"id": 1, "action": "s3:Get*", "account": "shop"}, 1, "`s3:Get*` is a pattern"),
    ({"id": 1, "acount": "shop"}, 1, "`acount` is not a field of a request; did you mean `account`?"),
    ({"id": 1, "action": "s3:GetObject", "account": "shp"}, 1, "did you mean `shop`?"),
    ({"id": 1, "action": "s3:GetObject", "account": "shop", "principal": "Dev"}, 1, "`Dev` is not a principal"),
    ({"id": 1, "action": "s3:GetObject", "policies": {}, "principal": "Dev"}, 1, "`Dev` is not a principal"),
    ({"id": 1, "action": "s3:GetObject", "account": "shop", "resource": "b"}, 1, "`b` is not an ARN"),
    ({"id": 1, "action": "s3:GetObject", "account": "shop", "context": [1]}, 1, "`context` is a mapping"),
    ({"id": 1, "action": "s3:GetObject", "account": "shop", "context": {"x": 1}}, 1, "`x` is not a context key"),
    ({"id": 1, "action": "s3:GetObject", "account": "shop", "context": {"a:b": {}}}, 1, "`context.a:b` is text"),
    ({"id": 1, "action": "s3:GetObject", "account": "shop", "unknown": "a:b"}, 1, "`unknown` is a list"),
    ({"id": 1, "action": "s3:GetObject", "account": "shop", "resource_account": "dat"}, 1, "did you mean `data`?"),
    ({"id": 1, "action": "s3:GetObject", "policies": [1]}, 1, "`policies` is a mapping of layers"),
    ({"id": 1, "action": "s3:GetObject", "policies": {"scps": []}}, 1, "did you mean `scp`?"),
    ({"id": 1, "action": "s3:GetObject", "policies": {"scp": [FULL]}}, 1, "`policies.scp` is a list of lists"),
    ({"id": 1, "action": "s3:GetObject", "policies": {"scp": [[{}]]}}, 1, "`policies.scp[0][0]`: the policy has no"),
    (
        {"id": 1, "action": "s3:GetObject", "policies": {"identity": [deny(Effect="deny")]}},
        1,
        "`policies.identity[0].Statement[0].Effect`: `deny` is not an effect",
    ),
    ({"id": 1, "action": "s3:GetObject", "policies": {"resource": "{"}}, 1, "`policies.resource` is not JSON"),
    (
        {"id": 1, "action": "s3:GetObject", "policies": {}, "resource_account": "x"},
        1,
        "`resource_account` is twelve digits",
    ),
]


@pytest.mark.parametrize(("line", "identity", "words"), ERRORS)
def test_bad_lines(line: object, identity: object, words: str) -> None:
    """A bad line is answered with its id, as far as that can be read, and a sentence; the rest goes on."""
    good = {"id": 2, "account": "shop", "action": "sqs:SendMessage"}
    asked = batch()
    bad, answered = answers(line, good, of=asked)
    assert {"id": identity, "error": bad["error"]} == bad
    assert words in str(bad["error"])
    assert (answered["decision"], asked.errors, asked.lines) == ("ALLOWED", 1, 2)


def test_a_manifest_that_cannot_be_used_fails_only_the_lines_that_need_it() -> None:
    """It is looked at once, the lines with policies of their own are answered, and the trouble is kept."""
    looked: list[int] = []

    def broken() -> Court:
        looked.append(1)
        return no_manifest()

    asked = Batch(broken)
    needing = {"account": "shop", "action": "s3:GetObject"}
    found = answers(needing, {"policies": {}, "action": "s3:GetObject"}, needing, of=asked)
    assert ["error" in each for each in found] == [True, False, True]
    assert (looked, asked.errors, asked.trouble is not None) == ([1], 2, True)


def test_blank_lines_are_passed_over() -> None:
    """A blank line is no request and has no answer; a byte-order mark is no part of the first one."""
    line = json.dumps({"id": 1, "policies": {}, "action": "s3:GetObject"}).encode()
    assert [each["id"] for each in answers(b"\n", b"\xef\xbb\xbf" + line, b"  \r\n", line)] == [1, 1]


def test_answers_come_as_lines_go_in() -> None:
    """Nothing is collected: each answer is there before the next line is read."""
    read: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(5):
            read.append(number)
            yield json.dumps({"id": number, "policies": {}, "action": "s3:GetObject"}).encode()

    found = [(json.loads(answer)["id"], len(read)) for answer in Batch(no_manifest).answers(lines())]
    assert found == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]


def test_few_sets_of_policies_are_kept() -> None:
    """However many different policies come by, only so many are kept ready, and all are answered rightly."""
    asked = Batch(no_manifest)
    sets = [{"scp": [[FULL, deny(Sid=f"S{number}")]]} for number in range(KEPT + 50)]
    found = answers(*({"id": 1, "policies": each, "action": "s3:GetObject"} for each in (*sets, sets[0])), of=asked)
    names = [each["decided_by"][0]["statement"] for each in found]  # type: ignore[index]
    assert [*(f"S{number}" for number in range(KEPT + 50)), "S0"] == names
    assert len(asked._brought._ready) == KEPT


def test_odd_ids_come_back() -> None:
    """Whatever JSON value an id is, it comes back as it is; without one it is null."""
    odd = [None, 0, "ü\ud800", [1, {"a": None}], 1.5, True]
    found = answers(*({"id": each, "policies": {}, "action": "s3:GetObject"} for each in odd))
    assert odd == [each["id"] for each in found]
