"""The office's days, as the rules of timing want them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.calendar import Calendar, NoOpenDay, Roll, add_months, published_until

CALENDAR = Calendar(date(2027, 12, 31))
DAYS = st.dates(date(2020, 1, 1), date(2031, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 8, 31), 2, date(2026, 10, 31)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
    ],
)
def test_a_month_later_keeps_the_day_and_ends_with_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 24), ""),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 9, 23), "秋分の日"),
        (date(2027, 3, 22), "春分の日 振替休日"),
        (date(2026, 12, 28), ""),
        (date(2026, 12, 29), "年末年始"),
        (date(2027, 1, 1), "年末年始"),
        (date(2027, 1, 4), ""),
        (date(2026, 11, 28), "土曜"),
        (date(2026, 11, 29), "日曜"),
    ],
)
def test_closed_days_say_why(day: date, why: str) -> None:
    assert CALENDAR.why_closed(day) == why


def test_a_towns_own_closed_day_is_closed() -> None:
    calendar = Calendar(date(2027, 12, 31), {date(2026, 11, 24): "市制記念日"})
    moved = calendar.move(date(2026, 11, 24))
    assert (moved.on, moved.reason) == (date(2026, 11, 25), "市制記念日のため 11/24→11/25")


@pytest.mark.parametrize(
    ("raw_on", "attends", "on", "reason"),
    [
        (date(2026, 12, 29), (), date(2027, 1, 4), "年末年始のため 12/29→1/4"),
        (date(2026, 8, 22), (0, 2), date(2026, 8, 24), "土曜・日曜のため 8/22→8/24"),
        (date(2026, 9, 22), (), date(2026, 9, 24), "国民の休日・秋分の日のため 9/22→9/24"),
        (date(2026, 9, 22), (0, 2), date(2026, 9, 28), "国民の休日・秋分の日のため、通う日（月水）に合わせて 9/22→9/28"),
        (date(2026, 12, 22), (0, 2), date(2026, 12, 23), "通う日（月水）に合わせて 12/22→12/23"),
        (date(2026, 7, 6), (0, 2), date(2026, 7, 6), ""),
    ],
)
def test_a_due_day_moves_to_an_open_day_and_says_why(raw_on: date, attends: tuple[int, ...], on: date, reason: str) -> None:
    moved = CALENDAR.move(raw_on, attends=attends)
    assert (moved.on, moved.reason) == (on, reason)


def test_a_deadline_may_move_back_instead() -> None:
    assert CALENDAR.move(date(2026, 12, 30), Roll.PRECEDING).on == date(2026, 12, 28)


def test_days_beyond_the_published_holidays_are_marked() -> None:
    assert CALENDAR.move(date(2028, 1, 5)).is_unconfirmed
    assert not CALENDAR.move(date(2027, 12, 28)).is_unconfirmed
    assert published_until(date(2026, 11, 27)) == date(2027, 12, 31)
    assert published_until(date(2027, 1, 15)) == date(2027, 12, 31)


def test_five_open_days_pass_over_the_turn_of_the_year() -> None:
    assert CALENDAR.add_open_days(date(2026, 12, 22), 5) == date(2027, 1, 4)
    assert CALENDAR.add_open_days(date(2027, 1, 4), -5) == date(2026, 12, 22)


def test_nobody_attends_on_a_closed_weekday_for_ever() -> None:
    with pytest.raises(NoOpenDay):
        CALENDAR.move(date(2026, 11, 24), attends=(6,))


@given(DAYS, st.sets(st.integers(0, 4)), st.sampled_from(Roll))
def test_whatever_the_day_it_lands_open_and_attended_and_on_the_right_side(day: date, attends: set[int], roll: Roll) -> None:
    moved = CALENDAR.move(day, roll, attends)
    assert CALENDAR.is_open(moved.on)
    assert not attends or moved.on.weekday() in attends
    assert (moved.on - day if roll is Roll.FOLLOWING else day - moved.on) >= timedelta(0)
    assert bool(moved.reason) == (moved.on != day)
