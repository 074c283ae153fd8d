"""Files become values with positions; the laws that both readers keep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orgctl.diagnostics import Position
from orgctl.errors import InvalidInputError
from orgctl.source import Place, parse, read
from orgctl.source.document import MAX_DEPTH

TEXT = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFFFD, exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=8
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def value_of(text: str, name: str = "x.yaml") -> object:
    parsed = parse(text.encode(), name=name)
    assert parsed.source is not None, parsed.problems
    assert parsed.problems == ()
    return parsed.source.value


def every_place(value: object, place: Place = ()) -> list[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(below for step, item in inner for below in every_place(item, (*place, step)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-10-17", "2012-10-17"),
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("1e3", "1e3"),
        ("'012345678901'", "012345678901"),
        ("111111111111", 111111111111),
        ("-5", -5),
        ("0.05", 0.05),
        ("1.5e+3", 1500.0),
        ("yes", True),
        ("Off", False),
        ("~", None),
        ("", None),
        ('"no"', "no"),
        ("|-\n  no", "no"),
        ("arn:aws:iam::*:role/x", "arn:aws:iam::*:role/x"),
    ],
)
def test_plain_scalars_are_read_without_surprises(text: str, expected: object) -> None:
    """Dates, times and odd numbers stay text; what every YAML reader takes for a boolean or null is one."""
    found = value_of(f"- {text}\n- end")
    assert [expected, "end"] == found
    assert isinstance(found, list)
    assert type(expected) is type(found[0])


YAML_TEXT = """\
# comment
root:
  policies: [scp/a, scp/b]
  "tags":
    owner: "x"
    size: 5
  text: |
    many
    lines
"""
JSON_TEXT = """\
{"root":
  {"policies": ["scp/a", "scp/b"],
   "tags": {"owner": "x",
            "size": 5}}}
"""


@pytest.mark.parametrize(
    ("name", "text", "place", "value_at", "key_at"),
    [
        ("x.yaml", YAML_TEXT, (), (2, 1), (2, 1)),
        ("x.yaml", YAML_TEXT, ("root",), (3, 3), (2, 1)),
        ("x.yaml", YAML_TEXT, ("root", "policies", 1), (3, 21), (3, 21)),
        ("x.yaml", YAML_TEXT, ("root", "tags", "size"), (6, 11), (6, 5)),
        ("x.yaml", YAML_TEXT, ("root", "text"), (7, 9), (7, 3)),
        ("x.yaml", YAML_TEXT, ("root", "policies", 7), (3, 13), (3, 13)),
        ("x.yaml", YAML_TEXT, ("root", "nothing", "here"), (3, 3), (3, 3)),
        ("x.json", JSON_TEXT, (), (1, 1), (1, 1)),
        ("x.json", JSON_TEXT, ("root", "policies", 1), (2, 26), (2, 26)),
        ("x.json", JSON_TEXT, ("root", "tags", "size"), (4, 21), (4, 13)),
        ("x.json", JSON_TEXT, ("root", "nothing"), (2, 3), (2, 3)),
    ],
)
def test_everything_has_a_position(
    name: str, text: str, place: Place, value_at: tuple[int, int], key_at: tuple[int, int]
) -> None:
    """A value and its key have each their line and column; what is not there has its nearest ancestor's."""
    source = parse(text.encode(), name=name).source
    assert source is not None
    assert (Position(name, *value_at), Position(name, *key_at)) == (source.at(place), source.key_at(place))


def test_what_was_written_is_known_for_what_was_not_read_as_text() -> None:
    """Messages can quote `no` where the value is False; text needs no such help."""
    source = parse(b"a: no\nb: text\nc: 1.50\n", name="x.yaml").source
    assert source is not None
    assert [source.text_at((key,)) for key in "abcd"] == ["no", None, "1.50", None]


