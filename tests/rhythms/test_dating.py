"""From anchors to dates: the scenario's days, pauses, closing, and what holds whatever the anchors."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.followup.policies import presets
from service.followup.rhythms.dating import Anchors, Dated, Dating, date_all
from service.followup.rhythms.rule import AT_HOST, Kind, Offset, Rhythm, rhythm_of, rule_of
from service.kernel.calendar import Calendar, add_months

CALENDAR = Calendar(date(2031, 12, 31))
STANDARD, DENSE = presets()["default"], presets()["dense"]
START = date(2026, 6, 22)
MON_WED = frozenset({0, 2})
STARTS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def dates(rhythm: Rhythm = STANDARD, until: date = date(2028, 6, 30), **anchors: date) -> list[Dated]:
    return date_all(rhythm, CALENDAR, Dating(Anchors(**anchors), MON_WED), until)


def told(found: list[Dated]) -> list[tuple[str, str, str]]:
    return [(each.kind.value, f"{each.raw_on:%m-%d}", f"{each.on:%m-%d}") for each in found]


def test_the_scenario_from_start_to_a_year_after_closing() -> None:
    found = dates(placement_start=START, plan_start=START, closed=date(2026, 12, 22))
    assert told(found) == [
        ("phone", "06-29", "06-29"),
        ("host_visit", "07-06", "07-06"),
        ("visit_and_interview", "07-22", "07-22"),
        ("visit_and_interview", "08-22", "08-24"),
        ("monitoring", "09-22", "09-24"),
        ("visit_and_interview", "09-22", "09-28"),
        ("review_meeting", "12-22", "12-22"),
        ("post_closure_contact", "01-22", "01-22"),
        ("post_closure_contact", "03-22", "03-23"),
        ("post_closure_contact", "06-22", "06-22"),
        ("post_closure_contact", "12-22", "12-22"),
    ]


def test_while_it_goes_on_the_visit_after_six_months_is_asked_for_on_a_day_of_attendance() -> None:
    found = dates(until=date(2026, 12, 31), placement_start=START)
    assert told(found)[-1] == ("visit_and_interview", "12-22", "12-23")
    assert found[-1].reason == "通う日（月水）に合わせて 12/22→12/23"


def test_offsets_are_counted_from_the_start_and_never_from_the_one_before() -> None:
    months = [each.raw_on for each in dates(DENSE, placement_start=date(2026, 8, 31)) if each.rule == "monthly"]
    assert months[:3] == [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)]


def test_a_pause_is_looked_after_instead_of_visited() -> None:
    found = dates(
        until=date(2026, 12, 31), placement_start=START, pause_start=date(2026, 8, 10), pause_end=date(2026, 9, 30)
    )
    assert told([each for each in found if each.rule in ("pause", "resume")]) == [
        ("pause_contact", "08-24", "08-24"),
        ("pause_contact", "09-23", "09-24"),
        ("pause_contact", "10-01", "10-01"),
    ]
    assert not [each for each in found if each.kind in AT_HOST and date(2026, 8, 10) <= each.on <= date(2026, 9, 30)]
    assert ("visit_and_interview", "12-22", "12-23") in told(found)


@pytest.mark.parametrize(("days", "expected"), [(13, 0), (14, 2)])
def test_a_pause_has_its_own_rhythm_from_fourteen_days_on(days: int, expected: int) -> None:
    start = date(2026, 8, 10)
    found = dates(placement_start=START, pause_start=start, pause_end=start + timedelta(days))
    assert len([each for each in found if each.kind is Kind.PAUSE_CONTACT]) == expected


def test_a_pause_without_an_end_goes_on_being_looked_after() -> None:
    found = dates(until=date(2027, 6, 30), placement_start=START, pause_start=date(2026, 8, 10))
    assert len([each for each in found if each.rule == "pause"]) == 11
    assert not [each for each in found if each.kind in AT_HOST and each.on >= date(2026, 8, 10)]


def test_somebody_may_agree_to_other_times_after_closing_or_to_none() -> None:
    closed = Anchors(closed=date(2026, 12, 22))
    other = Dating(closed, own_offsets={"after_close": (Offset(2, 0), Offset(24, 0))})
    none = Dating(closed, own_offsets={"after_close": ()})
    assert [each.raw_on for each in date_all(STANDARD, CALENDAR, other, date(2031, 1, 1))] == [
        date(2027, 2, 22),
        date(2028, 12, 22),
    ]
    assert date_all(STANDARD, CALENDAR, none, date(2031, 1, 1)) == []


def test_without_the_setting_a_visit_stays_on_the_open_day() -> None:
    loose = Rhythm(1, "", STANDARD.rules, on_attendance_day=False)
    assert told(dates(loose, until=date(2026, 9, 30), placement_start=START))[-1] == (
        "visit_and_interview",
        "09-22",
        "09-24",
    )


@given(STARTS, st.sampled_from([STANDARD, DENSE]), st.sets(st.integers(0, 4), min_size=1), st.integers(0, 900))
def test_whatever_the_start_days_are_open_attended_and_in_order(
    start: date, rhythm: Rhythm, attends: set[int], days: int
) -> None:
    until = start + timedelta(days)
    dating = Dating(Anchors(placement_start=start, plan_start=start), frozenset(attends))
    found = date_all(rhythm, CALENDAR, dating, until)
    assert [each.raw_on for each in found] == sorted(each.raw_on for each in found)
    for each in found:
        assert each.raw_on <= until
        assert CALENDAR.is_open(each.on)
        assert each.kind not in AT_HOST or each.on.weekday() in attends
        assert each.early_on <= each.on <= each.late_on
        assert bool(each.reason) == (each.raw_on != each.on)
    assert len({(each.rule, each.sequence) for each in found}) == len(found)


@given(STARTS, st.integers(0, 400), st.integers(1, 200))
def test_looking_further_ahead_adds_and_changes_nothing(start: date, days: int, more: int) -> None:
    anchors = {"placement_start": start, "plan_start": start}
    near = dates(until=start + timedelta(days), **anchors)
    assert dates(until=start + timedelta(days + more), **anchors)[: len(near)] == near


@given(STARTS, st.integers(1, 700))
def test_nothing_but_what_comes_after_it_is_asked_for_once_a_case_is_closed(start: date, days: int) -> None:
    closed = start + timedelta(days)
    found = dates(until=add_months(closed, 24), placement_start=start, plan_start=start, closed=closed)
    assert [each.sequence for each in found if each.on > closed] == [1, 2, 3, 4]


@pytest.mark.parametrize("rhythm", [STANDARD, DENSE], ids=["default", "dense"])
def test_a_rhythm_comes_back_from_its_version_as_it_was(rhythm: Rhythm) -> None:
    assert rhythm_of(0, rhythm.to_json()) == rhythm


@pytest.mark.parametrize(
    "wrong",
    [
        {"offsets": ["3 weeks"]},
        {"offsets": []},
        {"offsets": ["3m", "1m"]},
        {"every": "0d"},
        {"anchor": "birthday"},
        {"kinds": ["dance"]},
        {"before": -1},
        {"priority": 4},
        {"minutes": 1},
        {"label": ""},
        {"colour": "red"},
    ],
    ids=str,
)
def test_what_is_no_rule_is_not_taken_for_one(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        rule_of(STANDARD.rules[0].to_json() | wrong)
