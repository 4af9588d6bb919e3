"""Small joint runs for the engine's tests: a town of a few rows, made-up towns by a seed, and every plan they allow."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from service.matching.engine import verify
from service.matching.engine.problem import Problem
from service.matching.engine.rule import Rule
from service.matching.engine.settings import Settings, Term
from service.matching.engine.solution import Plan
from service.matching.engine.stored.file import read

MOST_COLUMNS = 10
DAYS = ("月", "火")
HOURS = (("9:00", "11:00"), ("10:00", "12:00"), ("13:00", "15:00"))
BINDING = (
    "free",
    "places",
    "high_support",
    "most_hosts",
    "new_starts",
    "coordinators",
    "accompany",
    "apart",
    "together",
    "household_apart",
    "least_days",
    "resources",
    "kept",
    "held",
    "forced",
    "forbidden",
    "gap",
    "asks",
)
"""Everything that can be switched on in a made-up town."""

MENDED_BY_MORE = {Rule.FORCED, Rule.HOUSEHOLD_TOGETHER, Rule.LEAST_DAYS, Rule.HOUSEHOLD_APART}
"""Rules that one more line can set right, or that hold of kept placements alone; whatever breaks another stays broken."""


def town(people: dict[str, dict[str, Any]], openings: dict[str, dict[str, Any]], pairs: Any, **more: Any) -> Problem:
    """A problem from rows of the file format; `pairs` are (person, opening) or (person, opening, fields)."""
    listed = [{"person": person, "opening": opening, **dict(*fields)} for person, opening, *fields in pairs]
    return read(
        {
            "people": [{"id": name, **fields} for name, fields in people.items()],
            "openings": [{"id": name, **fields} for name, fields in openings.items()],
            "pairs": listed,
            **more,
        }
    )


def pins(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Rows of forced or forbidden pairs."""
    return [{"person": person, "opening": opening} for person, opening in pairs]


def slot(day: str | None, start: str = "9:00", end: str = "11:00", **limits: int) -> dict[str, Any]:
    """One weekly session."""
    return {"day": day, "start": start, "end": end, **limits} if day else dict(limits)


def plan_of(problem: Problem, *lines: tuple[str, str, int] | tuple[str, str, int, int]) -> Plan:
    """A plan from (person, opening, number of the slot in it, half units = 2)."""
    person, place, half = [], [], []
    for who, where, number, *rest in lines:
        opening = problem.openings.ids.index(where)
        person.append(problem.people.ids.index(who))
        place.append(int(np.flatnonzero(problem.slots.opening == opening)[number]))
        half.append(rest[0] if rest else 2)
    return Plan(np.array(person, np.int32), np.array(place, np.int32), np.array(half, np.int32))


def said(plan: Plan, problem: Problem) -> set[tuple[str, str]]:
    """Who goes where by a plan."""
    pairs = zip(plan.person.tolist(), plan.opening(problem).tolist(), strict=True)
    return {(problem.people.ids[person], problem.openings.ids[opening]) for person, opening in pairs}


def made_up(seed: int, switched_on: frozenset[str] = frozenset(BINDING)) -> Problem:
    """A town of up to four people and four openings, with at most ten columns and the named rules, each by chance."""
    dice = random.Random(seed)
    on = {name for name in BINDING if name in switched_on and dice.random() < 0.8}
    people = [_person(dice, on, number) for number in range(dice.choice((1, 2, 3, 3, 4, 4)))]
    openings = [_opening(dice, on, number) for number in range(dice.choice((1, 2, 2, 3, 3, 4)))]
    pairs = _pairs(dice, on, people, openings)
    file: dict[str, Any] = {"people": people, "openings": openings, "pairs": pairs, "resources": ["席"]}
    file["hosts"] = [{"id": f"H{n}", "new_starts": dice.randint(0, 2) if "new_starts" in on else None} for n in range(3)]
    file["coordinators"] = [
        {"id": f"C{n}", "new_pairs": dice.randint(0, 2) if "coordinators" in on else None} for n in range(2)
    ]
    rule = dice.choice(
        [each for each, name in (("together", "together"), ("apart", "household_apart")) if name in on] or [None]
    )
    file["households"] = [{"id": "S", "rule": rule}]
    file |= _bonds(dice, on, people, openings, pairs)
    return read(file)


def _person(dice: random.Random, on: set[str], number: int) -> dict[str, Any]:
    return {
        "id": f"P{number}",
        "demand": dice.choice((1, 2, 2, 3, 3, 4, 5)),
        "most_hosts": dice.choice((1, 1, 2)) if "most_hosts" in on else None,
        "waiting_days": dice.randint(0, 90),
        "high_support": dice.random() < 0.5,
        "accompanied": dice.random() < 0.5,
        "household": "S" if dice.random() < 0.5 else None,
        "coordinator": f"C{dice.randint(0, 1)}",
    }


