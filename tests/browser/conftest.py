"""A browser on the running demo city; at the end of every test the browser's own complaints are read."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser.demo_town import DemoTown, load_town, open_browser, serve
from tests.browser.places import DESK
from tests.browser.watching import Watch

PageAs = Callable[..., Page]
WindowOf = Callable[[str | None], tuple[Page, Watch]]
SLOWEST_MS = 20_000
expect.set_options(timeout=SLOWEST_MS)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a freshly loaded 汐見市."""
    folder = tmp_path_factory.mktemp("demo")
    load_town(folder)
    return folder


@pytest.fixture(scope="session")
def shared_town(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoTown]:
    """汐見市 for tests that only look."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(demo_folder, folder)
    with serve(folder) as town:
        yield town


@pytest.fixture
def town(shared_town: DemoTown) -> DemoTown:
    """汐見市; a module of tests that write has a town of its own under this name."""
    return shared_town


@pytest.fixture
def own_town(demo_folder: Path, tmp_path: Path) -> Iterator[DemoTown]:
    """汐見市 for one test that writes."""
    shutil.copytree(demo_folder, tmp_path / "data")
    with serve(tmp_path / "data") as town:
        yield town


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield browser
        browser.close()


def open_window(
    chromium: Browser,
    town: DemoTown,
    login_name: str | None,
    size: ViewportSize = DESK,
    *,
    script: bool = True,
    expects: tuple[int, ...] = (),
) -> tuple[Page, Watch]:
    """A fresh window with that person's session planted, and what is noted in it; None is nobody."""
    context = chromium.new_context(
        base_url=town.base, locale="ja-JP", timezone_id="Asia/Tokyo", viewport=size, java_script_enabled=script
    )
    context.set_default_timeout(SLOWEST_MS)
    if login_name is not None:
        context.add_cookies([{"name": "tsunagi", "value": town.sign_in(login_name), "url": town.base}])
    watch = Watch(town.base, expects)
    watch.over(context)
    return context.new_page(), watch


@pytest.fixture
def watches() -> list[Watch]:
    """What was noted in the windows of this test, in the order they were opened."""
    return []


@pytest.fixture
def page_as(chromium: Browser, watches: list[Watch]) -> Iterator[PageAs]:
    """`page_as("aoki", town)`: a window of its own, whose complaints are read at the end of the test."""
    pages = []

    def open_page(login_name: str | None, town: DemoTown, size: ViewportSize = DESK, **more: Any) -> Page:
        page, watch = open_window(chromium, town, login_name, size, **more)
        pages.append(page)
        watches.append(watch)
        return page

    yield open_page
    for page, watch in zip(pages, watches, strict=True):
        watch.check(page.context.pages)
        page.context.close()


@pytest.fixture(scope="module")
def window_of(chromium: Browser, shared_town: DemoTown) -> Iterator[WindowOf]:
    """`window_of("aoki")`: one window for each person through a whole module of looking, which is much quicker."""
    windows: dict[str | None, tuple[Page, Watch]] = {}

    def window(login_name: str | None) -> tuple[Page, Watch]:
        if login_name not in windows:
            windows[login_name] = open_window(chromium, shared_town, login_name)
        return windows[login_name]

    yield window
    for page, _ in windows.values():
        page.context.close()
