"""A record with the network cut: kept in the telephone, sent once when it is back, and nothing left after signing out."""

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults
from tests.browser.places import PHONE

pytestmark = pytest.mark.browser
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((one) => one.name), caches: await caches.keys(),
  local: localStorage.length, session: Object.keys(sessionStorage).filter((name) => name !== "htmx-current-path-for-history").length, workers: (await navigator.serviceWorker.getRegistrations()).length })"""
STORED = """async () => new Promise((resolve) => { const r = indexedDB.open('tsunagi-offline'); r.onsuccess = () => {
  const all = []; const stores = ['day', 'queue']; let open = stores.length;
  stores.forEach((name) => { const q = r.result.transaction(name).objectStore(name).getAll();
    q.onsuccess = () => { all.push(...q.result.map((one) => new TextDecoder('latin1').decode(one.text)));
      if (!--open) { r.result.close(); resolve(all.join('|')); } }; }); }; })"""


def opened(page: Page) -> None:
    """The page with the day's visits on it, and its worker at its post: only now may the network go."""
    page.goto("/followup/offline")
    expect(page.locator("[data-visits] button").first).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.ready.then(() => caches.keys()).then((names) => names.length > 0)")


def visits(folder: Path) -> int:
    (file,) = folder.glob("*.sqlite3")
    with sqlite3.connect(file) as database:
        return int(database.execute("select count(*) from visit").fetchone()[0])


def answer(page: Page, name: str, value: str) -> None:
    page.locator(f'[data-offline] input[name="{name}"][value="{value}"]').locator("xpath=..").click()


def write_down(page: Page) -> None:
    page.locator("[data-visits] button").first.click()
    for name, value in (("met", "both"), ("person_says", "want"), ("host_says", "can"), ("state", "stable")):
        answer(page, name, value)
    page.locator('[data-offline] textarea[name="wish"]').fill("週2回にしたい")
    page.get_by_role("button", name="この電話に預ける").click()


def test_a_record_made_without_a_network_is_sent_once_and_leaves_nothing_behind(
    page_as: PageAs, own_town: DemoTown, tmp_path: Path
) -> None:
    page, before = page_as("aoki", own_town, PHONE, expects=(0,)), visits(tmp_path / "data")
    opened(page)
    assert accessibility_faults(page) == []
    person = page.locator("[data-visits] button").first.inner_text()

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-visits] button").first).to_contain_text(person)
    write_down(page)
    expect(page.locator("[data-waiting]")).to_have_text("未送信 1")
    assert visits(tmp_path / "data") == before
    kept = page.evaluate(STORED)
    assert kept
    assert "週2回" not in kept
    assert person not in kept

    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-waiting]")).to_have_text("未送信 0")
    assert visits(tmp_path / "data") == before + 1
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(LEFT) == {"databases": [], "caches": [], "local": 0, "session": 0, "workers": 0}


def test_records_that_wait_are_not_lost_by_signing_out(page_as: PageAs, own_town: DemoTown, tmp_path: Path) -> None:
    page, before = page_as("aoki", own_town, PHONE, expects=(0,)), visits(tmp_path / "data")
    opened(page)
    page.context.set_offline(True)
    write_down(page)
    expect(page.locator("[data-waiting]")).to_have_text("未送信 1")
    page.get_by_role("button", name="サインアウト").click()
    expect(page.locator(".toast")).to_contain_text("未送信の記録が1件")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-waiting]")).to_have_text("未送信 0")
    assert visits(tmp_path / "data") == before + 1


def test_an_acknowledgement_that_was_lost_makes_no_second_record(
    page_as: PageAs, own_town: DemoTown, tmp_path: Path
) -> None:
    page, before = page_as("aoki", own_town, PHONE, expects=(0,)), visits(tmp_path / "data")
    opened(page)
    page.context.route("**/record", lambda route: (route.fetch(max_redirects=0), route.abort())[1], times=1)
    write_down(page)
    expect(page.locator("[data-waiting]")).to_have_text("未送信 1")
    assert visits(tmp_path / "data") == before + 1
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-waiting]")).to_have_text("未送信 0")
    assert visits(tmp_path / "data") == before + 1
