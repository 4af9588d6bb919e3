"""One small town for every rule of a joint run: a plan that breaks just that rule, and one that just keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.matching.engine.model import bonds, constraints
from service.matching.engine.model.rows import Rows
from service.matching.engine.model.variables import Variables
from service.matching.engine.problem import Problem
from service.matching.engine.rule import Rule
from tests.engine.towns import pins, slot, town

Line = tuple[str, str, int] | tuple[str, str, int, int]
MONDAY, TUESDAY = {"slots": [slot("月")]}, {"slots": [slot("火")]}
TWICE_A_WEEK = {"slots": [slot("月"), slot("水")]}


@dataclass(frozen=True)
class Case:
    """`broken` breaks only `rule` of the model, which the validator calls `named`; `kept` keeps everything."""

    rule: Callable[[Variables], Rows]
    named: Rule
    problem: Problem
    broken: tuple[Line, ...]
    kept: tuple[Line, ...]


def _everybody_everywhere(people: dict[str, Any], openings: dict[str, Any], **more: Any) -> Problem:
    return town(people, openings, [(person, opening) for person in people for opening in openings], **more)


CASES = (
    Case(
        constraints.within_demand,
        Rule.DEMAND,
        _everybody_everywhere({"P": {"demand": 3}}, {"A": MONDAY, "B": TUESDAY}),
        broken=(("P", "A", 0), ("P", "B", 0)),
        kept=(("P", "A", 0), ("P", "B", 0, 1)),
    ),
    Case(
        constraints.one_frequency_per_session,
        Rule.TWICE,
        _everybody_everywhere({"P": {"demand": 3}}, {"A": {}, "B": {}}),
        broken=(("P", "A", 0), ("P", "A", 0, 1)),
        kept=(("P", "A", 0), ("P", "B", 0, 1)),
    ),
    Case(
        constraints.one_fortnightly_session,
        Rule.FORTNIGHTLY,
        _everybody_everywhere({"P": {"demand": 3}}, {"A": MONDAY, "B": TUESDAY}),
        broken=(("P", "A", 0, 1), ("P", "B", 0, 1)),
        kept=(("P", "A", 0, 1), ("P", "B", 0)),
    ),
    Case(
        constraints.no_clashing_sessions,
        Rule.TIMES,
        _everybody_everywhere(
            {"P": {"demand": 4}},
            {"A": MONDAY, "B": {"slots": [slot("月", "11:29", "12:30")]}, "C": {"slots": [slot("月", "11:30", "12:30")]}},
            gap={"minutes": 30},
        ),
        broken=(("P", "A", 0), ("P", "B", 0)),
        kept=(("P", "A", 0), ("P", "C", 0)),
    ),
    Case(
        constraints.within_slot,
        Rule.PLACES,
        _everybody_everywhere({"P": {"demand": 3}, "Q": {"demand": 3}}, {"A": {"slots": [slot("月", places=1)]}}),
        broken=(("P", "A", 0), ("Q", "A", 0, 1)),
        kept=(("P", "A", 0, 1), ("Q", "A", 0, 1)),
    ),
    Case(
        constraints.within_high_support,
        Rule.HIGH_SUPPORT,
        _everybody_everywhere(
            {"P": {"high_support": True}, "Q": {"high_support": True}, "R": {}},
            {"A": {"slots": [slot("月", high_support=1)]}},
        ),
        broken=(("P", "A", 0), ("Q", "A", 0)),
        kept=(("P", "A", 0), ("R", "A", 0)),
    ),
    Case(
        constraints.within_free_places,
        Rule.FREE,
        _everybody_everywhere({"P": {"demand": 4}, "Q": {}}, {"A": {"free": 1, **TWICE_A_WEEK}}),
        broken=(("P", "A", 0), ("Q", "A", 1)),
        kept=(("P", "A", 0), ("P", "A", 1)),
    ),
    Case(
        constraints.within_resources,
        Rule.RESOURCES,
        town(
            {"P": {}, "Q": {}, "R": {}},
            {"A": {"amounts": {"席": 3}}},
            [("P", "A", {"uses": {"席": 2}}), ("Q", "A", {"uses": {"席": 2}}), ("R", "A", {"uses": {"席": 1}})],
            resources=["席"],
        ),
        broken=(("P", "A", 0), ("Q", "A", 0)),
        kept=(("P", "A", 0), ("R", "A", 0)),
    ),
    Case(
        constraints.within_most_hosts,
        Rule.MOST_HOSTS,
        _everybody_everywhere({"P": {"demand": 4, "most_hosts": 1}}, {"A": TWICE_A_WEEK, "B": TUESDAY}),
        broken=(("P", "A", 0), ("P", "B", 0)),
        kept=(("P", "A", 0), ("P", "A", 1)),
    ),
    Case(
        constraints.within_new_starts,
        Rule.NEW_STARTS,
        town(
            {"P": {}, "Q": {}, "R": {}},
            {"A": {"host": "H", **MONDAY}, "B": {"host": "H", **TUESDAY}},
            [("P", "A"), ("Q", "B"), ("R", "B", {"new": False})],
            hosts=[{"id": "H", "new_starts": 1}],
        ),
        broken=(("P", "A", 0), ("Q", "B", 0)),
        kept=(("P", "A", 0), ("R", "B", 0)),
    ),
    Case(
        constraints.within_coordinator,
        Rule.COORDINATOR,
        _everybody_everywhere(
            {"P": {"coordinator": "C"}, "Q": {"coordinator": "C"}, "R": {}},
            {"A": MONDAY},
            coordinators=[{"id": "C", "new_pairs": 1}],
        ),
        broken=(("P", "A", 0), ("Q", "A", 0)),
        kept=(("P", "A", 0), ("R", "A", 0)),
    ),
    Case(
        constraints.within_accompaniment,
        Rule.ACCOMPANY,
        _everybody_everywhere(
            {"P": {"accompanied": True}, "Q": {"accompanied": True}, "R": {}},
            {"A": MONDAY, "B": MONDAY},
            accompany={"月AM": 1},
        ),
        broken=(("P", "A", 0), ("Q", "B", 0)),
        kept=(("P", "A", 0), ("R", "B", 0)),
    ),
    Case(
        bonds.keep_apart,
        Rule.APART,
        _everybody_everywhere(
            {"P": {}, "Q": {}},
            {"A": {"host": "H", **MONDAY}, "B": {"host": "H", **TWICE_A_WEEK}},
            apart=[{"person": "P", "other": "Q"}],
        ),
        broken=(("P", "A", 0), ("Q", "B", 0)),
        kept=(("P", "A", 0), ("Q", "B", 1)),
    ),
    Case(
        bonds.household_together,
        Rule.HOUSEHOLD_TOGETHER,
        _everybody_everywhere(
            {"P": {"household": "S"}, "Q": {"household": "S"}},
            {"A": MONDAY, "B": TUESDAY},
            households=[{"id": "S", "rule": "together"}],
        ),
        broken=(("P", "A", 0), ("Q", "B", 0)),
        kept=(("P", "A", 0), ("Q", "A", 0)),
    ),
    Case(
        bonds.household_apart,
        Rule.HOUSEHOLD_APART,
        _everybody_everywhere(
            {"P": {"household": "S"}, "Q": {"household": "S"}},
            {"A": TWICE_A_WEEK, "B": TUESDAY},
            households=[{"id": "S", "rule": "apart"}],
        ),
        broken=(("P", "A", 0), ("Q", "A", 1)),
        kept=(("P", "A", 0), ("Q", "B", 0)),
    ),
    Case(
        bonds.enough_days,
        Rule.LEAST_DAYS,
        town({"P": {"demand": 5}}, {"A": TWICE_A_WEEK}, [("P", "A", {"least_days": 2})]),
        broken=(("P", "A", 0), ("P", "A", 1, 1)),
        kept=(("P", "A", 0), ("P", "A", 1)),
    ),
    Case(
        bonds.forced_pairs,
        Rule.FORCED,
        _everybody_everywhere({"P": {}}, {"A": MONDAY, "B": TUESDAY}, forced=pins(("P", "A"))),
        broken=(("P", "B", 0),),
        kept=(("P", "A", 0),),
    ),
)
