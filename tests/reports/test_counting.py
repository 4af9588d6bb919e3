"""Figures against towns counted by hand; the last and the first day of a year, 2/29, and ends of months among them."""

from datetime import date, timedelta

import pytest

from service.reports.counting import Count, Days, count, make_report, middle, percentage
from service.reports.counting_town import household_type
from service.reports.facts import Ground
from service.reports.figures import BY_KEY, FIGURES, SPANS
from service.reports.periods import Period
from service.reports.presenting import say_days, say_share
from tests.reports.hand import (
    APRIL,
    MARCH,
    TODAY,
    AnswerFact,
    CareFact,
    CaseMove,
    DatedFact,
    DueFact,
    MeetingFact,
    OpeningFact,
    ScreeningFact,
    TieFact,
    case,
    person,
    place,
    sheet,
    walk,
)

YEAR = Period(2026)


def counted(key: str, ground: Ground, period: Period = YEAR, today: date = TODAY) -> Count:
    return count(BY_KEY[key], ground, period, today)


def test_a_sheet_of_the_last_day_of_march_belongs_to_the_year_and_one_of_the_first_of_april_to_the_next() -> None:
    ground = Ground(
        sheets=[sheet("a", MARCH, "care"), sheet("b", MARCH + timedelta(days=1), "care"), sheet("c", APRIL, "debt")]
    )
    assert counted("referrals", ground).total == 2
    assert counted("referrals", ground, Period(2027)).total == 1
    assert counted("referrals", ground, Period(2026, 11, 1)).total == 1


def test_sheets_are_divided_by_source_field_urgency_and_the_most_pressing_trouble() -> None:
    ground = Ground(sheets=[
        sheet("a", APRIL, "care", "debt", pressing="debt", urgent=True),
        sheet("b", APRIL, "withdrawn", source="school"),
        sheet("c", APRIL, "care"),
        sheet("d", APRIL),
    ])  # fmt: skip
    found = counted("referrals", ground)
    assert found.of("source") == {"aged_center": 3, "school": 1}
    assert found.of("field") == {"several": 1, "unknown": 2, "aged": 1}
    assert found.of("urgency") == {"yes": 1, "no": 3}
    assert found.of("trouble") == {"debt": 1, "withdrawn": 1, "care": 1, "unknown": 1}


def test_decisions_are_in_time_by_the_sheet_they_are_about() -> None:
    ground = Ground(
        sheets=[sheet("a", APRIL), sheet("b", APRIL)],
        screenings=[
            ScreeningFact("a", APRIL + timedelta(days=14), "juso"), ScreeningFact("b", APRIL + timedelta(days=15), "ordinary"),
            ScreeningFact("c", APRIL, "advice_only"),
        ],
    )  # fmt: skip
    found = counted("screenings", ground)
    assert found.of("result") == {"juso": 1, "ordinary": 1, "advice_only": 1}
    assert found.of("in_time") == {"on_time": 1, "late": 1, "none": 1}
    assert make_report(ground, YEAR, TODAY).spans["to_screening"] == Days(2, 14.5)


def test_consent_is_what_was_in_force_on_the_last_day_and_the_days_go_to_the_first_yes() -> None:
    people = [person("p", "a"), person("q", "b"), person("r", "c"), person("child", "a", relation="子")]
    ground = Ground(
        cases=[case("a", APRIL), case("b", APRIL), case("c", APRIL)], people=people,
        screenings=[ScreeningFact(one, APRIL, "juso") for one in "abc"],
        answers=[
            AnswerFact("child", APRIL, "given"), AnswerFact("p", APRIL + timedelta(days=3), "given"),
            AnswerFact("q", APRIL, "refused"), AnswerFact("q", MARCH + timedelta(days=1), "given"),
        ],
    )  # fmt: skip
    found = counted("consents", ground)
    assert found.of("state") == {"given": 1, "refused": 1, "pending": 1}
    assert make_report(ground, YEAR, TODAY).spans["to_consent"] == Days(1, 3)


def test_cases_without_consent_are_those_of_the_last_day_by_whether_a_support_meeting_spoke_of_them() -> None:
    ground = Ground(
        cases=[case("a", APRIL), case("b", APRIL), case("c", APRIL, "no_consent_track")],
        moves=[CaseMove("a", APRIL, "intent_check", "no_consent_track", ""), CaseMove("b", APRIL, "intent_check", "no_consent_track", ""),
               CaseMove("b", MARCH, "no_consent_track", "applied", "")],
        meetings=[MeetingFact(MARCH, "support", ("市 福祉課",), frozenset("ab")), MeetingFact(MARCH, "juso", (), frozenset("c"))],
    )  # fmt: skip
    assert counted("without", ground).of("met") == {"yes": 1, "no": 1}
    assert counted("without", ground, Period(2026, 0, 1)).of("met") == {"no": 3}


