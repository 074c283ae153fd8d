"""`-k`: which cases an expression means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgctl.errors import InvalidInputError
from orgctl.policytest.keyword import Chooser, chooser

CASE = "policies/scp/no-s3.test.yaml::Nobody reads and writes (twice)"

TABLE = [
    ("nobody", True),
    ("NOBODY", True),
    ("no-s3", True),
    ("scp/no-s3", True),
    ("somebody", False),
    ("nobody and reads", True),
    ("nobody and sleeps", False),
    ("sleeps or reads", True),
    ("not sleeps", True),
    ("not reads", False),
    ("not not reads", True),
    ("sleeps and reads or writes", True),
    ("writes or reads and sleeps", True),
    ("(writes or reads) and sleeps", False),
    ("not (sleeps or eats)", True),
    ("not sleeps and reads", True),
    ('"reads and writes"', True),
    ('"writes and reads"', False),
    ('"(twice)"', True),
    ('not "and"', False),
    ('""', True),
    (" reads ", True),
    ("((reads))", True),
]


@pytest.mark.parametrize(("expression", "expected"), TABLE, ids=[expression for expression, _ in TABLE])
def test_expressions_mean_what_they_say(expression: str, expected: bool) -> None:
    """Words of the file and the name, in any case; `not` binds tightest, then `and`; phrases stand in quotes."""
    assert chooser(expression)(CASE) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a b", "`-k a b` cannot be read: `b` is one too many"),
        ("a )", "`-k a )` cannot be read: `)` is one too many"),
        ("(a", "a parenthesis is not closed"),
        ("a and", "it ends where a word should stand"),
        ("and a", "`and` stands where a word should"),
        ("not", "it ends where a word should stand"),
        ("()", "`)` stands where a word should"),
        ('"a', "a quote is not closed"),
        (" ", "it ends where a word should stand"),
    ],
)
def test_what_cannot_be_read_is_refused(expression: str, expected: str) -> None:
    """It is said what is wrong, and how expressions are written."""
    with pytest.raises(InvalidInputError) as caught:
        chooser(expression)
    assert expected in caught.value.message
    assert caught.value.hint == "write words joined by `and`, `or`, `not`"


def join(word: str) -> st.SearchStrategy[tuple[str, Chooser]]:
    return st.just((word, lambda name: word in name))


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "c"]).flatmap(join),
    lambda inner: (
        inner.map(lambda one: (f"not ({one[0]})", lambda name: not one[1](name)))
        | st.tuples(inner, inner).map(
            lambda two: (f"({two[0][0]}) and ({two[1][0]})", lambda name: two[0][1](name) and two[1][1](name))
        )
        | st.tuples(inner, inner).map(
            lambda two: (f"({two[0][0]}) or ({two[1][0]})", lambda name: two[0][1](name) or two[1][1](name))
        )
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, st.text("abc"))
def test_every_expression_is_its_logic(expression: tuple[str, Chooser], name: str) -> None:
    """Whatever is put together by parentheses, `and`, `or` and `not` chooses what its parts say."""
    text, meaning = expression
    assert chooser(text)(name) is meaning(name)
