"""Every format: right for any name, and with everything in it."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from rich.cells import cell_len

from orgctl.model.outline import AccountLine, Detail, Outline, reduced
from orgctl.views.graph_dot import graph_dot
from orgctl.views.graph_mermaid import graph_mermaid
from orgctl.views.graph_svg import graph_svg
from orgctl.views.graph_text import graph_text
from orgctl.views.graph_words import account_name, worn
from orgctl.views.svg_layout import laid_out
from orgctl.views.svg_text import fitted, width
from orgctl.views.wording import printable
from tests.graph.outlines import counted, drawn, outlines

SVG = "{http://www.w3.org/2000/svg}"

MANIFEST = """\
version: 1
organization: {management_account: "111111111111", home_region: eu-west-1, regions: [eu-west-1]}
root: {accounts: {management: {id: "111111111111"}}, units: {Empty: {}}}
"""
SMALL = counted(
    Outline(
        "Root",
        ("scp/a", "scp/b"),
        accounts=(AccountLine("management"),),
        units=(
            counted(Outline("Dev", accounts=(AccountLine("shop", ("scp/c",)), AccountLine("old", closed=True)))),
            Outline("Suspended", ("scp/quarantine",), full_access=False),
        ),
    )
)


def text(outline: Outline, columns: int | None = None) -> str:
    return "\n".join(line.plain for line in graph_text(outline, columns))


def test_the_text_is_a_tree_with_a_column_of_policies() -> None:
    """Names on the left, policies beside them, in one column."""
    assert (
        text(SMALL)
        == """\
Root           scp/a, scp/b
├── management
├── Dev
│   ├── shop   scp/c
│   └── old (closed)
└── Suspended  scp/quarantine, no FullAWSAccess"""
    )


def test_long_lists_of_policies_go_on_below_themselves() -> None:
    """In a narrow terminal the tree's lines go on beside them."""
    wide = Outline("Root", tuple(f"scp/policy-{n}" for n in range(5)), units=(Outline("A"),))
    assert (
        text(wide, 40)
        == """\
Root  scp/policy-0, scp/policy-1,
│     scp/policy-2, scp/policy-3,
│     scp/policy-4
└── A"""
    )


def test_hidden_accounts_share_a_line_with_the_plain_ones() -> None:
    """Those of which there is more to say keep lines of their own."""
    accounts = (*(AccountLine(f"a{n}") for n in range(500)), AccountLine("special", ("scp/p",)))
    assert (
        text(reduced(counted(Outline("Root", accounts=accounts)), Detail()))
        == """\
Root
├── special  scp/p
└── a0, a1 … and 498 more"""
    )


@given(outlines)
@drawn
def test_each_line_of_text_is_one_line(outline: Outline) -> None:
    """No name breaks the tree or speaks to the terminal, and every OU, account and policy is in it once."""
    lines = [line.plain for line in graph_text(outline)]
    assert all(line.isprintable() for line in lines)
    things = [thing for unit in outline.each() for thing in (unit, *unit.accounts)]
    assert len(lines) == len(things)
    assert all(", ".join(worn(thing)) in line for thing, line in zip(_in_order(outline), lines, strict=True))


def _in_order(unit: Outline) -> list[Outline | AccountLine]:
    return [unit, *unit.accounts, *(thing for child in unit.units for thing in _in_order(child))]


@given(outlines)
@drawn
def test_policies_begin_in_one_column(outline: Outline) -> None:
    """Where names are no wider than the column may be."""
    places = set()
    for thing, line in zip(_in_order(outline), graph_text(outline), strict=True):
        policies = ", ".join(worn(thing))
        if policies and cell_len(line.plain) - cell_len(policies) <= 58:
            places.add(cell_len(line.plain) - cell_len(policies))
    assert len(places) <= 1


_MERMAID = [
    re.compile(r"flowchart LR"),
    re.compile(r'  [na]\d+\["[^"\\`]*"\]:::(ou|accounts)'),
    re.compile(r'  n\d+ --- a\d+\["[^"\\`]*"\]:::accounts'),
    re.compile(r"  n\d+ --> n\d+"),
    re.compile(r"  classDef \w+ [\w:#,-]+"),
]
_TAGS = re.compile(r"</?[bi]>|<br/>|#\d+;")


@given(outlines)
@drawn
def test_mermaid_has_one_statement_a_line(outline: Outline) -> None:
    """Whatever the names: nothing in a label but letters, our own tags and character codes."""
    lines = graph_mermaid(outline).splitlines()
    assert [line for line in lines if not any(pattern.fullmatch(line) for pattern in _MERMAID)] == []
    labels = [label for line in lines for label in re.findall(r'\["(.*)"\]', line)]
    assert [label for label in labels if set(_TAGS.sub("", label)) & set('<>&#;"`\\|{}[]')] == []
    arrows = sum("-->" in line for line in lines)
    assert arrows == sum(1 for _ in outline.each()) - 1


def test_mermaid_writes_names_as_they_are() -> None:
    """Ordinary names need no codes; others are codes that come back as they were."""
    drawn = graph_mermaid(Outline('<i>"x" #1', ("scp/a-b",)))
    assert 'n0["<b>#60;i#62;#34;x#34; #35;1</b><br/><i>scp/a-b</i>"]:::ou' in drawn


