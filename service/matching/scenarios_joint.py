"""Joint entries of a scenario file: several people at once, solved by the same verb as the 合同照合 page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from service.kernel.dates import WEEKDAYS
from service.kernel.errors import DomainError
from service.matching.engine.problem import NO_LIMIT, WEEKLY, Problem
from service.matching.engine.settings import Settings
from service.matching.engine.verify import check
from service.matching.instance import Catalogue
from service.matching.joint.candidates import Bonds, Candidate, OpeningRoom, slots_of
from service.matching.joint.instance import build_problem
from service.matching.joint.sizes import read_half_days
from service.matching.joint.stored import plan_lines
from service.matching.scenario_file import ScenarioProblem, read_person

KEYS: Final = frozenset(
    {"participants", "avoid_pairs", "need_accompany", "accompany", "new_starts_per_week", "matched", "solution"}
)
Solution = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class JointResult:
    """Expected and got for one joint entry: {person: (host, weekday)}; `unread` are keys the format does not have."""

    id: str
    expected_matched: int | None
    expected: Solution | None
    got: Solution
    unread: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        return self.expected_matched in (None, len(self.got)) and self.expected in (None, self.got)


def run_joint(catalogue: Catalogue, id_: str, entry: Any, today: date) -> JointResult:
    """Solve one joint entry; ScenarioProblem names what does not keep to the format."""
    row = _mapping(entry, f"joint.{id_}")
    problem = joint_problem(catalogue, id_, row, today)
    return JointResult(
        id_,
        _whole(row.get("matched"), f"joint.{id_}.matched"),
        _solution(row.get("solution"), f"joint.{id_}.solution"),
        solve_joint(problem),
        tuple(sorted(set(row) - KEYS)),
    )


def solve_joint(problem: Problem, settings: Settings | None = None) -> Solution:
    """The plan as {person: (host, weekday)}, checked by the rules themselves."""
    # The solver's libraries take a second to load: a file without joint entries should not wait for them.
    from service.matching.engine.solve import solve

    asked = settings or Settings()
    plan = solve(problem, asked).plan
    if broken := check(problem, asked, plan):
        raise RuntimeError(f"the plan breaks {broken[0].rule}")
    return {
        person: (opening, "" if times[0].weekday is None else WEEKDAYS[times[0].weekday])
        for person, opening, times in plan_lines(problem, plan)
    }


def joint_problem(catalogue: Catalogue, id_: str, row: Mapping[str, Any], today: date) -> Problem:
    """The arrays of one joint entry: 適合 pairs alone, one (host, weekday) each."""
    participants = _mapping(row.get("participants"), f"joint.{id_}.participants")
    along = _ids(row.get("need_accompany"), participants, f"joint.{id_}.need_accompany")
    people = [
        Candidate(name, read_person(participant, name, catalogue.vocabulary), accompanied=name in along)
        for name, participant in participants.items()
    ]
    rooms = [
        OpeningRoom(place, NO_LIMIT if opening.free is None else opening.free, slots_of(opening))
        for place, opening in enumerate(catalogue.openings)
    ]
    problem = build_problem(catalogue, people, rooms, (), _bonds(id_, row, participants, catalogue), today=today).problem
    # The format gives everybody one day at one host, whatever that host asks for in the long run.
    one = np.ones_like(problem.pairs.least_days)
    demand = np.full_like(problem.people.demand, WEEKLY)
    return replace(problem, pairs=replace(problem.pairs, least_days=one), people=replace(problem.people, demand=demand))


def _bonds(id_: str, row: Mapping[str, Any], participants: Mapping[str, Any], catalogue: Catalogue) -> Bonds:
    where = f"joint.{id_}"
    starts = _mapping(row.get("new_starts_per_week"), f"{where}.new_starts_per_week")
    if lost := sorted(set(starts) - catalogue.of_host.keys()):
        raise ScenarioProblem(f"「{where}.new_starts_per_week」の {'、'.join(lost)} が hosts にありません。")
    return Bonds(
        apart=tuple(_pair(pair, participants, f"{where}.avoid_pairs") for pair in _listed(row.get("avoid_pairs"), where)),
        new_starts={host: _whole(most, f"{where}.new_starts_per_week.{host}") or 0 for host, most in starts.items()},
        accompany=_half_days(row.get("accompany"), f"{where}.accompany"),
    )


def _half_days(value: Any, where: str) -> Any:
    if value is None:
        return None
    try:
        return read_half_days(_mapping(value, where))
    except DomainError as problem:
        raise ScenarioProblem(f"「{where}」: {problem.message}") from problem


def _solution(value: Any, where: str) -> Solution | None:
    if value is None:
        return None
    try:
        return {person: (str(host), str(day)) for person, (host, day) in _mapping(value, where).items()}
    except (TypeError, ValueError) as problem:
        raise ScenarioProblem(f"「{where}」は {{人: [受け入れ先, 曜日]}} にしてください。") from problem


def _pair(value: Any, participants: Mapping[str, Any], where: str) -> tuple[str, str]:
    pair = _ids(value, participants, where)
    if len(pair) != 2:
        raise ScenarioProblem(f"「{where}」は、違う二人の組にしてください。")
    return pair[0], pair[1]


def _ids(value: Any, participants: Mapping[str, Any], where: str) -> tuple[str, ...]:
    listed = tuple(str(each) for each in _listed(value, where))
    if lost := sorted(set(listed) - set(participants)):
        raise ScenarioProblem(f"「{where}」の {'、'.join(lost)} が participants にありません。")
    return tuple(dict.fromkeys(listed))


def _listed(value: Any, where: str) -> Sequence[Any]:
    if value is not None and not isinstance(value, list):
        raise ScenarioProblem(f"「{where}」は一覧にしてください。")
    return value or ()


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise ScenarioProblem(f"「{where}」の形が FORMAT と違います。")
    return value or {}


def _whole(value: Any, where: str) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise ScenarioProblem(f"「{where}」は0以上の整数にしてください。")
    return value


def describe_joint(result: JointResult) -> list[str]:
    """The lines of the report: one per person, × where it differs."""
    expected = result.expected or {}
    lines = [f"{'○' if result.is_equal else '×'} {result.id} 合同照合 {len(result.got)}人"]
    for person in sorted({*result.got, *expected}):
        got, wanted = _say(result.got.get(person)), _say(expected.get(person))
        is_equal = result.expected is None or got == wanted
        lines.append(f"  ○ {person} → {got}" if is_equal else f"  × {person} 期待: {wanted} ／ 結果: {got}")
    if result.expected_matched not in (None, len(result.got)):
        lines.append(f"  × 人数 期待: {result.expected_matched} ／ 結果: {len(result.got)}")
    if result.unread:
        lines.append(f"  － 読まなかった項目: {'、'.join(result.unread)}")
    return lines


def _say(place: tuple[str, str] | None) -> str:
    return "なし" if place is None else f"{place[0]}（{place[1]}）"
