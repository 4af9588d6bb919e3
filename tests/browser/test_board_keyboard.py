"""The board and the page of a placement without a mouse: two keys of Enter from the board to the next step."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults, tab_to
from tests.browser.places import DESK
from tests.browser.test_ladder import become_candidate

pytestmark = pytest.mark.browser


def test_a_step_is_taken_from_the_board_by_keyboard_alone(page_as: PageAs, own_town: DemoTown) -> None:
    page = page_as("aoki", own_town, DESK)
    here = become_candidate(page)
    page.goto("/placements")
    assert accessibility_faults(page) == []
    tab_to(page, f"a.btn[href^='/placements/{here.rsplit('/', 1)[1]}?act=']", most=200)
    page.keyboard.press("Enter")
    page.wait_for_url("**act=sound**")
    tab_to(page, "main form .foot button", most=120)
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step]")).to_contain_text("打診")
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("narrowed", ["?overdue=1&who=mine", "?stalled=1&who=mine", "?step=settled&who=mine"])
def test_an_empty_board_says_so_and_the_way_out_is_reached_by_keyboard(
    page_as: PageAs, own_town: DemoTown, narrowed: str
) -> None:
    page = page_as("ishii", own_town, DESK)
    page.goto(f"/placements{narrowed}")
    if page.locator("main .tile").count() == 0:
        expect(page.locator("main")).to_contain_text("ません")
    tab_to(page, "nav[aria-label='しぼり込み'] a.chip.on", most=120)
    assert accessibility_faults(page) == []
