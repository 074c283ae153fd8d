"""Two engines must agree, and both must obey the laws of the language."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orgctl.policy.authorizer import Authorizer
from orgctl.policy.canonical import minify, same
from orgctl.policy.explanation import Answer, Decision, Standing
from orgctl.policy.layers import Layers, NamedPolicy, Organization
from orgctl.policy.parser import parse
from orgctl.policy.request import Request
from tests.policy import naive, naive_layers
from tests.policy import strategies as draw

Levels = list[list[dict[str, Any]]]
CALLER = "arn:aws:iam::222222222222:role/Dev"
ORGANIZATION = Organization("111111111111")


def authorizer(levels: Levels, identity: list[dict[str, Any]] | None = None) -> Authorizer:
    scp = tuple(tuple(NamedPolicy("p", parse(document)) for document in level) for level in levels)
    return Authorizer(
        Layers(scp=scp, identity=None if identity is None else tuple(NamedPolicy("i", parse(d)) for d in identity)),
        ORGANIZATION,
    )


def request(action: str, resource: str, context: dict[str, Any], unknown: tuple[str, ...] = ()) -> Request:
    return Request.of(action, resource, CALLER, context, unknown=unknown)


def by_naive(levels: Levels, others: Levels, action: str, resource: str, context: dict[str, Any]) -> set[str]:
    lowered = {key.lower(): value for key, value in context.items()}
    return naive.decisions(levels, others, {"action": action, "resource": resource, "context": lowered})


def possible(answer: Answer) -> set[str]:
    if answer.decision is Decision.UNKNOWN:
        return {outcome.decision.value for outcome in answer.outcomes}
    return {answer.decision.value}


@given(draw.levels(), draw.actions, draw.resources, draw.contexts())
def test_the_engines_agree(levels: Levels, action: str, resource: str, context: dict[str, Any]) -> None:
    """The compiled evaluator and the naive one give the same decision, and leave the same things open."""
    answer = authorizer(levels).decide(request(action, resource, context))
    assert by_naive(levels, [], action, resource, context) == possible(answer)


@given(draw.crowds(), draw.actions, draw.resources, draw.contexts())
def test_the_engines_agree_on_crowds(levels: Levels, action: str, resource: str, context: dict[str, Any]) -> None:
    """Many statements about the same kind of thing, which are screened together, give the same decision."""
    answer = authorizer(levels).decide(request(action, resource, context))
    assert by_naive(levels, [], action, resource, context) == possible(answer)


@given(draw.levels(), st.lists(draw.documents(), max_size=2), draw.actions, draw.resources, draw.contexts())
def test_the_engines_agree_on_identity_policies(
    levels: Levels, identity: list[dict[str, Any]], action: str, resource: str, context: dict[str, Any]
) -> None:
    """An identity policy must allow beside every level of SCPs."""
    answer = authorizer(levels, identity).decide(request(action, resource, context))
    assert by_naive(levels, [identity], action, resource, context) == possible(answer)


@given(
    draw.layered(),
    draw.resource_policies(),
    st.sampled_from(draw.CALLERS),
    st.sampled_from((draw.ACCOUNT, draw.ACCOUNT, "333333333333")),
    draw.actions,
    draw.contexts(),
)
def test_the_engines_agree_on_resource_policies(
    layers: dict[str, list[dict[str, Any]]],
    resource: dict[str, Any],
    caller: str,
    owner: str,
    action: str,
    context: dict[str, Any],
) -> None:
    """Within one account and across accounts, for every way of naming the caller."""
    named = {layer: tuple(NamedPolicy(layer, parse(d)) for d in documents) for layer, documents in layers.items()}
    engine = Authorizer(Layers(**named, resource=NamedPolicy("resource", parse(resource))))  # type: ignore[arg-type]
    asked = {"action": action, "resource": "arn:aws:s3:::bucket", "principal": caller, "account": draw.ACCOUNT}
    lowered = {key.lower(): value for key, value in context.items()}
    expected = naive.decisions_with_resource(layers, resource, {**asked, "owner": owner, "context": lowered})
    answer = engine.decide(Request.of(action, "arn:aws:s3:::bucket", caller, context, resource_account=owner))
    assert expected == possible(answer)


WORLD = naive_layers.World(draw.MANAGEMENT, {draw.MEMBER, draw.OTHER_MEMBER})
OURS = Organization(draw.MANAGEMENT, frozenset({draw.MEMBER, draw.OTHER_MEMBER}))


def named_level(documents: list[dict[str, Any]]) -> tuple[NamedPolicy, ...]:
    return tuple(NamedPolicy("p", parse(document)) for document in documents)


def all_layers(policies: dict[str, Any]) -> Layers:
    """The same policies for the engine."""
    return Layers(
        *(None if (found := policies[name]) is None else tuple(map(named_level, found)) for name in ("scp", "rcp")),
        None if policies["resource"] is None else NamedPolicy("resource", parse(policies["resource"])),
        *(
            None if (found := policies[name]) is None else named_level(found)
            for name in ("identity", "boundary", "session")
        ),
    )


def by_both(policies: dict[str, Any], asked: dict[str, Any]) -> tuple[set[str], set[str]]:
    """What both engines find possible."""
    lowered = {key.lower(): value for key, value in asked["context"].items()}
    expected = naive_layers.decisions(policies, {**asked, "context": lowered}, WORLD)
    made = Request.of(
        asked["action"], asked["resource"], asked["principal"], asked["context"], resource_account=asked["owner"]
    )
    engine = Authorizer(all_layers(policies), OURS)
    assert engine.explain(made).decision is engine.decide(made).decision
    return expected, possible(engine.decide(made))


@given(draw.everything())
def test_the_engines_agree_on_everything(drawn: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """All layers at once, for every kind of caller, owner and partition, exempt or bound."""
    expected, found = by_both(*drawn)
    assert expected == found


@given(draw.everything(), st.data())
def test_unknown_covers_every_value_in_all_layers(
    drawn: tuple[dict[str, Any], dict[str, Any]], data: st.DataObject
) -> None:
    """Keys on which exemptions hang may be unknown too, and so may the resource: what they bring is foretold."""
    policies, asked = drawn
    keys = sorted(asked["context"].keys() - {"aws:PrincipalIsAWSService"}) or ["aws:SourceIp"]
    hidden = data.draw(st.lists(st.sampled_from(keys), max_size=2, unique=True))
    resource = data.draw(st.sampled_from((asked["resource"], "")))
    known = {key: value for key, value in asked["context"].items() if key not in hidden}
    assume(all(is_readable(asked["context"].get(key, ""), key) for key in hidden))
    made = Request.of(
        asked["action"], resource, asked["principal"], known, unknown=hidden, resource_account=asked["owner"]
    )
    lowered = {key.lower(): value for key, value in asked["context"].items()}
    expected = naive_layers.decisions(policies, {**asked, "context": lowered}, WORLD)
    assert expected <= possible(Authorizer(all_layers(policies), OURS).decide(made))


def is_readable(value: str | list[str], key: str) -> bool:
    """Whether a value is what its key is taken for; of others the evaluator foretells nothing."""
    return key not in draw.KEYS or (isinstance(value, str) and value not in draw.UNREADABLE)


CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_the_engines_agree_on_what_they_once_did_not(case: dict[str, Any]) -> None:
    """What they once disagreed on, or what is easy to get wrong: both say what the documents say."""
    policies = {**dict.fromkeys(("scp", "rcp", "resource", "identity", "boundary", "session")), **case["policies"]}
    expected, found = by_both(policies, {"context": {}, "resource": "*", "owner": draw.MEMBER, **case["request"]})
    assert (set(case["possible"]), set(case["possible"])) == (expected, found)


@given(draw.levels(), draw.actions, draw.resources, draw.contexts(), st.data())
def test_unknown_covers_every_value(
    levels: Levels, action: str, resource: str, context: dict[str, Any], data: st.DataObject
) -> None:
    """Whatever value an unknown key turns out to have, the decision is among those that were foretold."""
    unknown = data.draw(st.lists(st.sampled_from(tuple(draw.KEYS)), min_size=1, max_size=3, unique=True))
    known = {key: value for key, value in context.items() if key not in unknown}
    answer = authorizer(levels).decide(request(action, resource, known, tuple(unknown)))
    values = {key: data.draw(draw.values_of(key)) for key in unknown}
    settled = {**known, **{key: value for key, value in values.items() if value is not None}}
    assert by_naive(levels, [], action, resource, settled) <= possible(answer)


@given(draw.levels(), draw.actions, draw.resources, draw.contexts(), st.data())
def test_unknown_covers_nothing_but_what_can_be(
    levels: Levels, action: str, resource: str, context: dict[str, Any], data: st.DataObject
) -> None:
    """Each outcome that is foretold with values for the unknown keys comes about with these values."""
    unknown = data.draw(st.lists(st.sampled_from(tuple(draw.KEYS)), min_size=1, max_size=2, unique=True))
    known = {key: value for key, value in context.items() if key not in unknown}
    answer = authorizer(levels).decide(request(action, resource, known, tuple(unknown)))
    for outcome in answer.outcomes if len(answer.unknown_keys) == len(unknown) else ():
        when = {key: list(v) if isinstance(v, tuple) else v for key, v in outcome.when if v is not None}
        if outcome.when:
            assert outcome.decision.value in by_naive(levels, [], action, resource, {**known, **when})


@given(draw.about_one_key(), st.data())
def test_unknown_is_exact_about_one_key(drawn: tuple[str, Levels], data: st.DataObject) -> None:
    """For one unknown key: every value's decision is foretold, and everything foretold has a value that brings it."""
    key, levels = drawn
    answer = authorizer(levels).decide(request("s3:GetObject", "*", {}, (key,)))
    for value in data.draw(st.lists(draw.values_of(key), min_size=1, max_size=8)):
        context = {} if value is None else {key: value}
        assert by_naive(levels, [], "s3:GetObject", "*", context) <= possible(answer)
    for outcome in answer.outcomes:
        when = {name: list(v) if isinstance(v, tuple) else v for name, v in outcome.when if v is not None}
        assert outcome.decision.value in by_naive(levels, [], "s3:GetObject", "*", when)


