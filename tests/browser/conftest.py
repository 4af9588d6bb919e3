"""A browser on the running demo city; at the end of every test the browser's own complaints are read."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser.demo_town import DemoTown, load_town, open_browser, serve
from tests.browser.places import DESK
from tests.browser.watching import Watch

PageAs = Callable[..., Page]
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


@pytest.fixture
def watches() -> list[Watch]:
    """What was noted in the windows of this test, in the order they were opened."""
    return []


@pytest.fixture
def page_as(chromium: Browser, watches: list[Watch], request: pytest.FixtureRequest) -> Iterator[PageAs]:
    """`page_as("aoki", town)`: a fresh window with that person's session planted; None is nobody."""
    contexts = []

    def open_page(
        login_name: str | None,
        town: DemoTown,
        size: ViewportSize = DESK,
        *,
        script: bool = True,
        expects: tuple[int, ...] = (),
    ) -> Page:
        context = chromium.new_context(
            base_url=town.base, locale="ja-JP", timezone_id="Asia/Tokyo", viewport=size, java_script_enabled=script
        )
        context.set_default_timeout(SLOWEST_MS)
        if login_name is not None:
            context.add_cookies([{"name": "tsunagi", "value": town.sign_in(login_name), "url": town.base}])
        watch = Watch(town.base, expects)
        watch.over(context)
        contexts.append((context, watch))
        watches.append(watch)
        return context.new_page()

    yield open_page
    for context, watch in contexts:
        watch.check(context.pages)
        context.close()
