"""One day walked through: lunch, meetings, ways; the quick walk and the written hours say the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from random import Random

import numpy as np
import pytest

from service.followup.planner.ground import Ground
from service.followup.planner.instance import Block, Instance, Limits, Shift, Staff
from service.followup.planner.layout import gaps, lay_out
from service.followup.planner.routes import Routes
from tests.planner.every import can_stand
from tests.planner.questions import plain, plain_task, square


def day_of(seed: int, *, blocks: bool) -> Instance:
    """One long or short day with four visits, some with hours."""
    random = Random(seed)
    made: list[Block] = []
    for start in (random.randrange(540, 640, 5), random.randrange(730, 780, 5), random.randrange(800, 900, 5)):
        if blocks and random.random() < 0.7:
            made.append(Block(start, start + random.choice((15, 90, 15)), random.choice((None, None, 5))))
    made = [one for at, one in enumerate(made) if at == 0 or made[at - 1].end_min <= one.start_min]
    shift = Shift(510, random.choice((780, 1035)), tuple(made))
    question = plain(tasks=4, days=1)
    hours = [
        random.choice(((), (((540, 720),),) * 5, (((780, 1000),),) * 5, (((510, 600), (660, 900)),) * 5)) for _ in range(4)
    ]
    tasks = tuple(
        plain_task(f"t{at}", question.days, location=1 + at, minutes=random.choice((30, 60)), windows=hours[at])
        for at in range(4)
    )
    return replace(question, staff=(Staff("s0", {0: shift}),), tasks=tasks, travel=square(6, random, side=60.0))


@pytest.mark.parametrize("blocks", [True, False])
@pytest.mark.parametrize("seed", range(25))
def test_the_quick_walk_and_the_written_hours_agree(seed: int, blocks: bool) -> None:
    ground = Ground(day_of(seed, blocks=blocks))
    routes = Routes(ground)
    for count in range(5):
        for order in permutations(range(4), count):
            for whole in _with_blocks(ground, order):
                walked = routes.walk(0, whole) >= 0
                written = lay_out(ground, routes.lunches[0], 0, whole)
                assert walked == (written is not None and _way(ground, whole) <= 170)


def _with_blocks(ground: Ground, order: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The order with the day's fixed things at every place that keeps theirs."""
    rows = [order]
    for block in ground.fixed[0]:
        rows = [(*row[:at], block, *row[at:]) for row in rows for at in range(len(row) + 1)]
    return [row for row in rows if [stop for stop in row if stop in ground.fixed[0]] == ground.fixed[0]]


def _way(ground: Ground, order: tuple[int, ...]) -> int:
    places = [0, *(ground.place[stop] for stop in order if ground.place[stop] >= 0), 0]
    return sum(ground.travel[a][b] for a, b in pairwise(places))


@pytest.mark.parametrize("seed", range(40))
def test_a_day_can_be_done_exactly_where_some_order_and_lunch_can(seed: int) -> None:
    question = day_of(seed, blocks=False)
    routes = Routes(Ground(question))
    for count in (1, 2, 3):
        for some in permutations(range(4), count):
            quick = any(routes.walk(0, order) >= 0 for order in permutations(some))
            assert quick == can_stand(question, (0, 0), some)


@pytest.mark.parametrize("seed", range(40))
def test_taking_a_visit_out_never_makes_a_day_impossible(seed: int) -> None:
    routes = Routes(Ground(day_of(seed, blocks=False)))
    for order in permutations(range(4)):
        if routes.walk(0, order) >= 0:
            assert all(routes.walk(0, order[:at] + order[at + 1 :]) >= 0 for at in range(4))


def test_the_way_to_an_afternoon_visit_may_lie_before_lunch() -> None:
    """At 11:00 one leaves, arrives 12:00, eats, and works at 12:45: lunch at the place one leaves would be 11:30 to 12:15."""
    question = replace(
        plain(tasks=2, days=1),
        tasks=tuple(
            plain_task(f"t{at}", plain(days=1).days, location=at + 1, minutes=30, windows=(((start, start + 30),),) * 5)
            for at, start in enumerate((630, 765))
        ),
        travel=np.array([[0, 20, 20], [20, 0, 60], [20, 60, 0]], dtype=np.int32),
    )
    ground = Ground(question)
    routes = Routes(ground)
    assert routes.walk(0, (0, 1)) == 100
    written = lay_out(ground, True, 0, (0, 1))
    assert written is not None
    assert written.starts == {0: 630, 1: 765}
    assert (660, 720) in written.busy
    assert (720, 765) in written.busy


def test_lunch_is_asked_only_of_days_that_can_hold_one() -> None:
    shifts = {
        0: Shift(510, 1035),
        1: Shift(510, 720),
        2: Shift(510, 1035, (Block(680, 820),)),
        3: Shift(510, 1035, (Block(680, 760),)),
    }
    routes = Routes(Ground(replace(plain(days=4), staff=(Staff("s0", shifts),))))
    assert routes.lunches == [True, False, False, True]
    assert routes.shut == [False] * 4


def test_a_way_is_never_cut_by_a_meeting() -> None:
    question = replace(
        plain(tasks=1, days=1, limits=Limits(lunch_min=0)), staff=(Staff("s0", {0: Shift(510, 640, (Block(540, 570),))}),),
        travel=np.array([[0, 40], [30, 0]], dtype=np.int32),
    )  # fmt: skip
    routes = Routes(Ground(question))
    block = routes.bare[0].order[0]
    assert routes.walk(0, (block, 0)) == -1
    longer = replace(question, staff=(Staff("s0", {0: Shift(510, 671, (Block(540, 570),))}),))
    assert Routes(Ground(longer)).walk(0, (block, 0)) == 70


@pytest.mark.parametrize("seed", range(20))
def test_the_idle_minutes_of_a_day_are_its_gaps(seed: int) -> None:
    ground = Ground(day_of(seed, blocks=True))
    routes = Routes(ground)
    for order in permutations(range(4), 2):
        for whole in _with_blocks(ground, order):
            route, written = routes.route(0, whole), lay_out(ground, routes.lunches[0], 0, whole)
            if route is not None and written is not None:
                free = gaps(written, ground.begin[0], ground.end[0])
                assert route.idle == sum(end - start for start, end in free)


def test_a_way_may_be_made_before_the_first_of_two_meetings() -> None:
    blocks = (Block(850, 870), Block(870, 890))
    question = replace(
        plain(tasks=1, days=1), staff=(Staff("s0", {0: Shift(510, 970, blocks)}),), travel=np.array([[0, 50], [50, 0]], dtype=np.int32),
    )  # fmt: skip
    ground = Ground(replace(question, tasks=(replace(question.tasks[0], windows=(((890, 920),),) * 5),)))
    routes = Routes(ground)
    first, second = routes.bare[0].order
    assert routes.walk(0, (first, second, 0)) == 100
    written = lay_out(ground, True, 0, (first, second, 0))
    assert written is not None
    assert written.starts == {0: 890}
