"""Single rules at their edges, as domain words say them."""

from datetime import date, timedelta

import pytest

from service.kernel.geo.distance import distance_km
from service.kernel.vocab import Strength
from service.matching.bands import Band
from service.matching.facts import UNKNOWN, Area, ConsentMissing, Need, PersonFacts, Slot
from tests.matching.cast import TODAY, anybody, finding, judge, place

MET, ASK, NO = 0, 1, 2
HOME = {"lat": 35.33, "lon": 139.55}


def hours(text_start: int, text_end: int, *days: int) -> tuple[Slot, ...]:
    return tuple(Slot(day, text_start * 60, text_end * 60) for day in days)


def test_without_consent_nothing_is_computed() -> None:
    with pytest.raises(ConsentMissing) as refusal:
        judge(PersonFacts(consented=False), place())
    assert refusal.value.code == "R-CONSENT"


@pytest.mark.parametrize(
    ("status", "until", "expected"),
    [
        ("open", None, MET),
        ("limited", None, MET),
        ("paused", None, NO),
        ("paused", TODAY, NO),
        ("paused", TODAY - timedelta(1), MET),
        ("ended", None, NO),
    ],
)
def test_a_pause_lasts_through_its_last_day(status: str, until: date | None, expected: int) -> None:
    assert finding(anybody(), place(status=status, paused_until=until), "R-PAUSED") == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"free": 1}, MET),
        ({"free": 0}, NO),
        ({"free": None}, ASK),
        ({"status": "full"}, NO),
        ({"confirmed_on": TODAY - timedelta(90)}, MET),
        ({"confirmed_on": TODAY - timedelta(91)}, ASK),
        ({"confirmed_on": None}, ASK),
        ({"free": 0, "confirmed_on": None}, NO),
    ],
)
def test_a_free_place_counts_for_ninety_days(facts: dict[str, object], expected: int) -> None:
    assert finding(anybody(), place(**facts), "R-CAPACITY") == expected


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [(date(2011, 4, 1), MET), (date(2011, 4, 2), NO), (date(2012, 1, 1), NO), (date(1990, 1, 1), MET)],
)
def test_work_begins_after_the_31_march_that_follows_fifteen(born_on: date, expected: int) -> None:
    facts = PersonFacts(consented=True, birth_on=born_on)
    assert finding(facts, place(values={"work": True}), "R-LEGAL-AGE") == expected
    assert finding(facts, place(values={"work": False}), "R-LEGAL-AGE") == MET


def test_by_bare_age_work_is_allowed_from_fifteen_and_an_unknown_age_is_a_question() -> None:
    workplace = place(values={"work": True})
    found = [finding(PersonFacts(consented=True, age=age), workplace, "R-LEGAL-AGE") for age in (14, 15, UNKNOWN, None)]
    assert found == [NO, MET, ASK, MET]


def test_a_minor_does_not_work_only_at_night() -> None:
    late = place(values={"work": True, "session": 60}, slots=hours(21, 23, 0))
    early = place(values={"work": True, "session": 60}, slots=hours(20, 23, 0))
    minor, adult = (
        PersonFacts(consented=True, age=age, needs={"time": Need(((0, 21 * 60 + 30, 24 * 60),), Strength.HARD)})
        for age in (17, 18)
    )
    assert finding(minor, late, "R-LEGAL-AGE") == NO
    assert finding(adult, late, "R-LEGAL-AGE") == MET
    assert finding(minor, early, "R-LEGAL-AGE") == NO
    free_earlier = PersonFacts(consented=True, age=17, needs={"time": Need(((0, 1200, 1440),), Strength.HARD)})
    assert finding(free_earlier, early, "R-LEGAL-AGE") == MET


@pytest.mark.parametrize(
    ("start", "end", "stay", "expected"),
    [
        (13, 16, 180, MET),
        (13, 16, 181, NO),
        (12, 16, 180, MET),
        (16, 18, 0, NO),
        (13, 16, None, MET),
        (12, 16, None, ASK),
        (16, 18, None, NO),
    ],
)
def test_a_slot_is_usable_when_the_overlap_is_as_long_as_the_shortest_stay(
    start: int, end: int, stay: int | None, expected: int
) -> None:
    facts = anybody(time=((0, 13 * 60, 16 * 60),))
    opening = place(values={"session": stay}, slots=hours(start, end, 0))
    assert finding(facts, opening, "R-TIME") == expected


def test_windows_that_touch_are_one_window_and_windows_apart_are_not() -> None:
    opening = place(values={"session": 120}, slots=hours(11, 13, 0))
    assert finding(anybody(time=((0, 540, 720), (0, 720, 900))), opening, "R-TIME") == MET
    assert finding(anybody(time=((0, 540, 720), (0, 721, 900))), opening, "R-TIME") == NO


def test_hours_that_are_not_known_are_a_question_only_on_a_day_the_person_has() -> None:
    monday = anybody(time=((0, 540, 720),))
    assert finding(monday, place(slots=None), "R-TIME") == ASK
    assert finding(monday, place(slots=()), "R-TIME") == NO
    assert finding(monday, place(slots=(Slot(0),)), "R-TIME") == ASK
    assert finding(monday, place(slots=(Slot(1),)), "R-TIME") == NO
    assert finding(monday, place(slots=(Slot(0, 800),)), "R-TIME") == NO


