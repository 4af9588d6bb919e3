"""S07: four people, scarce places, two who must not meet — the plan worked out by hand, and what other ways would give."""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from service.matching.engine.problem import Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan
from service.matching.engine.verify import attained, check
from service.matching.scenario_file import ScenarioProblem
from service.matching.scenarios import describe, run_scenarios
from service.matching.scenarios_joint import Solution, joint_problem, run_joint, solve_joint
from tests.matching.cast import TODAY, catalogue, scenarios, vocabulary

WAITING = {"P1": 40, "P2": 12, "P3": 25, "P4": 8}
BY_HAND = {"P1": ("A01", "月"), "P2": ("A07", "木"), "P3": ("A01", "水"), "P4": ("A12", "火")}


def entry(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(scenarios()["joint"]["S07"])
    return {**found, **changes}


def problem(row: dict[str, Any] | None = None) -> Problem:
    return joint_problem(catalogue(), "S07", row or entry(), TODAY)


def plan_of(solved: Problem, solution: Solution) -> Plan:
    """The plan a person has written down, in the problem's positions."""
    rows = []
    for person, (opening, day) in solution.items():
        at = solved.openings.ids.index(opening)
        slots = np.flatnonzero((solved.slots.opening == at) & (solved.slots.day == "月火水木金土日".index(day)))
        rows.append((solved.people.ids.index(person), int(slots[0]), 2))
    return Plan(*(np.array(column, np.int32) for column in zip(*rows, strict=True)))


def test_all_four_get_the_places_worked_out_by_hand() -> None:
    result = run_joint(catalogue(), "S07", scenarios()["joint"]["S07"], TODAY)
    assert result.is_equal
    assert result.got == BY_HAND


def test_one_after_the_other_longest_waiting_first_places_only_two() -> None:
    solved = problem()
    taken: list[tuple[int, int]] = []
    for name in sorted(WAITING, key=lambda name: -WAITING[name]):
        person = solved.people.ids.index(name)
        own = np.flatnonzero(solved.pairs.person == person)
        # Each takes the place they like best: at the same points, the nearest.
        for pair in sorted(own.tolist(), key=lambda pair: (-solved.pairs.points[pair], solved.pairs.minutes[pair])):
            slots = solved.sessions.slot[solved.sessions.pair == pair].tolist()
            wanted = [[*taken, (person, slot)] for slot in slots]
            legal = [lines for lines in wanted if not check(solved, Settings(), as_plan(lines))]
            if legal:
                taken = legal[0]
                break
    assert {solved.people.ids[person] for person, _ in taken} == {"P1", "P3"}
    assert len(solve_joint(solved)) == 4


def as_plan(lines: list[tuple[int, int]]) -> Plan:
    person, slot = zip(*lines, strict=True)
    return Plan(np.array(person, np.int32), np.array(slot, np.int32), np.full(len(lines), 2, np.int32))


def test_without_the_avoid_pair_monday_is_as_good_for_p3_as_wednesday() -> None:
    free = problem(entry(avoid_pairs=[]))
    monday, wednesday = ({**BY_HAND, "P3": ("A01", day)} for day in "月水")
    values = [attained(free, Settings(), plan_of(free, plan)) for plan in (monday, wednesday)]
    assert values[0] == values[1]
    assert all(check(free, Settings(), plan_of(free, plan)) == () for plan in (monday, wednesday))
    assert solve_joint(free) in (monday, wednesday)


def test_with_the_avoid_pair_monday_is_forbidden_to_p3() -> None:
    bound = problem()
    assert [str(each.rule) for each in check(bound, Settings(), plan_of(bound, {**BY_HAND, "P3": ("A01", "月")}))] == [
        "apart"
    ]


def test_when_p2_withdraws_p1_moves_to_the_nearer_place() -> None:
    row = entry()
    del row["participants"]["P2"]
    solved = solve_joint(problem(row))
    assert {person: host for person, (host, _) in solved.items()} == {"P1": "A07", "P3": "A01", "P4": "A12"}
    stays = {**solved, "P1": ("A01", "月"), "P3": ("A01", "水")}
    better, worse = (attained(problem(row), Settings(), plan_of(problem(row), plan)) for plan in (solved, stays))
    assert better["evenness"] > worse["evenness"]
    assert better["travel"] > worse["travel"]


@pytest.mark.parametrize("change", [{"matched": 3}, {"solution": {**BY_HAND, "P3": ["A01", "月"]}}, {"solution": {}}])
def test_a_wrong_expectation_is_reported(change: dict[str, Any]) -> None:
    content = scenarios()
    content["joint"]["S07"] |= change
    report = run_scenarios(content, vocabulary())
    assert not report.is_equal
    assert describe(report).splitlines()[-1] == "一致 7／8"


def test_a_host_that_starts_nobody_new_this_week_gets_nobody() -> None:
    solved = solve_joint(problem(entry(new_starts_per_week={"A01": 1})))
    assert sum(host == "A01" for host, _ in solved.values()) == 1
    assert len(solved) == 3


def test_a_half_day_without_a_supporter_is_closed_to_whoever_needs_one() -> None:
    row = entry(need_accompany=["P3", "P4"], accompany={"水PM": 1})
    solved = solve_joint(problem(row))
    assert solved["P3"][1] == "水"
    assert "P4" not in solved


def test_keys_the_format_does_not_have_are_named_and_do_no_harm() -> None:
    content = scenarios()
    content["joint"]["S07"] |= {"waiting": {"P1": 40}, "note": "…"}
    report = run_scenarios(content, vocabulary())
    assert report.is_equal
    assert "読まなかった項目: note、waiting" in describe(report)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"avoid_pairs": [["P1", "P9"]]}, "P9"),
        ({"avoid_pairs": [["P1"]]}, "avoid_pairs"),
        ({"avoid_pairs": "P1"}, "一覧"),
        ({"need_accompany": ["P7"]}, "P7"),
        ({"accompany": {"夜": 1}}, "夜"),
        ({"new_starts_per_week": {"A99": 1}}, "A99"),
        ({"solution": {"P1": "A01"}}, "solution"),
        ({"participants": []}, "participants"),
        ({"matched": "四"}, "matched"),
    ],
)
def test_what_does_not_keep_to_the_format_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ScenarioProblem, match=named):
        run_joint(catalogue(), "S07", entry(**change), TODAY)


def test_the_order_in_which_people_stand_in_the_file_changes_nothing() -> None:
    row = entry()
    row["participants"] = dict(reversed(row["participants"].items()))
    assert solve_joint(problem(row)) == BY_HAND


def test_a_place_is_not_given_to_two() -> None:
    solved = problem()
    both = plan_of(solved, {"P1": ("A07", "木"), "P2": ("A07", "木")})
    assert "free" in [str(each.rule) for each in check(solved, Settings(), both)]
    roomier = replace(solved, openings=replace(solved.openings, free=solved.openings.free + 1))
    assert check(roomier, Settings(), both) == ()
