"""From people and openings to the arrays a joint run is solved on; no database, no clock, no name."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.vocab import Kind, Strength
from service.matching.bands import Band
from service.matching.engine.problem import Problem
from service.matching.instance import Catalogue
from service.matching.joint.arrays import Joined, Table, problem_of, table_of
from service.matching.joint.candidates import Bonds, Candidate, OpeningRoom, Stay
from service.matching.joint.hindrances import Hindrances, hindrances_of
from service.matching.schedules import CERTAIN, DAYS, answer_shapes
from service.matching.verdict import Verdicts, evaluate

MIDDLE: Final = 500
"""Points of a pair that neither meets nor misses a wish; one 希望 of three points moves it by 75."""
HUNDREDTHS_PER_POINT: Final = 4
MOST_POINTS: Final = 1000


@dataclass(frozen=True)
class Built:
    """The problem, and what keeps each person from each of its openings."""

    problem: Problem
    hindrances: Mapping[str, Hindrances]


def build_problem(
    catalogue: Catalogue,
    people: Sequence[Candidate],
    rooms: Sequence[OpeningRoom],
    stays: Sequence[Stay] = (),
    bonds: Bonds | None = None,
    *,
    today: date,
) -> Built:
    """One joint run as arrays: every pair that fits (or may, once asked), every time it could use, all that binds."""
    bonds = bonds or Bonds()
    table = table_of(catalogue, rooms)
    rows, hindrances = Joined([], []), {}
    demand = np.zeros(len(people), np.int32)
    for at, candidate in enumerate(people):
        verdicts = evaluate(catalogue, candidate.facts, today=today, similarity=candidate.similarity)
        before = len(rows.pairs)
        _join(rows, table, at, candidate, verdicts, stays, bonds)
        own = rows.pairs[before:]
        demand[at] = _demand(candidate, verdicts, [stay for stay in stays if stay.person_id == candidate.id], own)
        hindrances[candidate.id] = hindrances_of(verdicts, table.places)
    return Built(problem_of(table, people, rows, demand, stays, bonds), hindrances)


def points_of(score: NDArray[np.int32]) -> NDArray[np.float64]:
    """Hundredths of the match's points as 0…1000."""
    return np.clip(np.rint(MIDDLE + score / HUNDREDTHS_PER_POINT), 0, MOST_POINTS)


def _join(
    rows: Joined, table: Table, at: int, candidate: Candidate, verdicts: Verdicts, stays: Sequence[Stay], bonds: Bonds
) -> None:
    """Add the pairs of one person: 適合, 要確認, and wherever they are today."""
    bands = verdicts.bands[table.places]
    points, minutes = points_of(verdicts.score[table.places]), verdicts.minutes[table.places]
    usable, here = _usable_slots(table, verdicts), _today(table, candidate, stays)
    may_be = bands != Band.EXCLUDED
    may_be[[opening for opening, found in here.items() if any(stay.is_held for stay in found)]] = True
    for opening in np.flatnonzero(may_be).tolist():
        asks, now = bool(bands[opening] == Band.NEEDS_CHECK), {stay.slot.key for stay in here.get(opening, ())}
        times = [
            slot
            for slot in table.of_opening[opening]
            if _may_use(table, usable, slot, asks, now) and _is_open_to(table, candidate.id, slot, bonds)
        ]
        if times:
            rows.sessions += [(len(rows.pairs), slot) for slot in times]
            is_new, days = opening not in here, table.least_days[opening]
            rows.pairs.append((at, opening, points[opening], int(minutes[opening]), asks, is_new, days))


def _today(table: Table, candidate: Candidate, stays: Sequence[Stay]) -> dict[int, list[Stay]]:
    """Where the person is today, by position of the opening."""
    found: dict[int, list[Stay]] = {}
    for stay in stays:
        if stay.person_id == candidate.id and not stay.is_new and stay.opening_id in table.opening_of:
            found.setdefault(table.opening_of[stay.opening_id], []).append(stay)
    return found


def _may_use(table: Table, usable: NDArray[np.uint8], slot: int, asks: bool, now: Container[object]) -> bool:
    """A certain time for 適合, a possible one for 要確認, and the time somebody has today in any case."""
    room = table.slots[slot][1]
    if room.key in now or room.weekday is None:
        return True
    return bool(usable[slot] & DAYS) if asks else bool(usable[slot] & CERTAIN)


def _is_open_to(table: Table, person: str, slot: int, bonds: Bonds) -> bool:
    at, room = table.slots[slot]
    opening = table.catalogue.openings[table.rooms[at].place]
    wanted = bonds.forced_times.get((person, opening.id))
    return (person, opening.host_id, room.weekday) not in bonds.closed and wanted in (None, room.key)


def _usable_slots(table: Table, verdicts: Verdicts) -> NDArray[np.uint8]:
    """One answer byte per slot; where time is only a wish, every slot will do."""
    needs = [need for need in verdicts.asked if need.attribute.kind is Kind.TIME]
    is_hard = any(need.strength in (Strength.HARD, Strength.GATE) for need in needs)
    if not table.slots:
        return np.zeros(0, np.uint8)
    return answer_shapes(table.shapes, verdicts.situation.windows if is_hard else None)


def _demand(candidate: Candidate, verdicts: Verdicts, stays: Sequence[Stay], pairs: Sequence[tuple[Any, ...]]) -> int:
    """Half units a week: the load asked for, as much as the mildest place asks, no more than the person's days."""
    mildest = min((pair[-1] for pair in pairs), default=1)
    wanted = 2 * max(candidate.load, mildest)
    most = verdicts.situation.max_days
    today = sum(stay.half for stay in stays if not stay.is_held)
    return max(wanted if most is None else min(wanted, 2 * most), today)
