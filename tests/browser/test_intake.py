"""From a つなぐシート to a meeting in a real browser, at the desk and on a telephone; the つなぎ元 reads what became of it."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import REFERRER
from service.setup import signature
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults, parts_beyond_the_edge
from tests.browser.places import DESK, PHONE

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["机", "電話"])


def is_fine(page: Page) -> None:
    """Nothing a reader of the screen stumbles on, nothing beyond the edge."""
    assert accessibility_faults(page) == []
    assert parts_beyond_the_edge(page) == []


def fill_sheet(page: Page) -> None:
    page.fill("#from_agency", "地域包括支援センター 北")
    page.fill("#from_person", "大野")
    page.fill("#from_phone", "0467-00-1111")
    page.locator("label:has(input[name=troubles][value=withdrawn])").click()
    page.fill("#tried", "訪問を三度")


@SIZES
def test_a_sheet_is_taken_in_answered_and_decided(page_as: PageAs, own_town: DemoTown, size: dict[str, int]) -> None:
    page = page_as("aoki", own_town, size)
    page.goto("/referrals/new")
    fill_sheet(page)
    page.click("button:has-text('受け付ける')")
    expect(page.locator("main")).to_contain_text("まだ知らせていません")
    is_fine(page)
    page.click("button:has-text('受け取ったと知らせた')")
    page.locator("label:has(input[name=criteria][value=is_complex])").click()
    page.locator("label:has(#is_tried)").click()
    page.locator("label:has(input[name=result][value=juso])").click()
    page.locator("label:has(input[name=told_state][value=owed])").click()
    page.click("button:has-text('判断を記録する')")
    expect(page.locator("main")).to_contain_text("重層案件として受ける")
    page.goto("/feedback")
    expect(page.locator("main")).to_contain_text("大野")
    is_fine(page)


@SIZES
def test_a_meeting_is_held_and_decides(page_as: PageAs, own_town: DemoTown, size: dict[str, int]) -> None:
    page = page_as("aoki", own_town, size)
    page.goto("/meetings/new")
    page.fill("#convenor", "社協")
    page.click("button:has-text('予定に入れる')")
    page.fill("#seat-name", "真鍋")
    page.fill("#seat-agency", "汐見市福祉総務課")
    page.locator("label:has(#seat-is_municipal)").click()
    page.click("form[action$='/seats'] button")
    page.click("summary:has-text('議題を入れる')")
    page.select_option("#item-purpose", "share")
    page.fill("#item-title", "夕方の居場所")
    page.click("details:has(#item-title) button")
    is_fine(page)
    page.select_option("select[name^=attended]", "yes")
    page.click("button:has-text('開催した')")
    page.fill("input[name$='-text']", "役割を確かめた")
    is_fine(page)
    page.click("button:has-text('決定を記録する')")
    expect(page.locator("main")).to_contain_text("役割を確かめた")


@SIZES
def test_whoever_handed_over_sends_and_reads(page_as: PageAs, own_town: DemoTown, size: dict[str, int]) -> None:
    with own_town.town.database.write(signature=signature(own_town.town, datetime.now(UTC))) as session:
        if session.scalars(select(User).where(User.login_name == "ono")).first() is None:
            session.add(User(login_name="ono", name="大野", password_hash="x", roles=[REFERRER]))
    page = page_as("ono", own_town, size)
    page.goto("/refer")
    is_fine(page)
    page.goto("/refer/new")
    is_fine(page)
    fill_sheet(page)
    page.click("button:has-text('送る')")
    expect(page.locator("main")).to_contain_text("受け付けました")
    is_fine(page)


@SIZES
@pytest.mark.parametrize("script", [True, False], ids=["と", "なし"])
def test_a_door_is_handed_over_and_a_sheet_comes_in_by_it(
    page_as: PageAs, own_town: DemoTown, size: dict[str, int], script: bool
) -> None:
    office = page_as("aoki", own_town, DESK)
    office.goto("/referrals/doors")
    office.fill("#agency", "こども相談課")
    office.click("button:has-text('アドレスを出す')")
    address = office.locator("code").inner_text()
    is_fine(office)
    page = page_as(None, own_town, size, script=script)
    page.goto(address)
    if script:
        is_fine(page)
    page.fill("#from_person", "大野")
    page.locator("label:has(input[name=troubles][value=withdrawn])").click()
    page.fill("#tried", "訪問を三度")
    page.click("main button:has-text('送る')")
    expect(page.locator("h1")).to_contain_text("受付番号")
    page.fill("#text", "弟さんがいます")
    page.click("form[action$='/answer'] button")
    expect(page.locator("main")).to_contain_text("弟さんがいます")
    page.click("summary:has-text('取り下げる')")
    page.fill("#why", "弟さんが来ることになった")
    if script:
        is_fine(page)
    page.click("form[action$='/withdraw'] button")
    expect(page.locator("main")).to_contain_text("取り下げ：")