ORDER = {"EXPLICIT_DENY": 0, "IMPLICIT_DENY": 1, "ALLOWED": 2}


@given(draw.levels(), draw.statements(effects=("Deny",)), draw.actions, draw.resources, draw.contexts(), st.data())
def test_a_deny_never_allows_more(
    levels: Levels, deny: dict[str, Any], action: str, resource: str, context: dict[str, Any], data: st.DataObject
) -> None:
    """Adding a Deny statement anywhere lets nothing through that was not let through before."""
    at = data.draw(st.integers(0, len(levels) - 1))
    more = [
        [*level, {"Version": "2012-10-17", "Statement": [deny]}] if i == at else level for i, level in enumerate(levels)
    ]
    asked = request(action, resource, context)
    before, after = possible(authorizer(levels).decide(asked)), possible(authorizer(more).decide(asked))
    assert max(ORDER[one] for one in after) <= max(ORDER[one] for one in before)


@given(draw.levels(), draw.documents(), draw.actions, draw.resources, draw.contexts(), st.data())
def test_an_allow_never_grants_what_another_level_withholds(
    levels: Levels, allow: dict[str, Any], action: str, resource: str, context: dict[str, Any], data: st.DataObject
) -> None:
    """A request that one level does not allow stays denied, whatever is allowed on another."""
    at = data.draw(st.integers(0, len(levels) - 1))
    lone = possible(authorizer([levels[at]]).decide(request(action, resource, context)))
    assume("ALLOWED" not in lone)
    everything = [level if i == at else [draw.FULL_ACCESS, allow] for i, level in enumerate(levels)]
    assert "ALLOWED" not in possible(authorizer(everything).decide(request(action, resource, context)))