_DOT_STRING = r'"(?:[^"\\\n]|\\.)*"'
_DOT = [
    re.compile(r"digraph organization \{"),
    re.compile(rf"  (graph|node|edge) \[(\w+=([\w.]+|{_DOT_STRING})(, )?)+\]"),
    re.compile(rf"  n\d+ \[label={_DOT_STRING}\]"),
    re.compile(
        rf"  a\d+ \[label={_DOT_STRING}, color={_DOT_STRING}, fillcolor={_DOT_STRING}, fontcolor={_DOT_STRING}\]"
    ),
    re.compile(r"  n\d+ -> [na]\d+( \[arrowhead=none\])?"),
    re.compile(r"\}"),
]


@given(outlines)
@drawn
def test_dot_has_one_statement_a_line(outline: Outline) -> None:
    """Every label is one quoted string, and reads back as the names."""
    lines = graph_dot(outline).splitlines()
    assert [line for line in lines if not any(pattern.fullmatch(line) for pattern in _DOT)] == []
    labels = [re.findall(_DOT_STRING, line)[0] for line in lines if line.startswith("  n") and "[label=" in line]
    assert [_read(label)[0] for label in labels] == [printable(unit.name) for unit in outline.each()]


def _read(label: str) -> list[str]:
    """A label as Graphviz reads it, line by line."""
    parts = re.split(r"(\\.)", label[1:-1])
    text = "".join({"\\l": "\n", '\\"': '"', "\\\\": "\\"}.get(part, part) for part in parts)
    return text.replace("&amp;", "&").split("\n")


@given(outlines)
@drawn
def test_an_svg_is_xml_with_every_name_in_it(outline: Outline) -> None:
    """Whatever the names; names that are cut are whole in the card's tooltip, with the policies."""
    root = ET.fromstring(graph_svg(outline))  # noqa: S314 - our own text
    groups = [g for g in root.iter(f"{SVG}g") if g.get("class") in ("ou", "root")]
    tooltips = Counter((g.findtext(f"{SVG}title") or "").split(": ")[0] for g in groups)
    assert tooltips == Counter(printable(unit.name).split(": ")[0] for unit in outline.each())
    accounts = sum(len(unit.accounts) for unit in outline.each())
    assert len(list(root.iter(f"{SVG}circle"))) == accounts
    assert root.find(f"{SVG}title") is not None


@given(outlines)
@drawn
def test_cards_do_not_overlap_and_are_in_the_picture(outline: Outline) -> None:
    """No card covers another, and none sticks out."""
    picture = laid_out(outline)
    assert len(picture.cards) == sum(1 for _ in outline.each())
    boxes = [(p.left, p.top, p.left + p.card.width, p.top + p.card.height) for p in picture.cards]
    assert all(left >= 0 and top >= 0 for left, top, _, _ in boxes)
    assert all(right <= picture.width + 0.01 and bottom <= picture.height + 0.01 for _, _, right, bottom in boxes)
    overlapping = [
        (one, other)
        for index, one in enumerate(boxes)
        for other in boxes[index + 1 :]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert overlapping == []


@given(outlines)
@drawn
def test_what_is_in_a_card_fits_into_it(outline: Outline) -> None:
    """Policies and rows of accounts end before the card's edge."""
    for placed in laid_out(outline).cards:
        card = placed.card
        chips = [12 + chip.left + chip.width for chip in card.chips]
        for index, column in enumerate(card.columns):
            left = 12 + index * (card.column_width + 12) + 12
            chips += [left + chip.left + chip.width for row in column for chip in row.chips]
        assert all(right <= card.width for right in chips)


@pytest.mark.parametrize("name", ["m" * 200, "i" * 200, "名" * 100])
def test_long_names_are_cut(name: str) -> None:
    """With an ellipsis, so that they end within the room there is."""
    cut = fitted(name, 200, 12)
    assert cut.endswith("…")
    assert width(cut, 12) <= 200 < width(name, 12)


def test_names_of_accounts_say_that_they_are_closed() -> None:
    """In every drawing alike."""
    closed = AccountLine("a\nb", closed=True)
    assert account_name(closed) == "a\\nb (closed)"
    drawings = [draw(Outline("Root", accounts=(closed,), total=1)) for draw in (graph_mermaid, graph_dot, graph_svg)]
    assert all("(closed)" in drawing for drawing in drawings)


@pytest.mark.parametrize(
    ("form", "first"),
    [("text", "Root\n"), ("mermaid", "flowchart LR"), ("dot", "digraph organization {"), ("svg", "<svg xmlns=")],
)
def test_the_command_writes_to_stdout_and_to_files(tmp_path: Path, form: str, first: str) -> None:
    """The same text in both; no AWS credentials are needed."""
    (tmp_path / "organization.yaml").write_text(MANIFEST)
    command = [sys.executable, "-m", "orgctl", "-C", str(tmp_path), "graph", "--format", form]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    subprocess.run([*command, "--out", str(tmp_path / "file")], check=True)
    assert shown.startswith(first)
    assert (tmp_path / "file").read_text() == shown
