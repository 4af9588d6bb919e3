"""What binds the people of a run: places already taken, who must not meet, households, supporters, coordinators."""

from dataclasses import replace

import pytest

from service.cases.models import AvoidPair
from service.cases.placements import live_placements
from service.kernel.errors import DomainError
from service.matching.joint.asking import JointAsk, OpeningFilter, PeopleFilter, Pin, PinKind
from service.matching.joint.sizes import ACCOMPANY, COORDINATORS, save_size
from service.resources.models import Opening
from tests.cast import NOW, World
from tests.joint.cast import (
    add_person,
    case_of,
    changing,
    household_of,
    placed,
    put,
    run_now,
    view,
)
from tests.joint.offered import accept


def test_people_on_their_way_to_a_place_hold_it(town: World) -> None:
    changing(town, lambda s: put(town, s, "原", "海の台所") and None)
    run = view(town, run_now(town))
    assert [line.opening_id for line in run.lines] == [town.ids["丘の畑"]]


def test_people_who_attend_are_no_longer_among_the_free_places(town: World) -> None:
    changing(town, lambda s: put(town, s, "原", "海の台所", "started") and None)
    assert len(view(town, run_now(town)).lines) == 2


def test_two_who_must_not_meet_are_not_at_one_host_on_one_day(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).free = 5
        first, second = sorted((town.ids["佐倉"], town.ids["森"]))
        session.add(AvoidPair(first_id=first, second_id=second))
    ask = JointAsk(PeopleFilter(people=(first, second)), OpeningFilter(openings=(town.ids["海の台所"],)))
    lines = view(town, run_now(town, ask)).lines
    assert len(lines) == 2
    assert lines[0].sessions[0][0] != lines[1].sessions[0][0]


def test_somebody_placed_earlier_keeps_their_days_closed_to_whoever_must_not_meet_them(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).free = 5
        first, second = sorted((town.ids["佐倉"], town.ids["原"]))
        session.add(AvoidPair(first_id=first, second_id=second))
        for day in (0, 2):
            put(town, session, "原", "海の台所", "started", day)
    ask = JointAsk(PeopleFilter(people=(town.ids["佐倉"],)), OpeningFilter(openings=(town.ids["海の台所"],)))
    (line,) = view(town, run_now(town, ask)).lines
    assert line.sessions[0][0] == 4


@pytest.mark.parametrize(("rule", "hosts"), [("together", 1), ("apart", 2)])
def test_a_household_has_its_places_together_or_apart_as_it_wishes(town: World, rule: str, hosts: int) -> None:
    with town.writing() as session:
        for name in ("海の台所", "丘の畑"):
            session.get_one(Opening, town.ids[name]).free = 5
        mother = add_person(session, town, "母")
        home = household_of(session, town.ids["佐倉"])
        session.delete(case_of(session, mother.id))
        mother.household_id = home.id
        home.seating = rule
    ask = JointAsk(PeopleFilter(people=(town.ids["佐倉"], town.ids["母"])))
    found = placed(town, run_now(town, ask))
    assert (len(found), len(set(found.values()))) == (2, hosts)


def test_a_coordinator_introduces_no_more_new_people_than_they_can(town: World) -> None:
    with town.writing() as session:
        save_size(session, COORDINATORS, {"aoki": 1, "ishii": 0}, "北条", NOW)
    (line,) = view(town, run_now(town)).lines
    assert line.person_id in (town.ids["佐倉"], town.ids["森"])


@pytest.mark.parametrize(
    ("step", "places"), [("candidate", 1), ("sounded", 1), ("trial", 1), ("started", 2), ("on_hold", 2), ("ended", 2)]
)
def test_introductions_still_on_their_way_count_against_what_a_coordinator_can(town: World, step: str, places: int) -> None:
    with town.writing() as session:
        for name in ("海の台所", "丘の畑"):
            session.get_one(Opening, town.ids[name]).free = 5
        add_person(session, town, "林")
        put(town, session, "林", "丘の畑", step)
        # Somebody of a colleague's is on the way too, and takes nothing of 青木's.
        put(town, session, "原", "丘の畑")
        save_size(session, COORDINATORS, {"aoki": 2}, "北条", NOW)
    ask = JointAsk(PeopleFilter(people=(town.ids["佐倉"], town.ids["森"])))
    assert len(placed(town, run_now(town, ask))) == places


def test_a_coordinator_with_more_under_way_than_the_limit_introduces_nobody_and_takes_nobody_back(town: World) -> None:
    with town.writing() as session:
        for name in ("海の台所", "丘の畑"):
            session.get_one(Opening, town.ids[name]).free = 5
        for name in ("佐倉", "森"):
            put(town, session, name, "海の台所")
        add_person(session, town, "林")
        save_size(session, COORDINATORS, {"aoki": 1}, "北条", NOW)
    ask = JointAsk(PeopleFilter(people=tuple(town.ids[name] for name in ("佐倉", "森", "林"))))
    run = view(town, run_now(town, ask))
    assert (run.state, run.lines) == ("done", ())
    with town.reading() as session:
        assert {each.step for each in live_placements(session)} == {"candidate"}


def test_what_a_run_proposed_within_the_limit_is_accepted_until_the_limit_is_used_up(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).free = 5
        save_size(session, COORDINATORS, {"aoki": 2}, "北条", NOW)
    town.ids["案"] = run_now(town, JointAsk(PeopleFilter(people=(town.ids["佐倉"], town.ids["森"]))))
    accept(town, "佐倉")
    with town.writing() as session:
        add_person(session, town, "林")
        put(town, session, "林", "海の台所")
    with pytest.raises(DomainError, match="新しく紹介できる人数に達しています"):
        accept(town, "森")
    changing(town, lambda s: save_size(s, COORDINATORS, {"aoki": 3}, "北条", NOW) and None)
    assert accept(town, "森").placement.step == "candidate"


def test_supporters_who_go_along_are_counted_per_half_day(town: World) -> None:
    with town.writing() as session:
        for name in ("連1", "連2"):
            add_person(session, town, name, accompany=True)
        for name in ("海の台所", "丘の畑"):
            opening = session.get_one(Opening, town.ids[name])
            from service.resources.models import Condition

            session.add(Condition(host_id=opening.host_id, attribute="accompany", value="allowed"))
        save_size(session, ACCOMPANY, {"月PM": 1}, "北条", NOW)
    ask = JointAsk(PeopleFilter(people=(town.ids["連1"], town.ids["連2"])))
    (line,) = view(town, run_now(town, ask)).lines
    assert line.sessions[0][0] == 0


def test_a_place_of_today_moves_only_when_it_was_released(town: World) -> None:
    with town.writing() as session:
        put(town, session, "佐倉", "海の台所", "started")
        session.get_one(Opening, town.ids["海の台所"]).free = 0
    people = PeopleFilter(people=(town.ids["佐倉"], town.ids["森"]))
    kept = JointAsk(people, OpeningFilter(openings=(town.ids["海の台所"],)))
    assert placed(town, run_now(town, kept)) == {}
    released = (Pin(PinKind.RELEASED, town.ids["佐倉"], town.ids["海の台所"]),)
    found = placed(town, run_now(town, replace(kept, pins=released)))
    assert found == {town.ids["佐倉"]: town.ids["海の台所"]}
