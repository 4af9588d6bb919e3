"""Answers, calls and changes of a working day, each in a town of its own: what was typed is saved once, or kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect
from sqlalchemy import func, select

from service.cases.models import Need, Person
from service.resources.models import Opening
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import counts
from tests.browser.places import FURATTO, FURATTO_OPENING, HINATA_OPENING, OCHI, PHONE, SAKURA
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
ASSESSMENT = f"/people/{SAKURA}/assessment"


@pytest.fixture
def town(own_town: DemoTown) -> DemoTown:
    """These tests write."""
    return own_town


def need(town: DemoTown, attribute: str) -> object:
    with town.reading() as session:
        return session.scalars(select(Need.value).where(Need.person_id == SAKURA, Need.attribute == attribute)).one_or_none()


def people_named(town: DemoTown, name: str) -> int:
    with town.reading() as session:
        return session.scalar(select(func.count()).select_from(Person).where(Person.name == name)) or 0


def accept(dialogs: list[str]) -> Callable[[Dialog], None]:
    def answer(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    return answer


def test_an_answer_is_saved_as_soon_as_it_is_typed_and_the_counts_follow(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto(ASSESSMENT)
    expect(page.locator(".bands b")).to_have_count(3)
    plain = counts(page)
    page.fill("#a-crowd", "2")
    page.keyboard.press("Tab")
    expect(page.locator("#st-crowd")).to_contain_text("保存しました")
    expect(page.locator(".bands .ok b")).not_to_have_text(f"{plain['ok']}か所")
    assert need(town, "crowd") == 2
    page.reload()
    expect(page.locator("#a-crowd")).to_have_value("2")


def test_a_number_that_is_none_stays_on_the_screen_beside_what_to_do(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town, expects=(422,))
    page.goto(ASSESSMENT)
    page.fill("#a-crowd", "たくさん")
    page.keyboard.press("Tab")
    expect(page.locator("#st-crowd .err")).to_be_visible()
    expect(page.locator("#a-crowd")).to_have_value("たくさん")
    assert need(town, "crowd") == 8


def test_an_assessment_is_saved_without_a_script_and_a_wrong_answer_comes_back_as_typed(
    page_as: PageAs, town: DemoTown
) -> None:
    page = page_as("aoki", town, script=False, expects=(422,))
    page.goto(ASSESSMENT)
    page.fill("#a-crowd", "5")
    page.fill("#a-session", "ながい")
    page.click("button:text-is('すべて保存する')")
    expect(page.locator("[data-error-summary]")).to_contain_text("1件")
    expect(page.locator("#a-session")).to_have_value("ながい")
    assert (need(town, "crowd"), need(town, "session")) == (5, 90)
    page.fill("#a-session", "60")
    page.click("button:text-is('すべて保存する')")
    expect(page.locator("#flash")).to_contain_text("保存しました")
    assert need(town, "session") == 60


def test_an_answered_call_moves_the_place_to_the_fitting_ones_and_says_who_answered(page_as: PageAs, town: DemoTown) -> None:
    page, here = page_as("aoki", town), f"/people/{OCHI}/match"
    page.goto(f"{here}?band=ask")
    before = counts(page)
    page.click(f"#o-{FURATTO_OPENING} a:has-text('電話で確かめる')")
    call = page.locator(f"#call-{FURATTO_OPENING}")
    call.locator("label:has-text('なし')").click()
    call.locator("input[name=answered_by]").fill("受付の方")
    call.locator("button:text-is('答えを書き込む')").click()
    expect(page.locator("#flash")).to_contain_text("回答を受け入れ先カードに書き込みました")
    page.goto(f"{here}?band=ok")
    expect(page.locator(f"#o-{FURATTO_OPENING}")).to_be_visible()
    assert counts(page)["ok"] == before["ok"] + 1
    page.goto(f"/hosts/{FURATTO}")
    expect(page.locator("main")).to_contain_text("受付の方")


def test_free_places_are_changed_in_three_taps_from_the_host_card_on_a_telephone(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town, PHONE)
    with town.reading() as session:
        host_id = session.get_one(Opening, HINATA_OPENING).host_id
    page.goto(f"/hosts/{host_id}")
    page.click(f"#opening-{HINATA_OPENING} a:has-text('空き・曜日を直す')")
    page.click("#free")
    page.fill("#free", "1")
    page.click("main button:text-is('保存する')")
    expect(page.locator("#flash")).to_contain_text("保存しました")
    with town.reading() as session:
        assert session.get_one(Opening, HINATA_OPENING).free == 1


def test_nothing_changed_is_one_tap_from_today(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town, PHONE)
    page.goto("/")
    rows = page.locator("section[aria-labelledby=h-stale] li")
    before = rows.count()
    rows.first.locator("button:text-is('変更なし')").click()
    assert page.locator("#flash").inner_text().endswith("確認日を記録しました。")
    page.goto("/")
    assert rows.count() == before - 1


def test_leaving_a_form_with_unsaved_text_asks_first(page_as: PageAs, town: DemoTown) -> None:
    page, dialogs = page_as("aoki", town), list[str]()
    page.on("dialog", accept(dialogs))
    page.goto("/people/new")
    page.click(".nav a:text-is('受け入れ先')")
    expect(page.locator("h1")).to_have_text("受け入れ先")
    assert dialogs == []
    page.goto("/people/new")
    page.locator("#name").press_sequentially("まだ途中")
    page.click(".nav a:text-is('受け入れ先')")
    expect(page.locator("h1")).to_have_text("受け入れ先")
    assert dialogs == ["beforeunload"]


def test_saving_a_form_asks_nothing_and_a_double_click_saves_once(
    page_as: PageAs, town: DemoTown, watches: list[Watch]
) -> None:
    page, dialogs = page_as("aoki", town), list[str]()
    page.on("dialog", accept(dialogs))
    page.goto("/people/new")
    page.locator("#name").press_sequentially("二度 押す")
    page.locator("main button:text-is('保存する')").dblclick()
    expect(page.locator("h1")).to_have_text("二度 押す さん")
    assert dialogs == []
    assert watches[0].posts_to("/people/new") == 1
    assert people_named(town, "二度 押す") == 1


def test_what_was_typed_survives_a_session_that_ended_meanwhile(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town, expects=(401,))
    page.goto("/people/new")
    page.fill("#name", "時間 切れ")
    (token,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "tsunagi"]
    town.end_session(token)
    page.click("main button:text-is('保存する')")
    expect(page.locator("h1")).to_have_text("サインインが切れました")
    page.click("summary:has-text('入力した内容を見る')")
    expect(page.locator("details")).to_contain_text("時間 切れ")
    assert people_named(town, "時間 切れ") == 0

    page.context.add_cookies([{"name": "tsunagi", "value": town.sign_in("aoki"), "url": town.base}])
    page.click("button:text-is('もう一度送る')")
    expect(page.locator("h1")).to_have_text("時間 切れ さん")
    assert people_named(town, "時間 切れ") == 1