def test_somebody_with_three_places_is_one_person_and_a_candidate_of_another_year_is_none() -> None:
    ground = Ground(
        cases=[case("a", APRIL), case("b", date(2025, 5, 1), "closed", date(2026, 3, 31))],
        people=[person("p", "a", date(2008, 2, 29)), person("m", "a", date(1970, 1, 1), "母"), person("q", "b")],
        places=[place("1", "p", APRIL), place("2", "p", None, "candidate"), place("3", "q", date(2025, 6, 1), "ended", "closed")],
        steps=[*walk("1", ("candidate", APRIL), ("started", APRIL)),
               *walk("3", ("started", date(2025, 6, 1)), ("ended", date(2026, 3, 31)))],
        sheets=[sheet("a", APRIL, "withdrawn")],
    )  # fmt: skip
    found = counted("participants", ground)
    assert found.total == 1
    assert found.of("age") == {"10": 1}
    assert found.of("household") == {"parents": 1}
    assert found.of("trouble") == {"withdrawn": 1}
    assert counted("people", ground).total == 1
    assert counted("people", ground, Period(2025)).total == 1
    assert counted("cooperating", ground).of("kind") == {"ibasho": 2}


@pytest.mark.parametrize(
    ("period", "band"), [(Period(2027, 10, 1), "20"), (Period(2026, 10, 1), "10"), (Period(2026, 11, 1), "10")]
)
def test_whoever_was_born_on_a_leap_day_is_twenty_on_one(period: Period, band: str) -> None:
    ground = Ground(cases=[case("a", APRIL)], people=[person("p", "a", date(2008, 2, 29))])
    assert counted("people", ground, period, date(2028, 6, 1)).of("age") == {band: 1}


def test_the_household_is_told_from_who_is_there() -> None:
    home = [person("p", "a")]
    kinds = [household_type([*home, *(person(kin, "a", relation=kin) for kin in kins)])
             for kins in ((), ("父", "母"), ("子",), ("母", "子"), ("妻",), ("妻", "子"), ("弟",))]  # fmt: skip
    assert kinds == ["single", "parents", "children", "three", "couple", "children", "other"]


def test_a_start_is_not_counted_again_when_somebody_comes_back_from_a_rest() -> None:
    moves = walk("1", ("candidate", APRIL), ("trial", APRIL), ("started", APRIL), ("on_hold", APRIL), ("started", MARCH))
    ground = Ground(places=[place("1", "p", APRIL)], steps=moves)
    assert counted("starts", ground).total == 1
    assert counted("steps", ground).of("step") == {"candidate": 1, "trial": 1, "started": 1, "on_hold": 1}
    assert counted("trials", ground).of("after") == {"started": 1}


def test_three_months_from_the_end_of_november_are_the_end_of_february() -> None:
    ground = Ground(places=[place("1", "p", date(2026, 11, 30), "stable")], steps=walk("1", ("started", date(2026, 11, 30))))
    assert counted("stable3", ground, Period(2026, 10, 1)).of("state") == {"going": 1}
    assert counted("stable3", ground, Period(2026, 11, 1)).total == 0
    leap = Ground(places=[place("1", "p", date(2027, 11, 30))], steps=walk("1", ("started", date(2027, 11, 30))))
    assert counted("stable3", leap, Period(2027, 10, 1), date(2028, 2, 29)).total == 1
    assert counted("stable3", leap, Period(2027, 10, 1), date(2028, 2, 28)).total == 0


def test_how_a_start_stood_months_later_is_what_its_steps_say_of_that_day() -> None:
    began = APRIL
    ground = Ground(
        places=[place("1", "p", began, "ended", "moved_on"), place("2", "q", began, "stable"), place("3", "r", began, "ended", "closed"),
                place("4", "s", began, "ended", "suspended"), place("5", "t", began)],
        steps=[
            *walk("1", ("started", began), ("ended", date(2026, 6, 30))), *walk("2", ("started", began), ("stable", date(2026, 7, 1))),
            *walk("3", ("started", began), ("ended", date(2026, 7, 2))), *walk("4", ("started", began), ("ended", date(2026, 5, 1))),
            *walk("5", ("started", began), ("on_hold", date(2026, 6, 1))),
        ],
    )  # fmt: skip
    found = counted("stable3", ground).of("state")
    assert found == {"moved_on": 1, "stable": 1, "going": 1, "ended": 1, "resting": 1}
    share = BY_KEY["stable3"].breakdown("state").share
    assert share is not None
    assert (percentage(share, found).part, percentage(share, found).whole) == (2, 4)


def test_the_tie_after_closing_is_what_was_heard_around_the_day() -> None:
    closed = date(2026, 4, 30)
    day = date(2026, 10, 30)
    ground = Ground(
        cared=[CareFact("p", closed, False), CareFact("q", closed, False), CareFact("r", closed, True), CareFact("s", closed, False)],
        ties=[TieFact("p", day - timedelta(days=45), "no"), TieFact("p", day + timedelta(days=45), "yes"),
              TieFact("q", day + timedelta(days=46), "yes"), TieFact("s", day, "thin")],
    )  # fmt: skip
    assert counted("tie6", ground).of("tie") == {"yes": 1, "unasked": 1, "again": 1, "thin": 1}


