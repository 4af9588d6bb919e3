"""A run as it is kept: the instance it solved, its fingerprint, and the plan behind its lines."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from service.cases.placements import SessionTime
from service.matching.engine.problem import NONE, Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan
from service.matching.engine.stored.file import read, write
from service.matching.joint.asking import JointAsk
from service.matching.joint.models import JointRun
from service.matching.schedules import DAY_MIN

Line = tuple[str, str, tuple[SessionTime, ...]]


def instance_of(problem: Problem, settings: Settings) -> dict[str, Any]:
    """The instance as it is kept and exported: ids and numbers, no name."""
    return write(problem, settings)


def fingerprint(kept: Any) -> str:
    """One number for one content, whatever order its fields were written in."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stored_problem(run: JointRun) -> tuple[Problem, Settings]:
    """What the run solved, and how it was asked to: the same arrays every time."""
    return read(run.instance), ask_of(run).settings.engine_settings


def ask_of(run: JointRun) -> JointAsk:
    """What the run was asked."""
    return JointAsk.of_run(run.filters, run.settings, run.pins)


def plan_lines(problem: Problem, plan: Plan) -> list[Line]:
    """The plan by person and opening, each with its times, in the order of the problem."""
    times: dict[tuple[int, int], list[SessionTime]] = defaultdict(list)
    for person, slot, half in zip(plan.person.tolist(), plan.slot.tolist(), plan.half.tolist(), strict=True):
        times[person, int(problem.slots.opening[slot])].append(time_of(problem, slot, half))
    return [
        (problem.people.ids[person], problem.openings.ids[opening], tuple(sorted(found, key=_in_week)))
        for (person, opening), found in sorted(times.items())
    ]


def time_of(problem: Problem, slot: int, half: int) -> SessionTime:
    """A slot as a placement keeps it."""
    day, start, end = (int(column[slot]) for column in (problem.slots.day, problem.slots.start, problem.slots.end))
    if day == NONE:
        return SessionTime(None, None, None, half)
    has_hours = (start, end) != (0, DAY_MIN)
    return SessionTime(day, start if has_hours else None, end if has_hours else None, half)


def plan_fingerprint(lines: Iterable[Line]) -> str:
    """One number for one plan."""
    return fingerprint([[person, opening, [times_json(each) for each in times]] for person, opening, times in lines])


def stored_plan(problem: Problem, lines: Iterable[Line]) -> Plan:
    """Lines as they are kept, back in the problem's positions; what the problem does not have is left out."""
    people = {id_: at for at, id_ in enumerate(problem.people.ids)}
    slots = _slots_by_time(problem)
    found = [
        (people[person], slots[opening, time.weekday, time.start_min], time.half)
        for person, opening, times in lines
        for time in times
        if person in people and (opening, time.weekday, time.start_min) in slots
    ]
    return Plan(*(np.array([each[at] for each in found], np.int32) for at in range(3)))


def start_of(problem: Problem) -> Plan | None:
    """What a re-run begins from: the lines held from the run before, which are part of the instance."""
    held = problem.held
    return Plan(held.person, held.slot, held.half) if len(held) else None


def times_json(time: SessionTime) -> list[int | None]:
    """A time as a line keeps it."""
    return [time.weekday, time.start_min, time.end_min, time.half]


def times_of(kept: Iterable[Iterable[Any]]) -> tuple[SessionTime, ...]:
    """The times of a line."""
    return tuple(SessionTime(*each) for each in kept)


def _slots_by_time(problem: Problem) -> Mapping[tuple[str, int | None, int | None], int]:
    times = [time_of(problem, slot, 2) for slot in range(len(problem.slots))]
    return {
        (problem.openings.ids[problem.slots.opening[slot]], time.weekday, time.start_min): slot
        for slot, time in enumerate(times)
    }


def _in_week(time: SessionTime) -> tuple[int, int]:
    return (-1 if time.weekday is None else time.weekday, time.start_min or 0)
