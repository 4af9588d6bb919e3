"""Every page, at the desk, on a telephone and at twice the size."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageAs, WindowOf
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults, parts_beyond_the_edge
from tests.browser.places import DESK, PHONE, PLACES, ZOOMED, Place, pages_never_looked_at
from tests.resources.kodomo_rows import GOOD, csv_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_accessible_and_never_wider_than_its_window(window_of: WindowOf, place: Place) -> None:
    page, watch = window_of(place.login_name)
    watch.begin_anew(expects=(place.status,))
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        answer = page.goto(place.path)
        assert answer is not None
        assert answer.status == place.status
        assert parts_beyond_the_edge(page) == []
        assert accessibility_faults(page, colours=size is DESK) == []
    page.set_viewport_size(ZOOMED)
    assert parts_beyond_the_edge(page) == []
    watch.check([page])


def test_every_page_of_the_application_is_among_those_looked_at(town: DemoTown) -> None:
    assert pages_never_looked_at(town.app) == set()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["机", "電話"])
def test_the_preview_of_an_import_is_accessible_too(page_as: PageAs, own_town: DemoTown, size: dict[str, int]) -> None:
    page = page_as("aoki", own_town, size)
    page.goto("/hosts/import")
    rows = csv_of([GOOD, {**GOOD, "NO": "2", "名称": "なぞの食堂", "緯度": "139.4", "経度": "35.9"}])
    page.set_input_files("input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": rows})
    page.click("button:has-text('中身を確かめる')")
    expect(page.locator("main")).to_contain_text("みんなの食堂")
    assert accessibility_faults(page) == []
    assert parts_beyond_the_edge(page) == []
