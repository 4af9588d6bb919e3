"""The last place is never given twice: two at one moment, two runs, and the fault that would let it happen."""

import threading
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.cases.placements import place_candidate
from service.kernel.audit import Signature
from service.kernel.errors import DomainError
from service.matching.joint.accepting import accept_line, check_still_possible
from service.matching.joint.asking import JointAsk, OpeningFilter, PeopleFilter
from service.matching.joint.models import JointLine, JointRun
from service.matching.joint.stored import times_of
from service.resources.models import Opening
from tests.cast import NOW, TODAY, World
from tests.joint.cast import changing, line_of, run_now, view
from tests.joint.offered import accept, offered, others_take_all


@pytest.fixture
def town(world: World) -> World:
    return offered(world)


def race(world: World) -> list[str]:
    """青木 and 石井 accept a line each for the last place, at the same moment; what came of either."""
    changing(world, lambda session: setattr(session.get_one(Opening, world.ids["海の台所"]), "free", 1))
    start, came = threading.Barrier(2), {}

    def accepts(by: str, name: str) -> None:
        line = line_of(world, world.ids["案"], name).id
        start.wait()
        try:
            signature = Signature(world.ids[by], by, NOW, world.town.key)
            with world.town.database.write(signature=signature) as session:
                accept_line(session, world.town, world.actor(by), line, NOW)
            came[by] = "accepted"
        except DomainError as refusal:
            came[by] = refusal.code

    threads = [threading.Thread(target=accepts, args=each) for each in (("青木", "佐倉"), ("石井", "原"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(came.values())


def start_over(session: Session, line: JointLine) -> None:
    line.accepted_at = line.placement_id = None
    for placement in session.scalars(select(Placement).where(Placement.step == "candidate")):
        placement.step = "ended"


def test_of_two_at_the_same_moment_one_gets_the_last_place_and_the_other_is_told(town: World) -> None:
    for _ in range(3):
        assert race(town) == ["accepted", "joint-changed"]
        changing(town, lambda session: [start_over(session, line) for line in session.scalars(select(JointLine))] and None)


def test_the_race_would_be_seen_if_the_look_were_not_in_the_writing_transaction(town: World) -> None:
    """The planted fault: both look before either writes."""
    looked = threading.Barrier(2)
    lines = {by: line_of(town, town.ids["案"], name) for by, name in (("青木", "佐倉"), ("石井", "原"))}

    def looks_first(by: str) -> None:
        line = lines[by]
        with town.reading() as session:
            run = session.get_one(JointRun, line.run_id)
            check_still_possible(session, town.town, town.actor(by), line, run, TODAY)
        looked.wait()
        with town.writing(by) as session:
            place_candidate(session, line.person_id, line.opening_id, times_of(line.sessions), since=TODAY, recorded_by=by)

    changing(town, lambda session: setattr(session.get_one(Opening, town.ids["海の台所"]), "free", 1))
    threads = [threading.Thread(target=looks_first, args=(by,)) for by in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with town.reading() as session:
        assert len(session.scalars(select(Placement)).all()) == 2


def test_two_runs_about_the_same_places_do_not_give_a_place_twice(town: World) -> None:
    changing(town, lambda session: setattr(session.get_one(Opening, town.ids["海の台所"]), "free", 1))
    here = OpeningFilter(openings=(town.ids["海の台所"],))
    first = run_now(town, JointAsk(PeopleFilter(people=(town.ids["佐倉"],)), here))
    second = run_now(town, JointAsk(PeopleFilter(people=(town.ids["森"],)), here))
    town.ids |= {"一": first, "二": second}
    accept(town, "佐倉", run="一")
    with pytest.raises(DomainError, match="空き"):
        accept(town, "森", run="二")


def test_every_run_and_line_stays_what_it_was_when_the_town_moves_on(town: World) -> None:
    before: Any = [(line.person_id, line.sessions, line.points) for line in view(town, town.ids["案"]).lines]
    changing(town, lambda session: others_take_all(town, session))
    assert [(line.person_id, line.sessions, line.points) for line in view(town, town.ids["案"]).lines] == before