def test_without_windows_the_usable_days_are_the_days_of_the_place() -> None:
    verdicts = judge(anybody(), place(slots=hours(9, 11, 1, 3, 5)))
    assert int(verdicts.usable_days[0]) == 0b101010


@pytest.mark.parametrize(("days", "most", "expected"), [(2, 2, NO), (1, 2, MET), (2, None, NO), (1, 0, NO), (1, None, MET)])
def test_days_a_week_are_bounded_by_the_person_and_by_the_days_that_suit(days: int, most: int | None, expected: int) -> None:
    needs = {"time": ((0, 540, 720),)} | ({} if most is None else {"frequency": most})
    opening = place(values={"frequency": days, "session": 60}, slots=hours(9, 11, 0, 2))
    assert finding(anybody(**needs), opening, "R-FREQ") == expected


def test_with_no_usable_day_only_the_persons_own_limit_counts() -> None:
    opening = place(values={"frequency": 2, "session": 60}, slots=hours(18, 20, 0))
    assert finding(anybody(time=((0, 540, 720),), frequency=2), opening, "R-FREQ") == MET


def walker(limit: int, *modes: str, **facts: object) -> PersonFacts:
    needs = {"travel": Need({"modes": list(modes or ("walk",)), "max_min": limit}, Strength.HARD)}
    return PersonFacts(consented=True, needs=needs, **{**HOME, **facts})  # type: ignore[arg-type]


def test_travel_by_estimate_pickup_typed_minutes_or_not_at_all() -> None:
    two_km = place(lat=35.33 + 2 / 110.95, lon=139.55, values={"travel": 2.5})
    assert 1.99 < distance_km(35.33, 139.55, *(__import__("numpy").array([v]) for v in (two_km.lat, two_km.lon)))[0] < 2.01
    assert finding(walker(40), two_km, "R-TRAVEL") == MET
    assert finding(walker(38), two_km, "R-TRAVEL") == NO
    assert finding(walker(38, "pickup"), two_km, "R-TRAVEL") == MET
    assert finding(walker(38, "walk", "pickup"), place(lat=35.38, lon=139.55), "R-TRAVEL") == NO
    assert finding(walker(38, travel_minutes={"P": 30}), two_km, "R-TRAVEL") == MET
    assert finding(walker(40, travel_minutes={"P": 41}), two_km, "R-TRAVEL") == NO
    assert finding(walker(40), place(), "R-TRAVEL") == ASK
    assert finding(walker(40, lat=None), two_km, "R-TRAVEL") == ASK
    assert finding(walker(1), place(values={"remote": True}), "R-TRAVEL") == MET


def test_half_a_travel_need_is_none() -> None:
    assert finding(anybody(travel={"modes": ["walk"], "max_min": None}), place(), "R-TRAVEL") is None
    assert finding(anybody(travel={"modes": [], "max_min": 30}), place(), "R-TRAVEL") is None


def test_an_avoided_area_holds_everywhere_but_at_home() -> None:
    facts = PersonFacts(consented=True, avoid_areas=(Area(35.33, 139.55, 1.0),))
    found = [
        finding(facts, opening, "R-AVOID-ZONE")
        for opening in (
            place(lat=35.331, lon=139.55),
            place(lat=35.36, lon=139.55),
            place(),
            place(values={"remote": True}, lat=35.331, lon=139.55),
        )
    ]
    assert found == [NO, MET, ASK, MET]


@pytest.mark.parametrize(
    ("gender", "staff", "expected"),
    [("F", ["F"], MET), ("F", ["F", "M"], NO), (None, ["F"], NO), ("F", None, ASK), ("M", None, NO), ("F", [], NO)],
)
def test_a_space_for_women_only_has_women_as_guests_and_as_staff(
    gender: str | None, staff: list[str] | None, expected: int
) -> None:
    # A gender nobody mentioned is 不問 by the vocabulary's default.
    assert finding(anybody(no_male=True), place(values={"gender": gender, "staff": staff}), "R-NOMALE") == expected


@pytest.mark.parametrize(("age", "expected"), [(14, NO), (15, MET), (25, MET), (26, NO), (UNKNOWN, ASK)])
def test_both_ends_of_an_age_range_are_inside(age: object, expected: int) -> None:
    facts = PersonFacts(consented=True, age=age)  # type: ignore[arg-type]
    assert finding(facts, place(values={"age": (15, 25)}), "R-AGE") == expected
    assert finding(facts, place(values={"age": (0, None)}), "R-AGE") == MET


def test_no_need_is_no_question() -> None:
    answered = anybody(scent=None, crowd=None, experience=(), customer=False)
    assert {need.attribute.locked for need in judge(answered, place()).asked} == {True}
    assert finding(anybody(cost=0), place(values={"cost": 100}), "R-COST") == NO
    assert finding(anybody(cost=0), place(), "R-COST") == ASK


def test_a_locked_gate_cannot_be_switched_off() -> None:
    verdicts = judge(anybody(crowd=5), place(free=0, values={"crowd": 8}), without=frozenset({"R-CAPACITY", "crowd"}))
    assert verdicts.bands[0] == Band.EXCLUDED
    assert {need.attribute.code for need in verdicts.asked} >= {"R-CAPACITY"}
    assert "crowd" not in {need.attribute.key for need in verdicts.asked}


def test_an_empty_catalogue_has_empty_answers() -> None:
    verdicts = judge(anybody(time=((0, 540, 720),), noise="quiet"))
    assert len(verdicts.order) == 0
    assert sum(verdicts.counts.values()) == 0
