"""A run that is asked about: protects that it is prepared once, and never stays as it was when its lines have changed."""

from __future__ import annotations

import pytest

from service.matching.engine.explain.standing import Standing
from service.matching.joint.pages_elsewhere import MOST_READY, standing_of_run
from service.matching.joint.service import read_run
from tests.cast import World
from tests.joint.cast import add_person, add_place, run_now


@pytest.fixture
def town(world: World) -> World:
    with world.writing() as session:
        add_place(session, "海の台所", free=2)
        add_person(session, world, "佐倉 みお")
        add_person(session, world, "森 彩")
    return world


def ready(world: World, run_id: str) -> Standing:
    with world.reading() as session:
        return standing_of_run(read_run(session, world.town, world.actor("青木"), run_id).run)


def test_two_questions_about_one_run_prepare_it_once(town: World) -> None:
    run = run_now(town)
    assert ready(town, run) is ready(town, run)


def test_two_runs_of_the_same_are_two(town: World) -> None:
    assert ready(town, run_now(town)) is not ready(town, run_now(town))


def test_only_the_last_few_asked_about_are_kept(town: World) -> None:
    first, *others = (run_now(town) for _ in range(MOST_READY + 1))
    before = ready(town, first)
    for other in others:
        ready(town, other)
    assert ready(town, first) is not before


def test_a_line_that_is_gone_is_gone_from_the_answers(town: World) -> None:
    run_id = run_now(town)
    with town.reading() as session:
        run = read_run(session, town.town, town.actor("青木"), run_id).run
        before = standing_of_run(run)
        session.expunge_all()
        del run.lines[0]
        assert len(standing_of_run(run).plan) == len(before.plan) - 1