@given(draw.levels(), draw.actions, draw.resources, draw.contexts())
def test_sids_order_and_minifying_change_no_decision(
    levels: Levels, action: str, resource: str, context: dict[str, Any]
) -> None:
    """Renamed Sids, another order and minified text mean the same."""

    def rewritten(document: dict[str, Any]) -> dict[str, Any]:
        statements = [{"Sid": f"S{i}", **s} for i, s in enumerate(reversed(document["Statement"]))]
        return {"Statement": statements, "Version": document["Version"]}

    other = [[rewritten(document) for document in reversed(level)] for level in levels]
    texts = [[minify(document) for document in level] for level in other]
    assert all(
        same(one, two) for a, b in zip(levels, other, strict=True) for one, two in zip(a, reversed(b), strict=True)
    )
    asked = request(action, resource, context)
    scp = tuple(tuple(NamedPolicy("p", parse(text)) for text in level) for level in texts)
    after = Authorizer(Layers(scp=scp), ORGANIZATION).decide(asked)
    assert possible(authorizer(levels).decide(asked)) == possible(after)


@given(draw.levels(), draw.actions, draw.resources, draw.contexts())
def test_the_explanation_agrees_with_the_decision(
    levels: Levels, action: str, resource: str, context: dict[str, Any]
) -> None:
    """An explicit deny is explained by a Deny statement that holds, any other decision by none that does."""
    answer = authorizer(levels).explain(request(action, resource, context))
    assert answer.explanation is not None
    held = any(
        trace.standing is Standing.HOLDS and trace.effect.value == "Deny"
        for level in answer.explanation.levels
        for trace in level.statements
    )
    assert (answer.decision is Decision.EXPLICIT_DENY) is held
