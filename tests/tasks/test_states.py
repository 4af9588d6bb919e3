"""The states of a follow-up: the table, and who is told when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.followup.tasks.models import CANCELLED, CONFIRMED, DONE, MISSED, PLANNED
from service.followup.tasks.states import (
    MEETING,
    STATE_LABELS,
    SUPERVISOR,
    Event,
    Standing,
    after,
    days_overdue,
    due_escalation,
    next_try,
    retry_window,
)
from service.kernel.calendar import Calendar

CALENDAR = Calendar(date(2027, 12, 31))
TODAY = date(2026, 11, 24)
STATES = tuple(STATE_LABELS)


def standing(**changed: object) -> Standing:
    values: dict[str, object] = {
        "state": PLANNED, "priority": 2, "late_on": TODAY, "channels": (), "escalation": 0, "escalated_on": None, "is_handled": False,
    }  # fmt: skip
    return Standing(**(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", Event)
def test_what_is_over_stays_over(state: str, event: Event) -> None:
    became = after(state, event)
    if state == CANCELLED:
        assert became is None
    if state == DONE:
        assert became == (DONE if event is Event.CORRECT else None)
    assert became is None or became in STATES


def test_a_missed_one_is_open_until_it_is_done_or_called_off() -> None:
    assert after(MISSED, Event.FINISH) == DONE
    assert after(MISSED, Event.CONFIRM) == CONFIRMED
    assert after(MISSED, Event.MISS) is None


def test_the_last_day_is_in_time_all_day_and_overdue_counts_whole_days() -> None:
    assert days_overdue(PLANNED, TODAY, TODAY) == 0
    assert days_overdue(PLANNED, TODAY, TODAY + timedelta(days=3)) == 3
    assert days_overdue(DONE, TODAY, TODAY + timedelta(days=3)) == 0


def test_three_tries_in_two_ways_reach_the_supervisor_and_one_way_alone_does_not() -> None:
    assert due_escalation(standing(channels=("phone", "phone", "phone")), CALENDAR, TODAY) == 0
    assert due_escalation(standing(channels=("phone", "visit", "phone")), CALENDAR, TODAY) == SUPERVISOR


@pytest.mark.parametrize(("priority", "open_days"), [(2, 10), (3, 3)])
def test_being_late_reaches_the_supervisor_the_sooner_the_weightier(priority: int, open_days: int) -> None:
    late = standing(priority=priority)
    last = CALENDAR.add_open_days(TODAY, open_days)
    assert due_escalation(late, CALENDAR, last) == 0
    assert due_escalation(late, CALENDAR, CALENDAR.add_open_days(last, 1)) == SUPERVISOR


def test_a_supervisor_has_five_open_days_before_it_stands_on_the_agenda() -> None:
    told = standing(escalation=SUPERVISOR, escalated_on=TODAY)
    last = CALENDAR.add_open_days(TODAY, 5)
    assert due_escalation(told, CALENDAR, last) == SUPERVISOR
    assert due_escalation(told, CALENDAR, CALENDAR.add_open_days(last, 1)) == MEETING


@given(
    st.sampled_from(STATES), st.integers(1, 3), st.integers(0, 60), st.lists(st.sampled_from(["phone", "visit", "letter"])),
    st.integers(0, 2), st.booleans(),
)  # fmt: skip
def test_it_only_rises_and_never_once_somebody_has_dealt_with_it(
    state: str, priority: int, days: int, channels: list[str], level: int, is_handled: bool
) -> None:
    now = TODAY + timedelta(days=days)
    found = due_escalation(
        standing(
            state=state, priority=priority, channels=channels, escalation=level, escalated_on=TODAY, is_handled=is_handled
        ),
        CALENDAR,
        now,
    )
    assert level <= found <= max(level, MEETING)
    assert found == level or (not is_handled and state not in (DONE, CANCELLED))


@given(st.lists(st.tuples(st.dates(date(2026, 11, 1), TODAY), st.sampled_from(["phone", "visit", "letter"])), max_size=4))
def test_the_next_try_is_on_an_open_day_and_another_way_while_there_is_one(tried: list[tuple[date, str]]) -> None:
    day, way = next_try(tried, CALENDAR, TODAY, ("phone", "visit", "letter"))
    assert CALENDAR.is_open(day)
    assert day > TODAY
    assert way not in {used for _, used in tried} or len({used for _, used in tried}) == 3


def test_after_a_missed_one_there_are_five_open_days() -> None:
    assert retry_window(CALENDAR, date(2026, 12, 25)) == (date(2026, 12, 25), date(2027, 1, 4), date(2027, 1, 7))
