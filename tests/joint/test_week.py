"""週の組み立て: one person over several hosts, each step keeping what the one before had; accepted whole or not at all."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import read_for_match
from service.cases.models import Placement, PlacementMove
from service.cases.placements import SessionTime, place_candidate
from service.kernel.errors import DomainError
from service.matching.facts import ConsentMissing
from service.matching.gather import load_catalogue
from service.matching.joint.stored import Line
from service.matching.joint.week import WeekAsk, WeekPlan, accept_week, week_plan
from service.resources.models import Condition, Opening, OpeningSlot
from tests.cast import NOW, TODAY, World
from tests.joint.cast import add_person, add_place, changing


@pytest.fixture
def town(world: World) -> World:
    """海の台所 on 月水金 and 丘の畑 on 土; 佐倉 has three days a week."""
    with world.writing() as session:
        world.ids["海の台所"] = add_place(session, "海の台所").id
        farm = add_place(session, "丘の畑")
        world.ids["丘の畑"] = farm.id
        for slot in session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == farm.id)).all()[1:]:
            session.delete(slot)
        session.flush()
        session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == farm.id)).one().weekday = 5
        add_person(session, world, "佐倉", frequency=3)
        add_person(session, world, "原", "石井")
    return world


def week_of(session: Session, world: World, name: str, ask: WeekAsk) -> WeekPlan:
    case, person = read_for_match(session, world.town, world.actor("青木"), world.ids[name])
    return week_plan(session, case, person, load_catalogue(session, world.town), ask, NOW)


def plan(world: World, *steps: int, **options: object) -> WeekPlan:
    with world.reading() as session:
        ask = WeekAsk(steps, **options)  # type: ignore[arg-type]
        return week_of(session, world, "佐倉", ask)


def times(lines: tuple[Line, ...]) -> set[tuple[str, int | None]]:
    return {(opening, time.weekday) for _, opening, found in lines for time in found}


def test_each_step_keeps_what_the_one_before_had_and_adds_to_it(town: World) -> None:
    week = plan(town, 1, 2, 3)
    weeks = [times(step.lines) for step in week.steps]
    assert [len(each) for each in weeks] == [1, 2, 3]
    assert weeks[0] < weeks[1] < weeks[2]
    assert [step.changed for step in week.steps] == [0, 0, 0]
    assert all(step.is_proven and not step.is_less for step in week.steps)


def test_the_first_steps_of_a_town_come_from_its_settings(town: World) -> None:
    assert [step.wanted for step in plan(town).steps] == [1, 2]


def test_no_step_goes_beyond_the_persons_days_and_says_so(town: World) -> None:
    last = plan(town, 2, 5).steps[-1]
    assert (last.wanted, last.sessions, last.is_less) == (5, 3, True)


def test_a_week_over_one_host_stays_at_one_host(town: World) -> None:
    lines = plan(town, 3, most_hosts=1).steps[0].lines
    assert {opening for _, opening, _ in lines} == {town.ids["海の台所"]}


def test_a_place_of_today_counts_into_the_week(town: World) -> None:
    def attends(session: Session) -> None:
        now = (SessionTime(5, 780, 960),)
        placement = place_candidate(session, town.ids["佐倉"], town.ids["丘の畑"], now, since=TODAY, recorded_by="青木")
        placement.step = "started"

    changing(town, attends)
    first, second = plan(town, 1, 2).steps
    assert (times(first.kept), first.lines) == ({(town.ids["丘の畑"], 5)}, ())
    assert len(times(second.lines)) == 1


def test_a_host_that_asks_for_several_days_comes_in_when_the_week_is_large_enough(town: World) -> None:
    def asks_for_two_days(session: Session) -> None:
        host_id = session.get_one(Opening, town.ids["海の台所"]).host_id
        session.add(Condition(host_id=host_id, attribute="frequency", value=2))
        session.get_one(Opening, town.ids["丘の畑"]).free = 0

    changing(town, asks_for_two_days)
    first, second = plan(town, 1, 2).steps
    assert (first.lines, first.is_less) == ((), True)
    assert len(times(second.lines)) == 2


def test_without_consent_no_week_is_computed(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "今", consent=False)
    with town.reading() as session, pytest.raises(ConsentMissing):
        week_of(session, town, "今", WeekAsk())


@pytest.mark.parametrize("steps", [(2, 1), (0,), (8,), (1, 1), (1, 2, 3, 4, 5, 6, 7)])
def test_steps_that_do_not_grow_are_refused(steps: tuple[int, ...]) -> None:
    with pytest.raises(DomainError):
        WeekAsk(steps)


def accept(world: World, step: int, by: str = "青木") -> tuple[Placement, ...]:
    lines = plan(world, 1, 2, 3).steps[step].lines
    chosen = [(opening, [(time.weekday, time.start_min) for time in found]) for _, opening, found in lines]
    with world.writing(by) as session:
        return accept_week(session, world.town, world.actor(by), world.ids["佐倉"], chosen, NOW)


def test_an_accepted_step_makes_all_its_places_candidates(town: World) -> None:
    placements = accept(town, 2)
    found = {(each.opening_id, time.weekday, time.end_min) for each in placements for time in each.sessions}
    assert found == {(town.ids["海の台所"], day, 960) for day in (0, 2, 4)} or (town.ids["丘の畑"], 5, 960) in found
    assert len(found) == 3
    assert {(each.step, each.origin) for each in placements} == {("candidate", "week")}
    with town.reading() as session:
        log = session.scalars(select(PlacementMove)).all()
    assert sorted(each.placement_id for each in log) == sorted(each.id for each in placements)
    assert {(each.at, each.to_step, each.note) for each in log} == {(NOW, "candidate", "週の組み立て")}


def test_when_one_place_of_a_step_has_gone_none_is_taken(town: World) -> None:
    lines = plan(town, 1, 2, 3).steps[2].lines
    last = sorted({opening for _, opening, _ in lines})[-1]
    chosen = [(opening, [(time.weekday, time.start_min) for time in found]) for _, opening, found in lines]
    chosen.sort()
    changing(town, lambda session: setattr(session.get_one(Opening, last), "free", 0))
    with pytest.raises(DomainError, match="空きがありません"), town.writing() as session:
        accept_week(session, town.town, town.actor("青木"), town.ids["佐倉"], chosen, NOW)
    with town.reading() as session:
        assert session.scalars(select(Placement)).all() == []


def test_a_time_that_is_not_offered_is_refused(town: World) -> None:
    chosen = [(town.ids["海の台所"], [(1, 780)])]
    with pytest.raises(DomainError, match="曜日・時間"), town.writing() as session:
        accept_week(session, town.town, town.actor("青木"), town.ids["佐倉"], chosen, NOW)


def test_a_colleague_does_not_accept_a_week_and_nothing_chosen_is_refused(town: World) -> None:
    with pytest.raises(DomainError, match="担当は青木"):
        accept(town, 0, "石井")
    with pytest.raises(DomainError, match="選ばれた場所"), town.writing() as session:
        accept_week(session, town.town, town.actor("青木"), town.ids["佐倉"], [], NOW)