def test_what_was_due_is_in_time_late_open_or_still_to_come() -> None:
    due = date(2026, 9, 30)
    ground = Ground(followups=[
        DueFact(due, due + timedelta(days=7), due + timedelta(days=7), False, "phone"),
        DueFact(due, due + timedelta(days=7), due + timedelta(days=8), False, "phone"),
        DueFact(due, due + timedelta(days=7), None, False, "letter"), DueFact(due, due, None, True, "letter"),
        DueFact(MARCH, MARCH, None, False, "phone"), DueFact(MARCH + timedelta(days=1), MARCH, None, False, "phone"),
    ])  # fmt: skip
    assert counted("followups", ground).of("in_time") == {"on_time": 1, "late": 1, "open": 1, "off": 1, "coming": 1}
    september = counted("followups", ground, Period(2026, 5, 1))
    assert september.of("in_time") == {"coming": 3, "off": 1}


def test_meetings_are_counted_by_kind_and_each_section_once_a_meeting() -> None:
    rows = [
        MeetingFact(APRIL, "juso", ("市 福祉課", "社協"), frozenset()),
        MeetingFact(MARCH, "support", ("市 福祉課",), frozenset()),
    ]
    ground = Ground(meetings=rows)
    assert counted("meetings", ground).of("kind") == {"juso": 1, "support": 1}
    assert counted("sections", ground).of("section") == {"市 福祉課": 2, "社協": 1}


def test_the_way_from_the_application_ends_at_the_first_place_somebody_saw() -> None:
    ground = Ground(
        cases=[case("a", APRIL)], people=[person("p", "a")],
        moves=[CaseMove("a", APRIL, "intent_check", "applied", "")],
        places=[place("1", "p", None, "visit"), place("2", "p", None, "visit")],
        steps=[*walk("1", ("candidate", APRIL), ("visit", date(2026, 5, 11))), *walk("2", ("visit", date(2026, 5, 1)))],
    )  # fmt: skip
    assert make_report(ground, YEAR, TODAY).spans["to_visit"] == Days(1, 30)


def test_openings_are_free_full_or_unknown_and_fresh_stale_or_never_confirmed() -> None:
    rows = [OpeningFact(2, 3, 1, TODAY - timedelta(days=90)), OpeningFact(0, 1, 1, TODAY - timedelta(days=91)),
            OpeningFact(None, None, 0, None)]  # fmt: skip
    ground = Ground(openings=rows, counted_on=TODAY)
    assert counted("openings", ground).of("free") == {"free": 1, "full": 1, "unknown": 1}
    assert counted("openings", ground).of("fresh") == {"fresh": 1, "stale": 1, "never": 1}
    assert counted("places", ground).of("use") == {"free": 2, "used": 2}


def test_gaps_are_divided_by_reason_district_and_age_and_by_all_three() -> None:
    one = {"code": "時間", "district": "岡本", "age": "20〜39歳"}
    ground = Ground(gaps=[DatedFact(APRIL, one), DatedFact(MARCH, {**one, "district": "玉縄"}), DatedFact(APRIL, one)])
    found = counted("gaps", ground)
    assert found.of("district") == {"岡本": 2, "玉縄": 1}
    assert found.of("cross") == {"時間｜岡本｜20〜39歳": 2, "時間｜玉縄｜20〜39歳": 1}


def test_no_percentage_is_told_of_fewer_than_five() -> None:
    breakdown = BY_KEY["trials"].breakdown("after")
    assert "割合は出しません" in say_share(breakdown, {"started": 3, "not": 1})
    assert "%" not in say_share(breakdown, {"started": 3, "not": 1})
    assert say_share(breakdown, {"started": 3, "not": 2}) == "利用開始に進んだ割合：60%（3／5）"


def test_a_median_of_fewer_than_five_is_not_called_usual() -> None:
    assert say_days(middle([1, 2])) == "中央値 1.5日（2件）　5件に満たないので、めやすにはなりません"
    assert say_days(middle([1, 2, 3, 4, 5])) == "中央値 3日（5件）"
    assert say_days(middle([])) == "0件"


def test_a_town_without_anything_has_every_figure_and_each_is_nought() -> None:
    report = make_report(Ground(), YEAR, TODAY)
    assert {key: found.total for key, found in report.counts.items()} == dict.fromkeys((each.key for each in FIGURES), 0)
    assert report.spans == dict.fromkeys((each.key for each in SPANS), Days(0, None))


def test_the_months_of_what_adds_up_make_up_the_year() -> None:
    days = [date(2026, 4, 1) + timedelta(days=9 * at) for at in range(40)]
    ground = Ground(
        sheets=[sheet(str(at), day, "care") for at, day in enumerate(days)], gaps=[DatedFact(day, {}) for day in days]
    )
    report = make_report(ground, YEAR, TODAY)
    for key in ("referrals", "gaps"):
        assert sum(report.months[key]) == report.counts[key].total == 40
