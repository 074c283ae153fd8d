"""Events → IAM actions: a table of realistic ones, and that nothing is ever guessed."""

from __future__ import annotations

from pathlib import Path

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.mapping import calls
from orgctl.lint.catalogue import action_names, actions, services
from orgctl.replay import actions as tables
from orgctl.replay.actions import action_of, prefixes_of
from orgctl.replay.api_gateway import verb_of
from orgctl.replay.coverage import coverage

CALLS = [
    line.split("\t")
    for line in (Path(__file__).parent / "calls.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("source", "name", "parameters", "action"), CALLS)
def test_the_action_of_an_event(source: str, name: str, parameters: str, action: str) -> None:
    """Source, name and parameters of an event give the action that AWS checked."""
    assert action == action_of(source, name, parameters.split(",")).action


UNTOLD = [
    ("signin.amazonaws.com", "ConsoleLogin", "`signin` has no action `ConsoleLogin`"),
    (
        "kms.amazonaws.com",
        "ReEncrypt",
        "two actions are checked on two keys: `kms:ReEncryptFrom` and `kms:ReEncryptTo`",
    ),
    ("sts.amazonaws.com", "GetCallerIdentity", "it needs no permission, and no policy can deny it"),
    ("dynamodb.amazonaws.com", "ExecuteStatement", "its PartiQL statements decide which actions are checked"),
    ("nosuch.amazonaws.com", "DoIt", "`nosuch.amazonaws.com` is no service whose actions are known"),
    ("s3.amazonaws.com", "DoIt", "`s3` has no action `DoIt`"),
    ("lambda.amazonaws.com", "DoIt20150331", "`lambda` has no action `DoIt`"),
    ("apigateway.amazonaws.com", "PonderRestApi", "`apigateway` has no action `PonderRestApi`"),
    (
        "apigateway.amazonaws.com",
        "TagResource",
        "the two versions of the API differ: `apigateway:PUT` or `apigateway:POST`",
    ),
    ("", "", "`` is no service whose actions are known"),
]


@pytest.mark.parametrize(("source", "name", "reason"), UNTOLD)
def test_what_cannot_be_told_has_a_reason(source: str, name: str, reason: str) -> None:
    """An event without one certain action has none, and says why."""
    mapped = action_of(source, name)
    assert (None, reason) == (mapped.action, mapped.reason)


SOURCES = st.one_of(
    st.sampled_from([*sorted(services()), *sorted(tables._sources()), "api.x", "s3.s3"]).map("{}.amazonaws.com".format),
    st.text(max_size=20),
)
NAMES = st.one_of(
    st.sampled_from(sorted({name.partition(":")[2] for name in action_names()})),
    st.sampled_from(sorted({event for _, event in tables._exceptions()})),
    st.text(max_size=20),
)
SUFFIXES = st.sampled_from(["", "20150331", "20150331v2", "2020_05_31", "v2", "V2"])
PARAMETERS = st.lists(st.sampled_from(["bucketName", "versionId", "serviceNamespace", "x"]), max_size=3)


@given(SOURCES, NAMES, SUFFIXES, PARAMETERS)
def test_no_action_is_guessed(source: str, name: str, suffix: str, parameters: list[str]) -> None:
    """Whatever the event, its action stands in AWS's table, under a prefix of its source; or there is a reason."""
    mapped = action_of(source, f"{name}{suffix}", parameters)
    if mapped.action is None:
        assert mapped.reason
    else:
        prefix = mapped.action.partition(":")[0]
        assert mapped.action in actions(prefix).values()
        exceptional = {row.mapped for rows in tables._exceptions().values() for row in rows}
        assert prefix in prefixes_of(source) or mapped in exceptional


def test_the_tables_name_actions_and_services_that_there_are() -> None:
    """Every line of both tables leads to something in AWS's table of actions, or says why not."""
    mapped = [row.mapped for rows in tables._exceptions().values() for row in rows]
    wrong = [each.action for each in mapped if each.action and each.action not in action_names()]
    unknown = [prefix for prefixes in tables._sources().values() for prefix in prefixes if prefix not in services()]
    assert (wrong, unknown) == ([], [])


def test_an_exception_is_one() -> None:
    """No line of the table says what the rules would say without it, but for those that a condition needs."""
    idle = [
        (prefix, event)
        for (prefix, event), (*_, last) in tables._exceptions().items()
        if last.parameter is None and last.mapped == tables._otherwise(f"{prefix}.amazonaws.com", event)
    ]
    assert idle == []


def test_verbs_of_api_gateway() -> None:
    """The rule for verbs is what both versions of the API do, as far as their operations are not actions themselves."""
    session = botocore.session.get_session()
    methods = {
        (name, model.operation_model(name).http["method"])
        for model in map(session.get_service_model, ("apigateway", "apigatewayv2"))
        for name in model.operation_names
        if f"apigateway:{name.lower()}" not in actions("apigateway") and name != "TagResource"
    }
    assert [(name, verb, verb_of(name)) for name, verb in sorted(methods) if verb != verb_of(name)] == []


def test_the_share_of_operations_with_an_action() -> None:
    """More than 96 of 100 operations of all AWS services have one; the others are told with their reasons."""
    found = coverage(calls())
    share = sum(each.mapped for each in found) / sum(each.calls for each in found)
    assert share > 0.96
    assert all(reason for each in found for _, reason in each.without)
