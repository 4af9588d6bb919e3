"""From a person to the places that fit: by keyboard, without a script, on a telephone, on paper."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from seed.load_demo import PASSWORD, demo_id
from service.cases.models import Need
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import counts, small_targets, tab_to
from tests.browser.places import MATCH, PHONE, SAKURA
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
LIT = re.compile(r"\bis-lit\b")


def stored_needs(town: DemoTown) -> list[tuple[str, str, object]]:
    with town.reading() as session:
        query = select(Need).where(Need.person_id == SAKURA).order_by(Need.attribute)
        return [(need.attribute, need.strength, need.value) for need in session.scalars(query)]


def names_on_cards(page: Page) -> list[str]:
    return page.locator("article.card h2 a").all_inner_texts()


def add_to_comparison(page: Page, most: int) -> None:
    for number in range(1, most + 1):
        page.locator("article.card a:text-is('くらべる')").first.click()
        expect(page.locator(".compare-bar")).to_contain_text(f"{number}か所")


def test_the_whole_way_from_signing_in_to_comparing_goes_by_keyboard_alone(page_as: PageAs, town: DemoTown) -> None:
    page, before = page_as(None, town), stored_needs(town)
    page.goto("/sign-in")
    tab_to(page, "#login_name")
    page.keyboard.type("aoki")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("今日")

    page.keyboard.press("/")
    page.keyboard.type("ｻｸﾗ")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("佐倉 みお")
    tab_to(page, f"a[href='{MATCH}']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("佐倉 みお さん")

    plain = counts(page)
    tab_to(page, "#need-s-noise")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**s-noise=wish**")
    expect(page.locator("#results")).to_contain_text("保存されていません")
    assert counts(page) != plain
    assert sum(counts(page).values()) == sum(plain.values())

    for number in (1, 2):
        tab_to(page, "article.card a[aria-label$='をくらべる']")
        page.keyboard.press("Enter")
        expect(page.locator(".compare-bar")).to_contain_text(f"{number}か所")
    page.reload()
    tab_to(page, ".compare-bar a.btn")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("くらべる")
    assert page.locator(".compare > thead th").count() == 3
    tab_to(page, "a.back")
    page.keyboard.press("Enter")
    expect(page.locator("#need-s-noise")).to_have_value("wish")
    assert stored_needs(town) == before


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto(MATCH)
    tab_to(page, "a.skip", most=1)
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_slash_is_a_letter_while_somebody_is_typing(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto("/people")
    page.locator("#q").press_sequentially("1/2")
    expect(page.locator("#q")).to_have_value("1/2")


def test_the_bands_are_two_clicks_from_a_person_at_most(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto(f"/people/{SAKURA}")
    page.click("a:text-is('アセスメント')")
    page.click("a:text-is('照合を見る')")
    assert counts(page)["ok"] == len(names_on_cards(page)) > 0


def test_a_what_if_lives_in_its_address_alone(page_as: PageAs, town: DemoTown) -> None:
    page, before = page_as("aoki", town), stored_needs(town)
    page.goto(MATCH)
    plain = counts(page)
    page.select_option("#need-s-noise", "off")
    page.wait_for_url("**s-noise=off**")
    expect(page.locator("#results")).to_contain_text("保存されていません")
    changed, names = counts(page), names_on_cards(page)
    assert changed != plain

    elsewhere = page_as("aoki", town)
    elsewhere.goto(page.url)
    assert (counts(elsewhere), names_on_cards(elsewhere)) == (changed, names)
    elsewhere.click("a:text-is('元の条件に戻す')")
    assert counts(elsewhere) == plain
    assert stored_needs(town) == before


def test_the_browsers_back_button_takes_a_what_if_back(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto(MATCH)
    plain = counts(page)
    page.select_option("#need-s-noise", "off")
    page.wait_for_url("**s-noise=off**")
    page.go_back()
    expect(page.locator("#need-s-noise")).to_have_value("hard")
    assert counts(page) == plain


def test_a_match_works_without_a_script(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town, script=False)
    page.goto(MATCH)
    plain = counts(page)
    page.select_option("#need-s-noise", "off")
    page.click("button:text-is('この条件で見る')")
    assert counts(page) != plain
    page.click(".bands a.no")
    expect(page.locator(".bands a[aria-current]")).to_contain_text("不適合")
    expect(page.locator("#need-s-noise")).to_have_value("off")
    page.click(".bands a.ok")
    add_to_comparison(page, 2)
    page.click(".compare-bar a.btn")
    assert page.locator(".compare > thead th").count() == 3
    page.click("a.back")
    expect(page.locator("#need-s-noise")).to_have_value("off")


def test_a_card_and_its_place_on_the_map_are_lit_together(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto(MATCH)
    card = page.locator("article.card").first
    marker = page.locator(f".map a[href='#{card.get_attribute('id')}']")
    expect(marker).not_to_have_class(LIT)
    card.hover()
    expect(marker).to_have_class(LIT)
    page.mouse.move(5, 5)
    expect(marker).not_to_have_class(LIT)
    card.locator("h2 a").focus()
    expect(marker).to_have_class(LIT)


def test_a_place_on_the_map_leads_to_its_card(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto(MATCH)
    card = page.locator("article.card").nth(2)
    page.locator(f".map a[href='#{card.get_attribute('id')}']").focus()
    page.keyboard.press("Enter")
    expect(card).to_be_in_viewport()
    expect(card).to_have_class(LIT)


def test_on_a_telephone_everything_to_tap_is_large_enough_and_the_bands_stay_at_hand(
    page_as: PageAs, town: DemoTown
) -> None:
    page = page_as("aoki", town, PHONE)
    for path in (MATCH, f"{MATCH}?band=ask", "/", f"/people/{SAKURA}", f"/people/{SAKURA}/assessment", "/hosts"):
        page.goto(path)
        assert small_targets(page) == []
    page.goto(MATCH)
    expect(page.locator(".bands")).to_be_in_viewport()
    page.locator("article.card").last.scroll_into_view_if_needed()
    page.click(".bands a.ask")
    expect(page.locator(".bands a[aria-current]")).to_contain_text("要確認")
    box = page.locator("article.card").first.bounding_box()
    assert box is not None
    assert box["width"] > PHONE["width"] * 0.85


def test_on_paper_a_match_has_no_navigation_but_its_marks(page_as: PageAs, town: DemoTown, tmp_path: Path) -> None:
    page = page_as("aoki", town)
    page.goto(MATCH)
    page.emulate_media(media="print")
    for part in ("header.top", ".skip", ".act"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator("article.card h2").first).to_be_visible()
    text = text_of(page.pdf(format="A4"), tmp_path)
    assert "取扱注意" in text
    assert "佐倉 みお" in text
    assert "R8-" in text


def test_the_printed_match_fits_two_sheets_names_every_fitting_place_and_carries_its_fonts(
    page_as: PageAs, town: DemoTown, tmp_path: Path
) -> None:
    page = page_as("aoki", town)
    page.goto(MATCH)
    names = names_on_cards(page)
    assert len(names) == counts(page)["ok"]
    printed = page.request.get(page.locator("a:text-is('A4で印刷')").get_attribute("href") or "").body()
    text = text_of(printed, tmp_path)
    assert [name for name in names if name.replace(" ", "") not in re.sub(r"\s", "", text)] == []
    assert text.count("\f") <= 2
    fonts = said_by("pdffonts", tmp_path / "paper.pdf").splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes (yes|no) +(yes|no) ", line) for line in fonts), fonts


def text_of(paper: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(paper)
    return said_by("pdftotext", "-layout", folder / "paper.pdf", "-")


def said_by(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def test_looking_for_somebody_leaves_no_name_in_an_address_or_in_the_browser(
    page_as: PageAs, town: DemoTown, watches: list[Watch]
) -> None:
    page = page_as("aoki", town)
    page.goto("/")
    page.fill("#find", "さくら")
    page.press("#find", "Enter")
    page.click(f"a[href='{MATCH}']")
    page.goto("/people")
    page.fill("#q", "佐倉 みお")
    page.click("main button:text-is('さがす')")
    page.click("a:has-text('佐倉 みお')")
    (watch,) = watches
    assert (watch.posts_to("/search"), watch.posts_to("/people/search")) == (1, 1)
    # What every test is checked for at its end, here with two searches behind it.
    watch.check([page])


def test_a_watch_would_notice_a_name_in_an_address(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto("/")
    told = Watch(town.base)
    told.requests.append(("GET", f"{town.base}/people?q=%E4%BD%90%E5%80%89"))
    with pytest.raises(AssertionError):
        told.check([page])


def test_the_demo_ids_the_addresses_are_made_of_are_those_of_the_town(town: DemoTown) -> None:
    with town.reading() as session:
        assert session.get(Need, demo_id("need", "S01/noise")) is not None
