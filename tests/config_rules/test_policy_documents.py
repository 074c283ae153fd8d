"""Policies of resources, in whatever form they come."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from organization_rule.policy_documents import Condition, Statement, statements

DOCUMENT = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": ["a.amazonaws.com", "b.amazonaws.com"], "AWS": "*"},
        "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:SecureTransport": True}, "StringEquals": {"aws:SourceAccount": ["1", "2"]}},
    }
}
STATEMENT = Statement(
    name="1",
    allows=True,
    principals=(("Service", "a.amazonaws.com"), ("Service", "b.amazonaws.com"), ("AWS", "*")),
    spares=False,
    actions=("sts:AssumeRole",),
    spares_actions=False,
    conditions=(
        Condition("bool", "aws:securetransport", ("true",)),
        Condition("stringequals", "aws:sourceaccount", ("1", "2")),
    ),
)


@pytest.mark.parametrize(
    "document", [DOCUMENT, json.dumps(DOCUMENT), quote(json.dumps(DOCUMENT), safe=""), quote(json.dumps(DOCUMENT))]
)
def test_forms(document: object) -> None:
    """A policy is an object, JSON, or JSON encoded for URLs; one value and a list of one are the same."""
    assert statements(document) == (STATEMENT,)


def test_what_is_not_meant() -> None:
    """NotPrincipal and NotAction say what is spared."""
    (found,) = statements({"Statement": [{"Sid": "x", "Effect": "Deny", "NotPrincipal": "*", "NotAction": ["a:*"]}]})
    assert Statement("x", False, (("*", "*"),), True, ("a:*",), True, ()) == found
    assert [found.is_about(action) for action in ("b:Get", "A:Get")] == [True, False]


@pytest.mark.parametrize(
    "document",
    [None, "", "x", "[]", "%5B%5D", 1, {}, {"Statement": "x"}, {"Statement": {"Effect": "x"}},
     {"Statement": {"Effect": "Allow", "Condition": "x"}}],
)  # fmt: skip
def test_no_policy(document: object) -> None:
    """What is no policy is a ValueError, and nothing else."""
    with pytest.raises(ValueError, match=r".+"):
        statements(document)
