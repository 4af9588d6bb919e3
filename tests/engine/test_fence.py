"""The fence: a run can be watched, stopped, outlast its time or its memory, and a fault in it is never taken for an answer."""

import multiprocessing
import os
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.instances import make
from service.matching.engine.fence import solve_fenced
from service.matching.engine.settings import WEIGHED, Settings
from service.matching.engine.solution import Cancelled, Step
from service.matching.engine.solve import solve
from service.matching.engine.verify import check
from tests.engine.four import four_people

PROBLEM = four_people()
IN_TIME = Settings(seconds=60.0)


def test_behind_the_fence_the_answer_is_the_same() -> None:
    """Protects: the page's run and the command's run are one run."""
    here, fenced = solve(PROBLEM, IN_TIME), solve_fenced(PROBLEM, IN_TIME)
    assert fenced.attained == here.attained
    assert fenced.is_proven
    assert np.array_equal(fenced.plan.slot, here.plan.slot)


def test_whoever_watches_can_end_the_run_and_no_process_stays() -> None:
    """Protects: 「やめる」 frees the machine at once."""

    def stop(step: Step) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        solve_fenced(PROBLEM, IN_TIME, watch=stop)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("settings", [IN_TIME, replace(IN_TIME, levels=WEIGHED)])
def test_a_run_out_of_time_leaves_a_legal_plan_with_a_bound_for_every_aim(settings: Settings) -> None:
    """Protects: the greedy answer is always there, and never called proven."""
    cut = solve_fenced(PROBLEM, settings, grace=-settings.seconds)
    assert not cut.is_proven
    assert check(PROBLEM, settings, cut.plan) == ()
    best = solve(PROBLEM, settings)
    assert all(mine.value <= theirs.value <= mine.bound for mine, theirs in zip(cut.attained, best.attained, strict=True))


def test_a_run_out_of_memory_leaves_a_legal_plan() -> None:
    """Protects: the child is ended by its memory, not the machine by the child."""
    city = make(500, 300, 1)
    cut = solve_fenced(city, IN_TIME, memory_mb=1)
    assert cut.engine == "これまでの最良"
    assert check(city, IN_TIME, cut.plan) == ()


def test_a_fault_in_the_child_is_raised_and_never_an_answer() -> None:
    """Protects: a greedy plan is not passed off as the result of a broken engine."""
    slots = replace(PROBLEM.slots, opening=PROBLEM.slots.opening + len(PROBLEM.openings))
    with pytest.raises(IndexError):
        solve_fenced(replace(PROBLEM, slots=slots), IN_TIME)


def test_the_child_steps_back_behind_whoever_waits_for_a_page() -> None:
    """Protects: other pages answer while a run is computed."""
    seen: list[int] = []

    def look(step: Step) -> None:
        seen.extend(os.getpriority(os.PRIO_PROCESS, child.pid or 0) for child in multiprocessing.active_children())
        raise Cancelled

    with pytest.raises(Cancelled):
        solve_fenced(make(500, 300, 1), IN_TIME, watch=look)
    assert seen == [os.getpriority(os.PRIO_PROCESS, 0) + 10]