def _opening(dice: random.Random, on: set[str], number: int) -> dict[str, Any]:
    def limit(name: str, least: int, most: int) -> int | None:
        return dice.randint(least, most) if name in on and dice.random() < 0.7 else None

    slots = []
    for _ in range(dice.randint(1, 2)):
        hours = slot(dice.choice(DAYS) if dice.random() < 0.9 else None, *dice.choice(HOURS))
        slots.append(hours | {"places": limit("places", 0, 1), "high_support": limit("high_support", 0, 1)})
    where = {"lat": 35 + dice.randint(0, 9) / 100, "lon": 139.5} if dice.random() < 0.8 else {}
    amounts = {"席": limit("resources", 0, 3)}
    return {
        "id": f"O{number}",
        "host": f"H{dice.randint(0, 2)}",
        "free": limit("free", 0, 2),
        "amounts": amounts,
        "slots": slots,
    } | where


def _pairs(dice: random.Random, on: set[str], people: list[Any], openings: list[Any]) -> list[dict[str, Any]]:
    pairs, columns = [], 0
    every = [(person, opening) for person in people for opening in openings]
    for person, opening in dice.sample(every, len(every)):
        slots = sorted(dice.sample(range(len(opening["slots"])), dice.randint(1, len(opening["slots"]))))
        columns += len(slots) * (1 + person["demand"] % 2)
        if columns > MOST_COLUMNS:
            break
        pairs.append(
            {
                "person": person["id"],
                "opening": opening["id"],
                "score": dice.randint(-400, 1200) / 100,
                "minutes": dice.choice((None, 5, 20, 35)),
                "asks": "asks" in on and dice.random() < 0.2,
                "new": dice.random() < 0.8,
                "least_days": dice.choice((1, 1, 2)) if "least_days" in on else 1,
                "uses": {"席": dice.randint(0, 2)},
                "slots": slots,
            }
        )
    return pairs


def _bonds(dice: random.Random, on: set[str], people: list[Any], openings: list[Any], pairs: list[Any]) -> dict[str, Any]:
    def some(name: str, most: int) -> list[dict[str, str]]:
        chosen = dice.sample(pairs, min(len(pairs), dice.randint(0, most))) if name in on else []
        return [{"person": pair["person"], "opening": pair["opening"]} for pair in chosen]

    ids = [person["id"] for person in people]
    bonds: dict[str, Any] = {"forced": some("forced", 1), "forbidden": some("forbidden", 1)}
    bonds["held"] = [pin | {"slot": 0} for pin in some("held", 2)]
    kept = [(dice.choice(ids), dice.choice(openings)["id"], dice.randint(1, 2)) for _ in range(dice.randint(0, 1))]
    bonds["kept"] = [{"person": who, "opening": where, "slot": 0, "half": half} for who, where, half in kept if "kept" in on]
    if "apart" in on and len(ids) > 1:
        one, other = dice.sample(ids, 2)
        bonds["apart"] = [{"person": one, "other": other}]
    if "accompany" in on:
        bonds["accompany"] = {"月AM": dice.randint(0, 1), "月PM": 1, "火PM": dice.randint(0, 1), "火AM": None}
    if "gap" in on:
        bonds["gap"] = {"minutes": dice.randint(0, 60), "per_km": dice.choice((0, 5, 20.5))}
    return bonds


def legal_plans(problem: Problem, settings: Settings) -> Iterator[Plan]:
    """Every plan that keeps all rules, by trying each combination of lines."""
    yield from _grown(problem, settings, _lines(problem), 0, [])


def _lines(problem: Problem) -> list[tuple[int, int, int]]:
    person = problem.pairs.person[problem.sessions.pair].tolist()
    sessions = zip(person, problem.sessions.slot.tolist(), strict=True)
    return [(who, where, half) for who, where in sessions for half in (2, 1) if half == 2 or problem.people.demand[who] % 2]


def _grown(
    problem: Problem, settings: Settings, lines: list[tuple[int, int, int]], first: int, chosen: list[tuple[int, int, int]]
) -> Iterator[Plan]:
    plan = Plan(*(np.array([line[place] for line in chosen], np.int32) for place in range(3)))
    broken = {each.rule for each in verify.check(problem, settings, plan)}
    if not broken:
        yield plan
    if broken <= MENDED_BY_MORE:
        for place in range(first, len(lines)):
            yield from _grown(problem, settings, lines, place + 1, [*chosen, lines[place]])


def level_values(problem: Problem, settings: Settings, plan: Plan) -> tuple[float, ...]:
    """What a plan is worth, aim by aim."""
    terms: dict[Term, float] = verify.attained(problem, settings, plan)
    return tuple(round(sum(weight * terms[term] for term, weight in level.weights.items()), 6) for level in settings.levels)


def best_by_trying(problem: Problem, settings: Settings) -> tuple[float, ...] | None:
    """The best values any plan can have, aim before aim; None where no plan keeps the rules."""
    return max((level_values(problem, settings, plan) for plan in legal_plans(problem, settings)), default=None)
