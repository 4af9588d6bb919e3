"""Follow-up as it is used: from 今日 to a record with one hand, and from a plan to the week and its sheet."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults
from tests.browser.places import DESK, PHONE

pytestmark = pytest.mark.browser
MOST_TAPS = 8


def choose(page: Page, name: str, value: str) -> int:
    """One tap on an answer."""
    page.locator(f'input[name="{name}"][value="{value}"]').locator("xpath=..").click()
    return 1


def test_a_visit_is_written_down_with_one_hand(page_as: PageAs, own_town: DemoTown) -> None:
    page = page_as("aoki", own_town, PHONE)
    page.goto("/")
    taps = 0
    page.locator(".due-line", has_text="訪問・面談").first.get_by_role("link", name=re.compile("記録する")).click()
    taps += 1
    assert accessibility_faults(page) == []
    for name, value in (
        ("met", "both"),
        ("person_face", "4"),
        ("person_says", "want"),
        ("host_face", "4"),
        ("host_says", "can"),
        ("state", "stable"),
    ):
        taps += choose(page, name, value)
    page.get_by_role("button", name="記録する", exact=True).click()
    taps += 1
    expect(page.locator("#flash")).to_contain_text("記録しました")
    assert accessibility_faults(page) == []
    assert taps <= MOST_TAPS
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_nobody_met_is_as_quick(page_as: PageAs, own_town: DemoTown) -> None:
    page = page_as("aoki", own_town, PHONE)
    page.goto("/followup")
    page.locator(".due-line").first.get_by_role("link").first.click()
    choose(page, "channel", "phone")
    choose(page, "result", "no_answer")
    page.get_by_role("button", name="会えなかったと記録する").click()
    expect(page.locator("#flash")).to_contain_text("保存しました")
    expect(page.locator("#h-tried")).to_contain_text("1件")


def test_from_a_plan_to_the_week_and_the_sheet_by_keyboard_and_on_paper(
    page_as: PageAs, own_town: DemoTown, tmp_path: Path
) -> None:
    page = page_as("aoki", own_town, DESK)
    page.goto("/followup/plan")
    page.get_by_role("button", name="案を作る").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("まだ何も書き込んでいません")
    assert accessibility_faults(page) == []
    stop = page.get_by_role("button", name="探すのをやめて、この案にする")
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#plan-state")).to_contain_text("探すのをやめました")
    page.get_by_role("button", name="印を付けた行を決める").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("予定に入れました")
    page.goto("/followup?who=all")
    page.get_by_role("link", name="週", exact=True).click()
    page.get_by_role("link", name="次の週").click()
    expect(page.locator(".slot:not(.taken)[href]").first).to_be_visible()
    page.get_by_role("link", name=re.compile("用紙")).first.click()
    expect(page.locator(".day-stops li").first).to_be_visible()
    assert accessibility_faults(page) == []
    name = page.locator(".day-stops .no-print").first.inner_text()
    page.emulate_media(media="print")
    assert name.strip() not in page.locator("main").inner_text()
    page.pdf(path=tmp_path / "day.pdf", format="A4")
    assert (tmp_path / "day.pdf").stat().st_size > 1000