@pytest.mark.parametrize(
    ("place", "expected"), [((), {"a": [1]}), (("a", 0), 1), (("a", 1), None), (("b",), None), (("a", "x"), None)]
)
def test_a_value_can_be_looked_up_by_its_place(place: Place, expected: object) -> None:
    """`get` answers None where there is nothing."""
    source = parse(b"a: [1]", name="x.yaml").source
    assert source is not None
    assert expected == source.get(place)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("x.json", b'{"a": 1, "a": 2}', "x.json:1:10: error[S005]: the key `a` stands here a second time"),
        ("x.json", b'{"a": NaN}', "x.json:1:7: error[S011]: the number `NaN` cannot be written in JSON"),
        ("x.json", b"[1e999]", "x.json:1:2: error[S011]: the number `1e999` cannot be written in JSON"),
        ("x.json", b"{'a': 1}", "x.json:1:2: error[S004]: this is not valid JSON: expecting property name enclosed"),
        ("x.json", b"// no\n{}", "x.json:1:1: error[S004]: this is not valid JSON: expecting value"),
        ("x.json", b'["\\ud800"]', "x.json:1:2: error[S002]: half of a surrogate pair is not a character"),
        ("x.json", b"[" * 100_000, "x.json: error[S009]: this is nested more than 64 levels deep"),
        ("x.json", b"[" * 100 + b"]" * 100, "x.json:1:65: error[S009]: this is nested more than 64 levels deep"),
        ("x.json", b"", "x.json: error[S003]: `x.json` is empty"),
        ("x.json", b"null", "x.json:1:1: error[S003]: `x.json` holds no value"),
        ("x.yaml", b"[" * 100_000, "x.yaml:1:65: error[S009]: this is nested more than 64 levels deep"),
        ("x.yaml", b"- " * 5_000, "x.yaml:1:129: error[S009]: this is nested more than 64 levels deep"),
        ("x.yaml", b"a: \xff", "x.yaml:1:4: error[S002]: `x.yaml` is not UTF-8 text"),
        ("x.yaml", "é: \x07".encode(), "x.yaml:1:4: error[S002]: the character U+0007 is not allowed"),
        ("x.yaml", b"a:\n\t- b", "x.yaml:2:1: error[S004]: this is not valid YAML: found character that cannot start"),
        ("x.yaml", b"? [a]\n: b", "x.yaml:1:3: error[S008]: a key must be text"),
        ("x.yaml", b"---\n# nothing\n", "x.yaml:3:1: error[S003]: `x.yaml` holds no value"),
        ("x.yaml", b"a: " + b"9" * 5_000, "x.yaml:1:4: error[S011]: the number `999"),
        ("x.yaml", "a: 1".encode("utf-16"), "x.yaml:1:1: error[S002]: `x.yaml` is not UTF-8 text"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_place(name: str, data: bytes, expected: str) -> None:
    """Broken files of every kind are answered with a diagnostic, never with an exception of a library."""
    assert [expected] == [str(problem)[: len(expected)] for problem in parse(data, name=name).problems]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_a_billion_laughs_are_not_expanded() -> None:
    """Aliases are refused where they stand; each leaves nothing behind."""
    parsed = parse(BOMB.encode(), name="x.yaml")
    assert {"S006"} == {problem.code for problem in parsed.problems}
    assert parsed.source is not None
    assert parsed.source.get(("i",)) == [None] * 9


def test_a_byte_order_mark_is_skipped() -> None:
    """Editors on Windows write one; it moves no column."""
    source = parse("a: 1".encode("utf-8-sig"), name="x.yaml").source
    assert source is not None
    assert ({"a": 1}, Position("x.yaml", 1, 1)) == (source.value, source.key_at(("a",)))


def test_read_raises_with_every_problem_of_the_file(tmp_path: Path) -> None:
    """`read` is for what cannot go on: its error carries the diagnostics, under the name that it was given."""
    path = tmp_path / "x.yaml"
    path.write_text("a: !x 1\na: 2\n")
    with pytest.raises(InvalidInputError) as raised:
        read(path, name="policies/x.yaml")
    assert [str(d.position) for d in raised.value.diagnostics] == ["policies/x.yaml:1:4", "policies/x.yaml:2:1"]


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_a_problem_like_any_other(name: str, tmp_path: Path) -> None:
    """A missing file and a directory are reported, not raised as they come from the operating system."""
    with pytest.raises(InvalidInputError) as raised:
        read(tmp_path / name, name="x.yaml")
    assert [problem.code for problem in raised.value.diagnostics] == ["S001"]


@given(JSON)
def test_json_text_is_read_as_json_reads_it(value: object) -> None:
    """The value of a `.json` file is the value that Python's own reader finds."""
    assert value is None or value == value_of(json.dumps(value), "x.json")


@given(JSON, st.sampled_from([None, 2]))
def test_both_readers_agree_on_values_and_positions(value: object, indent: int | None) -> None:
    """JSON text means the same, at the same places, in a `.json` and in a `.yaml` file."""
    data = json.dumps(value, indent=indent, ensure_ascii=False).encode()
    one, other = parse(data, name="x.json").source, parse(data, name="x.yaml").source
    assert (one is None) == (other is None) == (value is None)
    if one and other:
        assert one.value == other.value
        for place in every_place(value):
            assert str(one.at(place))[6:] == str(other.at(place))[6:]
            assert str(one.key_at(place))[6:] == str(other.key_at(place))[6:]


@given(JSON)
def test_every_position_points_at_what_stands_there(value: object) -> None:
    """The text at a value's position begins as the value is written."""
    text = json.dumps(value, indent=1)
    source = parse(text.encode(), name="x.json").source
    for place in every_place(value) if source else ():
        position = source.at(place)
        written = json.dumps(source.get(place))
        there = text.splitlines()[position.line - 1][position.column - 1 :]
        assert there.startswith(written[:1] if written[0] in "[{" else written)


@given(st.binary(max_size=60) | st.text("{}[]:,-&*!|>'\"#%@`? \n\tab01<.~", max_size=60).map(str.encode))
def test_nothing_that_a_file_may_hold_raises(data: bytes) -> None:
    """Any bytes at all have a value or a problem, in both formats."""
    for name in ("x.yaml", "x.json"):
        parsed = parse(data, name=name)
        assert parsed.source is not None or parsed.problems


@given(JSON)
def test_what_other_tools_write_is_read_back(value: object) -> None:
    """YAML as PyYAML writes it means the same here, but for the leading zeros that it leaves bare."""
    parsed = parse(yaml.safe_dump(value, allow_unicode=True).encode(), name="x.yaml")
    leading_zero = any(problem.code == "S010" for problem in parsed.problems)
    assert value is None or leading_zero or (parsed.source is not None and parsed.source.value == value)


def test_the_allowed_depth_is_read() -> None:
    """As deep as allowed is not too deep."""
    assert isinstance(value_of("[" * MAX_DEPTH + "]" * MAX_DEPTH), list)
