"""Setting a second factor up and signing in with it, in a browser, by keyboard, at both widths."""

import pyotp
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from service.accounts.doors import save_access
from service.accounts.models import User
from service.accounts.roles import COORDINATOR
from service.accounts.second.keeping import factor_of
from service.kernel.clock import now_utc
from service.setup import signature
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults
from tests.browser.places import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def town(own_town: DemoTown) -> DemoTown:
    """汐見市, which from today asks its coordinators for a second factor."""
    with own_town.town.database.write(signature=signature(own_town.town, now_utc())) as session:
        save_access(session, 1, 60, [COORDINATOR])
    return own_town


def type_password(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("[name=login_name]", "aoki")
    page.fill("[name=password]", "shiomi-demo")
    page.keyboard.press("Enter")


def leave(page: Page) -> None:
    page.click("text=サインアウト")
    page.wait_for_url("**/sign-in")


def set_up_at_the_door(page: Page) -> tuple[str, str]:
    """Read the secret, type the first code; answers the secret and the first code on paper."""
    type_password(page)
    expect(page.locator("h1")).to_have_text("二段階のサインイン")
    assert accessibility_faults(page) == []
    page.locator("summary").press("Enter")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("予備の番号")
    assert accessibility_faults(page) == []
    paper = page.locator(".recovery code").all_inner_texts()
    assert len(paper) == 10
    page.click("text=控えたので、続ける")
    expect(page.locator("nav")).to_contain_text("今日")
    return secret, paper[0]


def let_half_a_minute_pass(town: DemoTown) -> None:
    """The code just used is of the past, as it will be by the next sign-in."""
    with town.town.database.write(signature=signature(town.town, now_utc())) as session:
        user = session.scalars(select(User).where(User.login_name == "aoki")).one()
        row = factor_of(session, user.id)
        assert row is not None
        row.used_step -= 2


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_from_the_first_set_up_to_a_lost_telephone(page_as: PageAs, town: DemoTown, size: ViewportSize) -> None:
    page = page_as(None, town, size, expects=(422,))
    secret, on_paper = set_up_at_the_door(page)
    leave(page)
    let_half_a_minute_pass(town)
    type_password(page)
    expect(page.locator("h1")).to_have_text("番号を入れる")
    assert accessibility_faults(page) == []
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_contain_text("番号が合いません")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator("nav")).to_contain_text("今日")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("あと10個")
    assert accessibility_faults(page) == []
    leave(page)
    type_password(page)
    page.fill("[name=code]", on_paper)
    page.keyboard.press("Enter")
    expect(page.locator("nav")).to_contain_text("今日")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("あと9個")
