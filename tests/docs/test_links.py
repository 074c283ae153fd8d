"""Links between the documents lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.documents import REPOSITORY, documents

_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
_CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", _without_blocks(path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _without_blocks(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_resolve(path: Path) -> None:
    """Every relative link is to a file that is there, and to a heading that it has."""
    broken = []
    for file, anchor in _LINK.findall(_CODE.sub("", path.read_text())):
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{file}#{anchor}")
    assert broken == []


def test_every_guide_is_linked_from_the_readme() -> None:
    """What nobody links to, nobody reads."""
    linked = {file for file, _ in _LINK.findall((REPOSITORY / "README.md").read_text())}
    wanted = {
        path.relative_to(REPOSITORY).as_posix()
        for folder in ("guides", "concepts", "reference")
        for path in (REPOSITORY / "docs" / folder).glob("*.md")
    }
    assert set() == wanted - linked
