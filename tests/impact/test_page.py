"""The HTML page of an impact, looked at in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from orgctl.views.impact_html import impact_html
from tests.impact.browser import opened
from tests.impact.impacts import FORMULA, NASTY, RECORDS, impact


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The page of the hand-written records; nothing may go wrong on it, whatever a test does there."""
    file = tmp_path / "impact.html"
    file.write_text(impact_html(impact()), encoding="utf-8")
    with opened(file) as (found, troubles):
        yield found
        assert troubles == []


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"#rows td:nth-child({number})").all_inner_texts()


def test_the_page_opens_with_what_hurts(page: Page) -> None:
    """It begins with what is newly denied and what depends, most calls first, and the sums above."""
    assert page.title() == "Impact of the manifest, compared with no policies at all"
    assert column(page, 1) == ["newly denied", "newly denied", "newly denied", "depends"]
    assert column(page, 2) == ["2", "1", "1", "1"]
    assert column(page, 3)[0] == "scp/p0#Regions\npolicies/scp/p0.json:4"
    totals = [text.replace("\n", " ") for text in page.locator(".totals button").all_inner_texts()]
    assert totals[:2] == ["4 newly denied", "1 depends"]
    assert page.locator("#shown").inner_text() == "5 events in 4 groups"
    assert len(page.locator(".remarks li").all()) == 4
    without_groups = page.locator(".totals button:disabled").all_inner_texts()
    assert [name.replace("\n", " ") for name in without_groups] == ["0 denied already", "1 allowed"]
    assert page.locator(".settling").inner_text() == "To settle what depends: aws:PrincipalTag/team (1)"


def test_groups_can_be_sorted(page: Page) -> None:
    """A click on a heading sorts by it, a second one turns the order."""
    page.get_by_role("button", name="Caller").click()
    rising = column(page, 4)
    assert rising == sorted(rising, key=str.lower)
    page.get_by_role("button", name="Caller").click()
    assert column(page, 4) == rising[::-1]
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Caller")


def test_groups_can_be_chosen(page: Page) -> None:
    """By kind, by words, by OU and by account."""
    page.locator("[data-kind=depends]").click()
    assert set(column(page, 1)) == {"newly denied"}
    page.get_by_label("Find").fill("jane user/team")
    assert column(page, 4) == ["arn:aws:iam::222222222222:user/team/Jane"]
    page.get_by_label("Find").fill("")
    page.locator("[data-kind=newly_denied]").click()
    everything = page.locator("#rows tr").count()
    assert everything == len(impact().groups)
    page.locator("#ou").select_option("ou:/Workloads")
    page.locator("#account").select_option("shop")
    assert page.locator("#shown").inner_text() == f"{len(RECORDS) - 1} events in {everything} groups"
    page.get_by_label("Find").fill("nowhere to be found")
    assert page.locator("#shown").inner_text() == "0 events in 0 groups"
    assert page.locator("#rows").inner_text() == "No group fits what is chosen above."


def test_groups_of_one_statement(page: Page) -> None:
    """One statement's groups can be looked at alone."""
    page.locator("#cause").select_option("scp/p0#Teams")
    assert column(page, 1) == ["depends"]


def test_the_keyboard_is_enough(page: Page) -> None:
    """Whatever can be clicked can be reached by Tab, shows that it was, and obeys the keyboard."""
    page.get_by_label("Find").focus()
    for _ in range(9):  # three lists, the table, and the headings up to the one for actions
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Action"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Action")
    assert column(page, 5) == ["sqs:DeleteQueue", *["sqs:SendMessage"] * 3]


def test_names_are_shown_as_text(page: Page) -> None:
    """Whatever a caller is called, it is neither markup nor a script."""
    assert NASTY in column(page, 4)
    page.locator("summary").last.scroll_into_view_if_needed()
    assert page.locator("#rows img").count() == 0
    assert page.locator(f"#rows code:text-is({FORMULA!r})").count() == 1


@pytest.mark.parametrize(("dark", "ground"), [(False, "rgb(255, 255, 255)"), (True, "rgb(20, 24, 31)")])
def test_the_page_is_light_or_dark(tmp_path: Path, dark: bool, ground: str) -> None:
    """It follows what the reader prefers."""
    file = tmp_path / "impact.html"
    file.write_text(impact_html(impact()), encoding="utf-8")
    with opened(file, dark=dark) as (page, troubles):
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
        assert troubles == []


def test_the_page_fits_any_width(page: Page) -> None:
    """Nothing hangs over the edge, and on a narrow screen each field is named."""
    found = {}
    for width in (320, 500, 1100, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        label = page.evaluate("getComputedStyle(document.querySelector('#rows td'), '::before').content")
        wide = page.evaluate(
            "document.querySelector('.scroll').scrollWidth > document.querySelector('.scroll').clientWidth"
        )
        found[width] = (page.evaluate("document.documentElement.scrollWidth"), wide, label)
    named, plain = (False, '"Verdict"'), (False, "none")
    assert found == {320: (320, *named), 500: (500, *named), 1100: (1100, *plain), 1600: (1600, *plain)}


def test_nothing_hurts(tmp_path: Path) -> None:
    """If no event is hurt, it says so in words."""
    file = tmp_path / "impact.html"
    file.write_text(impact_html(impact([{"eventID": "6"}])), encoding="utf-8")
    with opened(file) as (page, troubles):
        assert page.locator("#rows").inner_text() == "Nothing is newly denied, and nothing depends."
        assert troubles == []


def test_many_groups_come_a_part_at_a_time(tmp_path: Path) -> None:
    """The first 200 groups are shown, and more on demand."""
    records = [{"eventID": str(n), "awsRegion": "ap-south-1", "userIdentity": _user(n)} for n in range(450)]
    file = tmp_path / "impact.html"
    file.write_text(impact_html(impact(records)), encoding="utf-8")
    with opened(file) as (page, troubles):
        assert page.locator("#rows tr").count() == 200
        page.get_by_role("button", name="Show more").click()
        assert page.locator("#rows tr").count() == 450
        assert page.get_by_role("button", name="Show more").count() == 0
        assert troubles == []


def _user(number: int) -> dict[str, object]:
    arn = f"arn:aws:iam::222222222222:user/u{number}"
    return {"type": "IAMUser", "arn": arn, "accountId": "222222222222", "principalId": "AIDA"}
