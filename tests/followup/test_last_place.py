"""The last place is never given twice, whoever comes at the same moment: threads, processes, both databases."""

import threading

import pytest
from sqlalchemy import select

from service.cases.models import Placement
from service.followup.placements.gathering import facts_of, take_in_hand
from service.followup.placements.guards import missing_for
from service.followup.placements.ladder import Step
from service.followup.placements.moving import StepRefused
from service.followup.placements.offering import show_offer
from tests.cast import NOW, TODAY, World
from tests.followup.offering_crowd import Crowd, gather_crowd, let_them_race, offered_at

SMALL, DEEP = Crowd(6, 8, 2), Crowd(1_000, 32, 2)


@pytest.mark.parametrize("crowd", [SMALL, pytest.param(DEEP, marks=pytest.mark.deep)], ids=["small", "deep"])
def test_the_last_place_goes_to_as_many_as_there_are_places(world: World, crowd: Crowd) -> None:
    gather_crowd(world, crowd)
    let_them_race(world, crowd)
    with world.reading() as session:
        found = offered_at(session)
    assert len(found) == crowd.openings
    assert [(room, count) for room, count in found if room != count] == []


def test_the_last_place_race_would_be_seen_if_the_look_were_not_in_the_writing_transaction(world: World) -> None:
    """The planted fault: everybody looks before anybody writes."""
    gather_crowd(world, Crowd(1, 4, 1))
    looked = threading.Barrier(4)
    with world.reading() as session:
        ids = session.scalars(select(Placement.id)).all()

    def looks_first(id_: str) -> None:
        with world.writing() as session:
            hand = take_in_hand(session, world.town, world.actor("青木"), id_)
            assert not missing_for(Step.OFFERED, facts_of(session, hand, Step.OFFERED, {}, TODAY), hand.ladder)
        looked.wait(60)
        with world.writing() as session:
            session.get_one(Placement, id_).step = "offered"

    threads = [threading.Thread(target=looks_first, args=(id_,)) for id_ in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with world.reading() as session:
        assert offered_at(session) == [(1, 4)]


def test_the_one_who_comes_late_for_the_last_place_is_told_so(world: World) -> None:
    gather_crowd(world, Crowd(1, 2, 1))
    with world.reading() as session:
        first, second = session.scalars(select(Placement.id))
    with world.writing() as session:
        show_offer(session, world.town, world.actor("青木"), first, 1, NOW)
    with pytest.raises(StepRefused, match="空きがなくなりました") as refused, world.writing() as session:
        show_offer(session, world.town, world.actor("青木"), second, 1, NOW)
    assert refused.value.is_full
    assert refused.value.status == 409
