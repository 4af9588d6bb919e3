"""合同照合 in a browser: from the question to the accepted line and the paper, with a worker beside the server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from service.cases.models import Placement
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults, parts_beyond_the_edge, small_targets, tab_to
from tests.browser.places import DESK, PHONE

pytestmark = pytest.mark.browser
SOLVED_WITHIN_MS = 90_000


@pytest.fixture
def town(own_town: DemoTown, tmp_path: Path) -> Iterator[DemoTown]:
    """汐見市 with somebody who does its jobs."""
    environment = os.environ | {"TSUNAGI_DATA": str(tmp_path / "data")}
    with subprocess.Popen([sys.executable, "-m", "service", "worker", "--poll", "0.2"], env=environment) as worker:
        yield own_town
        worker.terminate()


def placements(town: DemoTown) -> int:
    with town.reading() as session:
        return session.scalar(select(func.count()).select_from(Placement)) or 0


def ask_and_wait(page: Page) -> str:
    """Press the button and watch until the result is there; answers its address."""
    page.click("button:text-is('計算する')")
    expect(page.locator("progress")).to_be_visible()
    wait_for_result(page)
    return page.url


def wait_for_result(page: Page) -> None:
    expect(page.locator("nav.bands")).to_be_visible(timeout=SOLVED_WITHIN_MS)


def own_lines(page: Page) -> list[str]:
    """The ids of lines 青木 may decide about."""
    found: list[str] = page.eval_on_selector_all(".line:has(.decline)", "all => all.map(line => line.id)")
    return found


def people(page: Page, at: int) -> int:
    return int(page.locator("nav.bands b").nth(at).inner_text().removesuffix("人"))


def test_from_thirty_people_to_two_candidates_and_a_sheet_of_paper(page_as: PageAs, town: DemoTown, tmp_path: Path) -> None:
    page, before = page_as("aoki", town), placements(town)
    page.goto("/joint")
    page.click("a:text-is('人と場所を選んで始める') >> nth=0")
    everybody = int(page.locator(".size b").first.inner_text())
    page.locator("input[name=c]").first.check()
    expect(page.locator(".size b").first).not_to_have_text(str(everybody))
    page.locator("input[name=c]").first.uncheck()
    expect(page.locator(".size b").first).to_have_text(str(everybody))
    assert everybody >= 27

    run = ask_and_wait(page)
    assert people(page, 0) + people(page, 1) == everybody
    # On a busy machine the clock may end it before the proof; the page then says so.
    expect(page.locator("aside")).to_contain_text(re.compile("最良と証明済み|これまでの最良"))
    for number in range(3):
        page.goto(run)
        page.locator(".line .does > a").nth(number).click()
        expect(page.locator("main")).to_contain_text("なぜここか")
        page.select_option("#opening", index=2)
        page.click("button:text-is('聞く')")
        expect(page.locator(".box h3")).to_be_visible()

    page.goto(run)
    held, dropped = own_lines(page)[:2]
    line = page.locator(f"#{dropped}")
    line.locator(".decline > summary").click()
    line.locator("select").select_option("travel")
    line.locator(".decline button").click()
    expect(page.locator("#flash")).to_contain_text("案から外しました")
    page.locator(f"#{held} .pick input").check()
    page.click("button:text-is('このままにして計算し直す')")
    wait_for_result(page)
    assert page.url != run
    expect(page.locator("aside")).to_contain_text("決めておく：")
    expect(page.locator("aside")).to_contain_text("外しておく：")
    page.click("nav.bands a.same")
    expect(page.locator("main")).to_contain_text("変わらない人は")

    page.click("nav.bands a.ok")
    assert placements(town) == before
    for line_id in own_lines(page)[:2]:
        page.locator(f"#{line_id} .pick input").check()
    page.click("button:text-is('候補に決める')")
    expect(page.locator(".line.accepted")).to_have_count(2)
    assert placements(town) == before + 2

    address = page.locator("a:text-is('A4で印刷')").get_attribute("href")
    assert address is not None
    sheet = tmp_path / "joint.pdf"
    sheet.write_bytes(page.request.get(address).body())
    said = subprocess.run(["pdftotext", "-layout", sheet, "-"], capture_output=True, text=True, check=True).stdout
    assert "合同照合の案" in said
    assert "取扱注意" in said
    assert re.search(r"1／\d", said)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["机", "電話"])
def test_every_part_of_a_run_is_accessible_and_fits_its_window(
    page_as: PageAs, town: DemoTown, size: dict[str, int]
) -> None:
    page = page_as("aoki", town, size)
    page.goto("/joint/new")
    run = ask_and_wait(page)
    who = page.locator(".line .does > a").first.get_attribute("href")
    for path in ("/joint", run, f"{run}?tab=no", f"{who}"):
        page.goto(path)
        assert parts_beyond_the_edge(page) == []
        assert accessibility_faults(page) == []
        if size is PHONE:
            assert small_targets(page) == []


def test_a_run_goes_by_keyboard_alone(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town)
    page.goto("/joint/new")
    tab_to(page, "#start button", most=120)
    page.keyboard.press("Enter")
    wait_for_result(page)
    first = own_lines(page)[0]
    tab_to(page, f"#{first} .pick input", most=200)
    page.keyboard.press("Space")
    page.locator("#lines button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".line.accepted")).to_have_count(1)


def test_a_run_works_without_a_script(page_as: PageAs, town: DemoTown) -> None:
    page = page_as("aoki", town, script=False)
    page.goto("/joint/new")
    page.get_by_label("青木 由美").check()
    page.click("button:text-is('この条件で数える')")
    page.click("button:text-is('計算する')")
    # The page asks again by itself every few seconds.
    wait_for_result(page)
    first = own_lines(page)[0]
    page.locator(f"#{first} .pick input").check()
    page.click("button:text-is('候補に決める')")
    expect(page.locator(".line.accepted")).to_have_count(1)


def test_a_waiting_run_can_be_stopped(page_as: PageAs, own_town: DemoTown) -> None:
    page = page_as("aoki", own_town)
    page.goto("/joint/new")
    page.click("button:text-is('計算する')")
    page.click("button:text-is('中止する')")
    expect(page.locator("main")).to_contain_text("頼んだ人が中止したので、案はありません")
