"""Four people and three places: P2 can only go to A07, P4 only to A12, P1 and P3 must not meet at A01."""

from __future__ import annotations

from typing import Any

from service.matching.engine.explain.standing import Standing
from service.matching.engine.model import build_model
from service.matching.engine.problem import Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solve import solve
from tests.engine.towns import slot, town

ASKED = Settings()
PAIRS = (
    ("P1", "A01", {"slots": [0], "score": 1, "minutes": 30}),
    ("P1", "A07", {"score": 4, "minutes": 9}),
    ("P2", "A07", {"slots": [1], "score": 1, "minutes": 9}),
    ("P3", "A01", {"slots": [0, 1], "score": 1, "minutes": 12}),
    ("P3", "A12", {"score": 1, "minutes": 9}),
    ("P4", "A12", {"slots": [1], "score": 1, "minutes": 9}),
)
WAITING = {"P1": 40, "P2": 12, "P3": 25, "P4": 8}


def four_people(*without: str, **more: Any) -> Problem:
    """The town, without some of the people."""
    people = {name: {"most_hosts": 1, "waiting_days": days} for name, days in WAITING.items() if name not in without}
    openings = {
        "A01": {"free": 3, "slots": [slot("月", "13:00", "14:30"), slot("水", "13:00", "14:30")]},
        "A07": {"free": 1, "slots": [slot("月", "9:30", "11:30"), slot("木", "9:30", "11:30")]},
        "A12": {
            "free": 1,
            "slots": [slot("月", "14:00", "17:00"), slot("火", "14:00", "17:00"), slot("水", "14:00", "17:00")],
        },
    }
    pairs = [pair for pair in PAIRS if pair[0] not in without]
    apart = [] if {"P1", "P3"} & set(without) else [{"person": "P1", "other": "P3"}]
    return town(people, openings, pairs, **({"apart": apart} | more))


def standing_of(problem: Problem, asked: Settings = ASKED) -> Standing:
    """The solved run."""
    return Standing.of(problem, asked, solve(problem, asked))


def unsolved(problem: Problem, plan: Any, asked: Settings = ASKED) -> Standing:
    """A run with a plan somebody has put together, better ones being possible."""
    return Standing.within(build_model(problem, asked), plan, is_proven=False)
