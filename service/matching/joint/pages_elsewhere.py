"""「なぜほかの所ではないのか」: what the match says of a place, and what going there would cost whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from service.matching.bands import Band
from service.matching.cards import Mark, card_marks, own_title
from service.matching.engine.explain.standing import Standing
from service.matching.engine.explain.whynot import Cost, WhyNot, why_not
from service.matching.engine.model import build_model
from service.matching.engine.problem import Problem
from service.matching.engine.settings import Term
from service.matching.explain import explain
from service.matching.joint.instance import HUNDREDTHS_PER_POINT
from service.matching.joint.models import JointRun
from service.matching.joint.pages_rows import Reader
from service.matching.joint.service import solved
from service.matching.joint.stored import ask_of
from service.matching.joint.wording import Names, say_why_not
from service.matching.scoring.points import HUNDREDTHS
from service.matching.verdict import Verdicts

NOT_A_PAIR = "計算のときには、合う所ではありませんでした。計算し直すと入ることがあります。"

MOST_READY: Final = 2
"""A large run takes much memory; whoever asks, asks several times about the same one."""
_ready: Final[dict[tuple[str, str, str, int], Standing]] = {}
"""By run, what it solved and the lines it still has; the one asked about last comes last."""


@dataclass(frozen=True)
class Elsewhere:
    """The answer for one opening: a sentence, the reasons of the match, and whether it may be decided all the same."""

    opening_id: str
    place: str
    title: str
    said: str
    marks: tuple[Mark, ...]
    may_force: bool


def elsewhere(reader: Reader, verdicts: Verdicts, person_id: str, opening_id: str) -> Elsewhere | None:
    """Why not there; None when there is no such opening."""
    place = reader.loaded.catalogue.place_of.get(opening_id)
    if place is None:
        return None
    record, verdict = reader.loaded.record(place), explain(verdicts, place)
    shown, more = card_marks(verdict, ())
    if verdict.band is Band.EXCLUDED:
        said, may_force = "条件に合わないため、案に入りません。", False
    else:
        said, may_force = _answer(reader, person_id, opening_id)
    marks = _decisive((*shown, *more), verdict.band)
    return Elsewhere(record.id, record.name, own_title(record), said, marks, may_force)


def _answer(reader: Reader, person_id: str, opening_id: str) -> tuple[str, bool]:
    """What it would cost, by the arrays the run solved, and whether deciding on it is worth trying."""
    standing = standing_of_run(reader.run)
    people, openings = standing.problem.people.ids, standing.problem.openings.ids
    if person_id not in people or opening_id not in openings:
        return NOT_A_PAIR, True
    pair = people.index(person_id), openings.index(opening_id)
    if pair not in standing.problem.pair_of:
        return NOT_A_PAIR, True
    found = why_not(standing, *pair)
    said = say_why_not(_in_card_points(found), names_of(reader, standing.problem))
    return said, found.cost not in (Cost.THERE, Cost.IMPOSSIBLE)


def standing_of_run(run: JointRun) -> Standing:
    """The run as it was solved, ready to be asked about: prepared once, and kept while it is asked about."""
    key = run.id, run.fingerprint, run.plan_fingerprint, len(run.lines)
    ready = _ready.pop(key, None) or _prepared(run)
    _ready[key] = ready
    while len(_ready) > MOST_READY:
        _ready.pop(next(iter(_ready)), None)
    return ready


def _prepared(run: JointRun) -> Standing:
    problem, plan = solved(run)
    model = build_model(problem, ask_of(run).settings.engine_settings)
    return Standing.within(model, plan, is_proven=run.is_proven)


def names_of(reader: Reader, problem: Problem) -> Names:
    """Names by position, as far as the reader may know the people."""

    def person(at: int) -> str:
        id_ = problem.people.ids[at]
        return f"{reader.people[id_][1].name} さん" if id_ in reader.people else ""

    def condition(code: str) -> str:
        attributes = reader.loaded.vocabulary.of_code(code)
        return attributes[0].label if attributes else code

    hosts = {record.host_id: record.name for record in reader.loaded.records.values()}
    assigned = {case.assigned_id: f"{case.assigned.name}さん" for case, _ in reader.people.values()}
    return Names(
        person=person,
        opening=lambda at: reader.place(problem.openings.ids[at]),
        condition=condition,
        host=lambda at: hosts.get(problem.hosts.ids[at], "受け入れ先"),
        coordinator=lambda at: assigned.get(problem.coordinators[at], "ほかの担当"),
    )


def _in_card_points(found: WhyNot) -> WhyNot:
    """The engine's points are finer than those of the cards; a page speaks in those of the cards."""
    if Term.POINTS not in found.costs:
        return found
    points = round(found.costs[Term.POINTS] * HUNDREDTHS_PER_POINT / HUNDREDTHS, 1)
    return replace(found, costs={**found.costs, Term.POINTS: points})


def _decisive(marks: Sequence[Mark], band: Band) -> tuple[Mark, ...]:
    """Reasons where it does not fit, questions where it has to be checked, everything where it fits."""
    wanted = {Band.EXCLUDED: "x", Band.NEEDS_CHECK: "q"}.get(band)
    return tuple(mark for mark in marks if wanted is None or mark[0] == wanted)
