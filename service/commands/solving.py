"""`tsunagi solve`: a stored joint run solved on its own, without a town or a database.

Exit codes: 0 a plan that keeps every rule (proven or the best so far), 1 the file or its pins are refused,
2 the command is typed wrongly, 3 the plan failed its own check and is not shown.
"""

import argparse
import json
import math
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from service.kernel.dates import WEEKDAYS
from service.kernel.errors import DomainError
from service.kernel.slots import format_time
from service.matching.engine import verify
from service.matching.engine.pins.conflict import Conflict, Contradiction
from service.matching.engine.problem import NONE, WEEKLY, Problem
from service.matching.engine.rule import SAID
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Solution, Step
from service.matching.engine.solve import solve
from service.matching.engine.stored.file import load, read, read_settings

FAILED_ITS_CHECK = 3
MOST_SHOWN = 10


def solve_file(options: argparse.Namespace) -> int:
    """Read, solve, check by the second reading of the rules, and print; progress goes to standard error."""
    if not 0 < options.seconds < math.inf:
        raise DomainError("--seconds が正の数ではありません。", "「--seconds 60」のように秒で書いてください。", "solve", 422)
    file = load(options.file)
    problem, settings = read(file), replace(read_settings(file), seconds=options.seconds)
    try:
        solution = solve(problem, settings, watch=_tell)
    except Contradiction as contradiction:
        raise _refusal(problem, contradiction.conflicts) from contradiction
    if broken := verify.check(problem, settings, solution.plan):
        print("この案は検査に通りません。", *map(str, broken[:MOST_SHOWN]), sep="\n", file=sys.stderr)
        return FAILED_ITS_CHECK
    answer = _answer(problem, solution)
    print(
        json.dumps(answer, ensure_ascii=False, allow_nan=False) if options.json else _in_words(problem, settings, solution)
    )
    return 0


def _tell(step: Step) -> None:
    print(f"{step.seconds:6.1f}秒 {step.name} {_number(step.value)} 上限 {_number(step.bound)}", file=sys.stderr, flush=True)


def _answer(problem: Problem, solution: Solution) -> dict[str, Any]:
    people, openings = problem.people.ids, problem.openings.ids
    return {
        "plan": [
            {"person": people[person], "opening": openings[opening], "slot": number, "half": half}
            for person, opening, number, _, half in _lines(problem, solution)
        ],
        "levels": [
            {"name": each.name, "value": each.value, "bound": _finite(each.bound), "gap": _finite(each.gap)}
            for each in solution.attained
        ],
        "proven": solution.is_proven,
        "seconds": round(solution.seconds, 3),
        "engine": solution.engine,
    }


def _lines(problem: Problem, solution: Solution) -> list[tuple[int, int, int, int, int]]:
    """(person, opening, number of the slot in it, slot, half units) of each line, by person."""
    plan = solution.plan
    order = np.lexsort((plan.slot, plan.person))
    opening_of = problem.slots.opening
    by_opening = np.argsort(opening_of, kind="stable")
    first = np.searchsorted(opening_of[by_opening], np.arange(len(problem.openings)))
    number = np.empty(len(opening_of), np.int64)
    number[by_opening] = np.arange(len(opening_of)) - first[opening_of[by_opening]]
    slot = plan.slot[order]
    columns = (plan.person[order], opening_of[slot], number[slot], slot, plan.half[order])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _in_words(problem: Problem, settings: Settings, solution: Solution) -> str:
    lines = [
        f"{problem.people.ids[person]}\t{problem.openings.ids[opening]}\t{_when(problem, slot)}\t{'毎週' if half == WEEKLY else '隔週'}"
        for person, opening, _, slot, half in _lines(problem, solution)
    ]
    placed = problem.has_place.copy()
    placed[solution.plan.person] = True
    levels = [
        f"{each.name}\t{_number(each.value)}\t上限 {_number(each.bound)}\t差 {each.gap:.2%}" for each in solution.attained
    ]
    state = "最適と証明されています" if solution.is_proven else "これまでの最良です"
    said = f"{len(placed)}人のうち{int(placed.sum())}人に場所があります。{state}（{solution.engine}、{solution.seconds:.1f}秒）。"
    return "\n".join([*lines, *levels, said])


def _when(problem: Problem, slot: int) -> str:
    slots = problem.slots
    if slots.day[slot] == NONE:
        return "曜日なし"
    return f"{WEEKDAYS[slots.day[slot]]} {format_time(int(slots.start[slot]))}–{format_time(int(slots.end[slot]))}"


def _refusal(problem: Problem, conflicts: tuple[Conflict, ...]) -> DomainError:
    said = "".join(f"\n・{_pins(problem, each)}（{'、'.join(SAID[rule] for rule in each.rules)}）" for each in conflicts)
    return DomainError(
        f"決めておいた組が、一緒には成り立ちません。{said}\n", "どれか一つを外してください。", "contradiction", 422
    )


def _pins(problem: Problem, conflict: Conflict) -> str:
    def named(pairs: tuple[tuple[int, int], ...]) -> str:
        return "、".join(f"{problem.people.ids[person]}→{problem.openings.ids[opening]}" for person, opening in pairs)

    kept = f"今の場所 {named(conflict.kept)}" if conflict.kept else ""
    return " と ".join(part for part in (named(conflict.forced), kept) if part)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
