from pathlib import Path

import pytest

from orgctl.errors import InvalidInputError
from orgctl.policy.document import Condition, Effect, Pattern, Principals
from orgctl.policy.parser import parse, parse_source, parse_with_problems
from orgctl.source import read

ALLOW = {"Effect": "Allow", "Action": "*"}

PROBLEMS = {
    "not a mapping": ([], "P107", ()),
    "no statement": ({"Version": "2012-10-17"}, "P101", ()),
    "unknown version": ({"Version": "2012-10-18", "Statement": []}, "P102", ("Version",)),
    "no action": ({"Statement": [{"Effect": "Deny"}]}, "P103", ("Statement", 0)),
    "bad action": ({"Statement": [{"Effect": "Deny", "Action": "s3"}]}, "P104", ("Statement", 0)),
    "no effect": ({"Statement": [{"Action": "*"}]}, "P105", ("Statement", 0)),
    "effect in the wrong case": ({"Statement": {"Effect": "deny", "Action": "*"}}, "P105", ("Statement", "Effect")),
    "principal as text": ({"Statement": {**ALLOW, "Principal": "111111111111"}}, "P106", ("Statement", "Principal")),
    "unknown kind of principal": (
        {"Statement": {**ALLOW, "Principal": {"User": "x"}}},
        "P106",
        ("Statement", "Principal", "User"),
    ),
    "condition as a list": ({"Statement": {**ALLOW, "Condition": []}}, "P107", ("Statement", "Condition")),
    "Action and NotAction": ({"Statement": {**ALLOW, "NotAction": "a:B"}}, "P108", ("Statement",)),
    "null for a value": ({"Statement": {"Effect": "Deny", "Action": None}}, "P109", ("Statement", "Action")),
    "a number for a Sid": ({"Statement": {**ALLOW, "Sid": 1}}, "P109", ("Statement", "Sid")),
    "unknown element": ({"Statement": {**ALLOW, "Ressource": "*"}}, "P110", ("Statement", "Ressource")),
    "an element twice": ({"Statement": {**ALLOW, "action": "*"}}, "P110", ("Statement", "action")),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_syntax_problems_say_where(case: str) -> None:
    """What no policy type accepts is reported with its code and place."""
    value, code, place = PROBLEMS[case]
    _, problems = parse_with_problems(value)
    assert (code, place) in [(problem.code, problem.place) for problem in problems]


def test_all_problems_at_once() -> None:
    """Parsing raises one error with a diagnostic for every problem."""
    with pytest.raises(InvalidInputError) as raised:
        parse({"Version": "1", "Statement": [{"Effect": "x", "Action": "y"}]})
    assert {"P102", "P104", "P105"} == {diagnostic.code for diagnostic in raised.value.diagnostics}


def test_a_statement_in_full() -> None:
    """Every element lands in its field, scalars as lists of one, JSON booleans as text."""
    [statement] = parse(
        {
            "version": "2012-10-17",
            "statement": {
                "Sid": "S",
                "effect": "Deny",
                "NotAction": ["iam:*"],
                "NotResource": "arn:aws:s3:::a",
                "Principal": {"aws": ["*"], "Service": "lambda.amazonaws.com"},
                "Condition": {"Bool": {"aws:SecureTransport": False}},
            },
        }
    ).statements
    place = ("statement", "Condition", "Bool", "aws:SecureTransport")
    assert (
        "S",
        Effect.DENY,
        Pattern(("iam:*",), negated=True),
        Pattern(("arn:aws:s3:::a",), negated=True),
        Principals((("AWS", "*"), ("Service", "lambda.amazonaws.com"))),
        (Condition("Bool", "aws:SecureTransport", ("false",), place),),
    ) == (
        statement.sid,
        statement.effect,
        statement.actions,
        statement.resources,
        statement.principals,
        statement.conditions,
    )


def test_text_is_taken_as_json() -> None:
    """A policy as AWS hands it out, as text, parses like its value."""
    assert parse('{"Statement": []}') == parse({"Statement": []})


def test_broken_text_is_refused() -> None:
    """Text that is not JSON gives one error that says so."""
    with pytest.raises(InvalidInputError, match="is not JSON"):
        parse("{")


def test_names_of_statements() -> None:
    """A statement is called by its Sid, else by its number, counted from 1."""
    named, unnamed = parse({"Statement": [{**ALLOW, "Sid": "First"}, ALLOW]}).statements
    assert (named.name, unnamed.name) == ("First", "statement 2")


def test_problems_of_a_file_point_into_it(tmp_path: Path) -> None:
    """A policy file's problems carry line and column."""
    file = tmp_path / "policy.yaml"
    file.write_text('Version: "2012-10-17"\nStatement:\n  - Effect: Deny\n    Action: s3\n', encoding="utf-8")
    with pytest.raises(InvalidInputError) as raised:
        parse_source(read(file, name="policy.yaml"))
    assert [str(diagnostic.position) for diagnostic in raised.value.diagnostics] == ["policy.yaml:3:5"]
