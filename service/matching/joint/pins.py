"""What somebody decided beforehand, and saying which of it cannot hold together."""

from __future__ import annotations

from collections.abc import Iterable

from service.kernel.errors import DomainError
from service.matching.engine.pins.conflict import Conflict, conflicts
from service.matching.engine.problem import Problem
from service.matching.engine.rule import SAID
from service.matching.engine.settings import Settings
from service.matching.joint.asking import Pin, PinKind


class PinProblem(DomainError):
    """Pins that cannot hold; `pairs` names them by person and opening, for a page to say in names."""

    def __init__(self, message: str, remedy: str, pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__(message, remedy, "pins", 422)
        self.pairs = tuple(pairs)


def check_forced(problem: Problem, pins: Iterable[Pin]) -> None:
    """A pair decided beforehand has to fit at all."""
    people, openings = set(problem.people.ids), set(problem.openings.ids)
    possible = {(problem.people.ids[person], problem.openings.ids[opening]) for person, opening in problem.pair_of}
    kept = zip(problem.kept.person.tolist(), problem.kept_opening.tolist(), strict=True)
    possible |= {(problem.people.ids[person], problem.openings.ids[opening]) for person, opening in kept}
    forced = [(pin.person_id, pin.opening_id) for pin in pins if pin.kind == PinKind.FORCED]
    lost = [pair for pair in forced if pair[0] not in people or pair[1] not in openings]
    if lost:
        raise PinProblem(
            "「決めておく」にした人か受け入れ先が、今回の計算に入っていません。",
            "しぼり込みを広げるか、「決めておく」を外してください。", lost,
        )  # fmt: skip
    if unfit := [pair for pair in forced if pair not in possible]:
        raise PinProblem(
            "「決めておく」にした組が、今の条件では合いません。",
            "照合の画面で理由を確かめて、条件を直すか、「決めておく」を外してください。", unfit,
        )  # fmt: skip


def check_conflicts(problem: Problem, settings: Settings) -> None:
    """Pins that contradict each other are refused with the smallest set of them and the rule they meet at."""
    if problem.rules.forced and (found := conflicts(problem, settings)):
        raise conflict_problem(problem, found[0])


def conflict_problem(problem: Problem, conflict: Conflict) -> PinProblem:
    """The contradiction in words; a page adds the names of the pairs."""
    pairs = [(problem.people.ids[person], problem.openings.ids[opening]) for person, opening in conflict.pairs]
    rules = "・".join(SAID[rule] for rule in conflict.rules)
    subject = "決めておく" if not conflict.kept else "決めておく・今の場所"
    return PinProblem(
        f"「{subject}」の{len(pairs)}組が、{rules}のために、同時には成り立ちません。",
        "この中のどれか一つを外して、計算し直してください。", pairs,
    )  # fmt: skip
