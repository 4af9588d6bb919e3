"""Somebody of another agency in a real browser: added on the case's page, then on pages of their own."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from service.accounts.models import User
from service.accounts.roles import TEAM
from service.setup import signature
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults, parts_beyond_the_edge
from tests.browser.places import DESK, PHONE, SAKURA

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["机", "電話"])
def test_a_member_is_added_and_reads_the_shared_parts(page_as: PageAs, own_town: DemoTown, size: dict[str, int]) -> None:
    with own_town.town.database.write(signature=signature(own_town.town, datetime.now(UTC))) as session:
        session.add(User(login_name="miyamoto", name="宮本 由紀", password_hash="x", roles=[TEAM]))
    page = page_as("aoki", own_town, size)
    page.goto(f"/people/{SAKURA}/members")
    page.select_option("#who", label="宮本 由紀")
    page.select_option("#agency", index=1)
    page.click("main button:has-text('加える')")
    expect(page.locator("main")).to_contain_text("宮本 由紀")
    assert accessibility_faults(page) == []
    theirs = page_as("miyamoto", own_town, size)
    theirs.goto("/team")
    theirs.click("main a:has-text('さん')")
    expect(theirs.locator("main")).to_contain_text("会議で決まった宿題")
    assert accessibility_faults(theirs) == []
    assert parts_beyond_the_edge(theirs) == []
