"""A solve in a process of its own: it cannot hold up the pages, outstay its time or take the machine's memory."""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

from service.matching.engine.model.objective import most_of
from service.matching.engine.problem import Problem
from service.matching.engine.search.greedy import greedy
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Attained, Plan, Solution, Step, Watch
from service.matching.engine.verify import attained

MEMORY_MB: Final = 4_096
"""Address space of the child; the largest run measured stays below a third of it in real memory."""
GRACE_SECONDS: Final = 20.0
"""What starting, building and checking may take beyond the time asked for, before the child is ended."""
LOOK_SECONDS: Final = 0.25
NICER: Final = 10
"""How far the child steps back behind the pages for the processor."""


@dataclass
class _Reached:
    """What the child has told so far."""

    plan: Plan | None = None
    steps: list[Step] = field(default_factory=list)


def solve_fenced(
    problem: Problem,
    settings: Settings,
    *,
    watch: Watch | None = None,
    start: Plan | None = None,
    memory_mb: int = MEMORY_MB,
    grace: float = GRACE_SECONDS,
) -> Solution:
    """The same as solve, behind a fence of time and memory.

    `watch` is called in this process, at least every quarter of a second with the last step again, and ends the
    run by raising. A child that is ended or runs out of memory leaves its best plan so far, at worst the greedy one;
    a fault in it is raised here.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_solve_here, args=(theirs, problem, settings, start, memory_mb, os.getpid()), daemon=True)
    child.start()
    theirs.close()
    reached, began = _Reached(), time.monotonic()
    try:
        solution = _follow(ours, reached, watch, began + settings.seconds + grace)
    finally:
        child.kill()
        child.join()
        ours.close()
    return solution or _so_far(problem, settings, reached, time.monotonic() - began)


def _follow(ours: Connection, reached: _Reached, watch: Watch | None, until: float) -> Solution | None:
    """The child's answer, or None when its time is over or it has died."""
    while time.monotonic() < until:
        if ours.poll(LOOK_SECONDS):
            try:
                told = ours.recv()
            except EOFError:
                return None
            if isinstance(told, Solution):
                return told
            if isinstance(told, Exception):
                raise told
            reached.steps.append(told)
            reached.plan = told.plan or reached.plan
        if watch is not None and reached.steps:
            watch(reached.steps[-1])
    return None


def _so_far(problem: Problem, settings: Settings, reached: _Reached, seconds: float) -> Solution:
    """The best plan told of, with what was proven of each aim before the end."""
    plan = reached.plan or greedy(problem, settings)
    worth, each = attained(problem, settings, plan), []
    for level in settings.levels:
        value = sum(weight * worth[term] for term, weight in level.weights.items())
        # With one aim alone every step is about it; with several, a step bears the name of its aim.
        told = [step.bound for step in reached.steps if len(settings.levels) == 1 or step.name == level.name]
        each.append(Attained(level.name, value, min([most_of(problem, settings, level), *told])))
    return Solution(plan, tuple(each), False, "これまでの最良", seconds, tuple(reached.steps))


def _solve_here(
    answers: Connection, problem: Problem, settings: Settings, start: Plan | None, memory_mb: int, parent: int
) -> None:
    """The child: its memory is capped once the libraries are there, and it ends with the process that asked."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    # Whoever waits for a page goes before whoever waits for a run.
    os.nice(NICER)
    # Loaded before the cap: a library that finds no room is not a plan that finds none.
    import ortools.sat.python.cp_model  # noqa: F401

    from service.matching.engine.solve import solve

    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    try:
        answers.send(solve(problem, settings, watch=answers.send, start=start))
    except MemoryError:
        answers.close()
    except Exception as fault:
        answers.send(fault)


def _end_with(parent: int) -> None:
    """A parent that was killed cannot end us; nobody waits for the answer any more."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os._exit(1)
