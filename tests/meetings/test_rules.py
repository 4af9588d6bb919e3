"""The rules of the two kinds of meeting: consent and the municipality here, secrecy there."""

from dataclasses import replace
from datetime import date

import pytest

from service.kernel.calendar import Calendar
from service.meetings.rules import (
    ANSWERS,
    DECISIONS,
    JUSO,
    OTHER,
    PURPOSES,
    SUPPORT,
    ItemFact,
    MeetingFact,
    SeatFact,
    for_calling,
    for_deciding,
    for_finishing,
    for_holding,
    for_inviting,
    for_item,
)
from service.meetings.series import coming, nth_weekday

CITY, AGENCY = SeatFact(True, "yes", True), SeatFact(False, "yes", True)
CASE = ItemFact("plan", is_case=True, has_consent=True)
AHEAD = MeetingFact(JUSO, "invited", seats=(CITY, AGENCY), items=(CASE,))
HELD = replace(AHEAD, status="held")


def codes(missing: object) -> list[str]:
    return [each.code for each in missing]  # type: ignore[attr-defined]


def test_every_purpose_has_its_answers() -> None:
    assert set(ANSWERS) == set(PURPOSES)
    assert {each for answers in ANSWERS.values() for each in answers} == set(DECISIONS)


def test_a_support_meeting_is_the_municipalitys_to_call() -> None:
    assert codes(for_calling(MeetingFact(SUPPORT, "planned"))) == ["convenor"]
    assert not codes(for_calling(MeetingFact(SUPPORT, "planned", convenor_is_municipal=True)))
    assert not codes(for_calling(MeetingFact(JUSO, "planned")))


@pytest.mark.parametrize(
    ("kind", "item", "expected"),
    [
        (JUSO, CASE, []),
        (JUSO, replace(CASE, has_consent=False), ["consent"]),
        (JUSO, replace(CASE, is_abuse=True), ["abuse"]),
        (SUPPORT, CASE, ["kind"]),
        (SUPPORT, replace(CASE, purpose="share", has_consent=False), []),
        (OTHER, replace(CASE, purpose="close"), ["kind"]),
        (OTHER, ItemFact("gap"), []),
    ],
)
def test_what_may_stand_on_which_agenda(kind: str, item: ItemFact, expected: list[str]) -> None:
    assert codes(for_item(replace(AHEAD, kind=kind), item)) == expected


def test_nothing_is_put_on_a_meeting_that_was_held() -> None:
    assert codes(for_item(HELD, CASE)) == ["held"]


def test_nobody_is_invited_to_nothing() -> None:
    assert codes(for_inviting(MeetingFact(JUSO, "planned"))) == ["seats", "items"]
    assert codes(for_inviting(AHEAD)) == ["status"]


def test_a_meeting_is_held_when_everybodys_presence_is_known() -> None:
    assert codes(for_holding(replace(AHEAD, seats=()))) == ["attendance"]
    assert codes(for_holding(replace(AHEAD, seats=(CITY, replace(AGENCY, attended=""))))) == ["unsaid"]
    assert not codes(for_holding(AHEAD))


def test_a_support_meeting_is_held_when_all_who_came_have_sworn() -> None:
    unsworn = replace(AHEAD, kind=SUPPORT, seats=(CITY, replace(AGENCY, has_sworn=False)))
    assert codes(for_holding(unsworn)) == ["secrecy"]
    assert not codes(for_holding(replace(unsworn, kind=JUSO)))
    away = replace(unsworn, seats=(CITY, SeatFact(False, "no", False)))
    assert not codes(for_holding(away))


@pytest.mark.parametrize(
    ("meeting", "item", "decision", "expected"),
    [
        (HELD, CASE, "approve", []),
        (AHEAD, CASE, "approve", ["not-held"]),
        (HELD, CASE, "close", ["decision"]),
        (replace(HELD, seats=(AGENCY,)), CASE, "approve", ["municipal"]),
        (replace(HELD, seats=(AGENCY, replace(CITY, attended="no"))), CASE, "approve", ["municipal"]),
        (HELD, replace(CASE, has_consent=False), "approve", ["consent"]),
        (replace(HELD, kind=SUPPORT, seats=(AGENCY,)), ItemFact("share", True), "share", []),
    ],
)
def test_what_may_be_decided(meeting: MeetingFact, item: ItemFact, decision: str, expected: list[str]) -> None:
    assert codes(for_deciding(meeting, item, decision)) == expected


def test_a_meeting_is_done_when_nobody_waits_to_hear() -> None:
    done = replace(HELD, status="decided", items=(replace(CASE, decision="approve"),))
    assert not codes(for_finishing(done))
    assert codes(for_finishing(replace(done, owed=2))) == ["owed"]
    assert codes(for_finishing(HELD)) == ["undecided"]


def test_the_fifth_of_a_weekday_is_the_last_there_is() -> None:
    assert nth_weekday(2026, 12, 2, 2) == date(2026, 12, 9)
    assert nth_weekday(2027, 2, 5, 0) == date(2027, 2, 22)


def test_a_day_of_the_series_that_is_closed_moves_on_and_says_why() -> None:
    calendar = Calendar(date(2027, 12, 31), {})
    days = coming((11, 12, 1), 5, 3, calendar, date(2026, 11, 27), 2)
    # 2026-12-31 is the last Thursday; the office opens again on January 4th.
    assert days[0][0] == date(2027, 1, 4)
    assert "年末年始" in days[0][1]
    assert coming((), 1, 1, calendar, date(2026, 11, 27), 3) == []
