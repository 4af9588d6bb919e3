"""From 候補 to 定着 by hand, the coordinator at a desk and the host on a phone; then the same with a withdrawal in the middle."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seed.load_demo import demo_id
from service.kernel.clock import day_in_japan, now_utc
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults
from tests.browser.places import DESK, PHONE, SAKURA

pytestmark = pytest.mark.browser
KITCHEN, OPENING = demo_id("host", "F02"), demo_id("opening", "F02/2")
STARTED, FIRST, SECOND = 70, 50, 10
"""Days before today: late recording is allowed, so a whole way can be written down in one sitting."""


@pytest.fixture
def town(own_town: DemoTown) -> DemoTown:
    return own_town


def day(days_ago: int) -> str:
    return (day_in_japan(now_utc()) - timedelta(days=days_ago)).isoformat()


def tick(page: Page, *labels: str) -> None:
    for label in labels:
        page.locator(f"label:has-text('{label}')").first.click()


def press(page: Page, label: str) -> None:
    page.click(f"main button:text-is('{label}')")


def become_candidate(page: Page) -> str:
    """The person's placement, chosen by hand with a reason; answers its address."""
    page.goto(f"/people/{SAKURA}/placements/new/{OPENING}")
    page.fill("[name=note]", "静かな部屋での入力をやってみたいとのこと")
    tick(page, "月")
    press(page, "候補にする")
    page.wait_for_url("**/placements/**")
    return page.url.split("?")[0].split("#")[0]


def sound_out(page: Page) -> None:
    tick(page, "メール・リンク")
    press(page, "打診する")


def answers_conditionally(host: Page) -> None:
    """Two taps and the condition, on the phone."""
    host.goto("/host")
    card = host.locator(".card", has_text="20代の方です")
    expect(card).to_be_visible()
    assert "佐倉" not in host.content()
    card.locator("a:has-text('答える')").click()
    host.fill("#conditions", "はじめは一時間まで")
    host.click("button:has-text('この条件なら受けられます')")
    expect(host.locator("#flash")).to_contain_text("お返事を受け取りました")


def up_to_the_visit(page: Page, host: Page) -> str:
    placement = become_candidate(page)
    sound_out(page)
    answers_conditionally(host)
    page.goto(placement)
    expect(page.locator("main")).to_contain_text("はじめは一時間まで")
    press(page, "本人に示す")
    tick(page, "行ってみたい")
    page.fill("[name=words]", "一回見てみたいです")
    press(page, "本人の返事を記録する")
    expect(page.locator("main")).to_contain_text("一回見てみたいです")
    agree_to_share(page)
    page.goto(placement)
    page.fill("[name=on]", day(STARTED))
    page.fill("[name=accompanied]", "青木")
    press(page, "「見学」に進む")
    expect(page.locator("[aria-current=step]")).to_contain_text("見学")
    return placement


def agree_to_share(page: Page) -> None:
    page.goto(f"/people/{SAKURA}/share/{KITCHEN}")
    press(page, "同意を記録する")
    expect(page.locator("#flash")).to_contain_text("同意を記録しました")


def record_contact(page: Page, days_ago: int) -> None:
    page.goto(page.url.split("?")[0].split("#")[0] + "?act=contact")
    page.fill("[name=done_on]", day(days_ago))
    tick(page, "続けたい", "続けられる")
    press(page, "両方に確かめて記録する")


def test_from_a_question_on_the_phone_to_settled(page_as: PageAs, town: DemoTown, tmp_path: Path) -> None:
    page, host = page_as("aoki", town, DESK), page_as("umi", town, PHONE)
    up_to_the_visit(page, host)
    page.fill("[name=on]", day(STARTED))
    page.fill("[name=days]", "月曜の午前に2回")
    tick(page, "保険を確かめた", "緊急のときの連絡先を聞いた", "費用と謝礼を本人に説明した")
    press(page, "「体験」に進む")
    expect(page.locator("[aria-current=step]")).to_contain_text("体験")
    page.fill("[name=on]", day(STARTED))
    page.fill("[name=tasks]", "名刺の入力")
    page.fill("[name=adjustments]", "はじめは一時間")
    tick(page, "本人が「やってみたい」と言った", "受け入れ先が「お願いします」と言った")
    press(page, "「利用開始」に進む")
    expect(page.locator("[aria-current=step]")).to_contain_text("利用開始")
    host.goto("/host/week")
    expect(host.locator("main")).to_contain_text("佐倉")
    host.locator("main a:has-text('佐倉')").first.click()
    expect(host.locator("main")).to_contain_text("名刺の入力")
    assert not accessibility_faults(host)
    record_contact(page, FIRST)
    record_contact(page, SECOND)
    page.goto(page.url.split("?")[0].split("#")[0] + "?act=settle")
    press(page, "「定着支援中」に進む")
    page.goto(page.url.split("?")[0].split("#")[0] + "?act=stable")
    press(page, "「定着」に進む")
    expect(page.locator("[aria-current=step]")).to_contain_text("定着")
    assert not accessibility_faults(page)
    page.goto(f"/people/{SAKURA}")
    expect(page.locator("main")).to_contain_text("定着")


def test_a_withdrawal_in_the_middle_leaves_the_host_with_nothing(page_as: PageAs, town: DemoTown) -> None:
    page, host = page_as("aoki", town, DESK), page_as("umi", town, PHONE)
    placement = up_to_the_visit(page, host)
    page.goto(f"/people/{SAKURA}/share/{KITCHEN}")
    page.fill("main form[action$='/withdraw'] [name=reason]", "家族に知られたくない")
    press(page, "撤回を記録する")
    expect(page.locator("#flash")).to_contain_text("撤回を記録しました")
    for path in ("/host", "/host/week"):
        host.goto(path)
        assert "佐倉" not in host.content()
    page.goto(placement)
    expect(page.locator("main")).to_contain_text("お休み中")
    expect(page.locator("main")).to_contain_text("同意の撤回")
