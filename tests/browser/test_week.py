"""The week moved with the mouse, by keyboard and without a script: the same move, and the same words about it."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from service.accounts.models import User
from service.followup.rhythms.rule import AT_HOST
from service.followup.tasks.models import CONFIRMED, OPEN, FollowUp
from service.kernel.clock import day_in_japan, now_utc
from service.setup import signature
from tests.browser.conftest import PageAs
from tests.browser.demo_town import DemoTown
from tests.browser.looking import accessibility_faults
from tests.browser.places import DESK, PHONE

pytestmark = pytest.mark.browser


def monday() -> date:
    """Of the week after next: no day of it has passed."""
    today = day_in_japan(now_utc())
    return today + timedelta(days=14 - today.weekday())


def stand(town: DemoTown, state: str = "planned") -> str:
    """One open visit of 青木's, put on that Monday at two; its id."""
    with town.town.database.write(signature=signature(town.town, now_utc())) as session:
        aoki = session.scalars(select(User).where(User.login_name == "aoki")).one()
        open_ones = (FollowUp.staff_id == aoki.id, FollowUp.state.in_(OPEN), FollowUp.kind.in_(AT_HOST))
        row = session.scalars(select(FollowUp).where(*open_ones).order_by(FollowUp.key).limit(1)).one()
        row.on, row.start_min, row.state, row.second_id = monday(), 840, state, None
        return row.id


def standing(town: DemoTown, id_: str) -> tuple[date | None, str]:
    """Where it stands."""
    with town.reading() as session:
        row = session.get_one(FollowUp, id_)
        return row.on, row.state


def cell_on(page: Page, day: date) -> str:
    """The cell of 青木's row on a day."""
    return str(page.locator(f'tr:has(th:text("青木")) td[data-cell$="|{day}"]').get_attribute("data-cell"))


def test_a_visit_is_dragged_to_another_day_and_the_page_says_what_that_breaks(page_as: PageAs, own_town: DemoTown) -> None:
    id_ = stand(own_town)
    page = page_as("aoki", own_town, DESK)
    page.goto(f"/followup/week?from={monday()}")
    thursday = monday() + timedelta(days=3)
    page.locator(f'[data-carry="{id_}"]').drag_to(page.locator(f'[data-cell="{cell_on(page, thursday)}"]'))
    expect(page.locator("#flash")).to_contain_text("動かしました")
    expect(page.locator("#hand")).to_contain_text(re.compile("気をつけること|合わないところは見つかっていません"))
    assert standing(own_town, id_)[0] == thursday
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="元に戻す").click()
    expect(page.locator("#flash")).to_contain_text("元に戻しました")
    assert standing(own_town, id_)[0] == monday()


def test_a_promise_that_is_dragged_stays_and_is_moved_with_a_reason(page_as: PageAs, own_town: DemoTown) -> None:
    id_ = stand(own_town, CONFIRMED)
    page = page_as("aoki", own_town, DESK, expects=(409,))
    page.goto(f"/followup/week?from={monday()}")
    day = monday() + timedelta(days=1)
    page.locator(f'[data-carry="{id_}"]').drag_to(page.locator(f'[data-cell="{cell_on(page, day)}"]'))
    expect(page.get_by_role("alert")).to_contain_text("まだ動かしていません")
    assert standing(own_town, id_) == (monday(), CONFIRMED)
    assert accessibility_faults(page) == []
    page.get_by_label("約束を変えるわけ").fill("受け入れ先の都合")
    page.get_by_role("button", name="ここに動かす").click()
    expect(page.locator("#flash")).to_contain_text("動かしました")
    assert standing(own_town, id_) == (day, "planned")


@pytest.mark.parametrize("script", [True, False])
def test_the_keyboard_moves_it_with_and_without_a_script(page_as: PageAs, own_town: DemoTown, *, script: bool) -> None:
    id_ = stand(own_town)
    page = page_as("aoki", own_town, PHONE, script=script)
    page.goto(f"/followup/week?from={monday()}")
    page.locator(f'a.move[href*="{id_}"]').focus()
    page.keyboard.press("Enter")
    day = monday() + timedelta(days=2)
    page.locator(f'button[value="{cell_on(page, day)}"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("動かしました")
    assert standing(own_town, id_)[0] == day
    page.get_by_label("日にち").fill((monday() + timedelta(days=4)).isoformat())
    page.get_by_label("日にち").press("Enter")
    expect(page.locator("#hand")).to_contain_text(f"{(monday() + timedelta(days=4)).day}（金）")
    assert standing(own_town, id_)[0] == monday() + timedelta(days=4)


def test_from_what_has_no_day_it_is_one_tap_to_the_week_with_it_in_hand(page_as: PageAs, own_town: DemoTown) -> None:
    page = page_as("aoki", own_town, DESK)
    page.goto("/followup/week")
    page.get_by_role("link", name=re.compile("日が組めなかったもの")).click()
    page.get_by_role("link", name=re.compile("週で日を決める")).first.click()
    expect(page.locator("#hand")).to_contain_text("行く人")
    assert accessibility_faults(page) == []
