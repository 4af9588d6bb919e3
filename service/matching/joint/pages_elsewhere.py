"""「なぜほかの所ではないのか」: what the match says of a place, and what going there would cost whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.matching.bands import Band
from service.matching.cards import Mark, card_marks, own_title
from service.matching.engine.model import build_model
from service.matching.engine.settings import Term
from service.matching.engine.standing import Standing
from service.matching.engine.whynot import Cost, WhyNot, why_not
from service.matching.explain import explain
from service.matching.joint.models import JointRun
from service.matching.joint.pages_rows import Reader
from service.matching.joint.pages_words import say_rule
from service.matching.joint.service import solved
from service.matching.joint.stored import ask_of
from service.matching.verdict import Verdicts

MOST_MOVES: Final = 8
COST_WORDS: Final[Mapping[Term, str]] = {
    Term.PLACED: "行き先のある人が{}人減ります",
    Term.PRIORITY: "長く待つ人を{}日ぶん後にします",
    Term.POINTS: "希望に合う点が、合わせて{}点下がります",
    Term.EVENNESS: "同じ受け入れ先への重なりが{}増えます",
    Term.KEPT: "前の案から変わる所が{}回ぶん増えます",
    Term.TRAVEL: "移動が、合わせて{}分長くなります",
}


@dataclass(frozen=True)
class Elsewhere:
    """The answer for one opening: a sentence, what goes with it, and whether somebody may decide on it all the same."""

    opening_id: str
    place: str
    title: str
    said: str
    costs: tuple[str, ...]
    moves: tuple[str, ...]
    marks: tuple[Mark, ...]
    may_force: bool


def elsewhere(reader: Reader, verdicts: Verdicts, person_id: str, opening_id: str) -> Elsewhere | None:
    """Why not there; None when there is no such opening."""
    place = reader.loaded.catalogue.place_of.get(opening_id)
    if place is None:
        return None
    record, verdict = reader.loaded.record(place), explain(verdicts, place)
    answer = None if verdict.band is Band.EXCLUDED else ask_engine(reader.run, person_id, opening_id)
    shown, more = card_marks(verdict, ())
    return Elsewhere(
        opening_id=record.id,
        place=record.name,
        title=own_title(record),
        said=_say(reader, verdict.band, answer),
        costs=tuple(_costs(answer)) if answer else (),
        moves=tuple(_moves(reader, answer)) if answer else (),
        marks=_decisive((*shown, *more), verdict.band),
        may_force=verdict.band is not Band.EXCLUDED and (answer is None or answer.cost not in (Cost.THERE, Cost.IMPOSSIBLE)),
    )


@dataclass(frozen=True)
class Answer:
    """The engine's answer with ids in place of positions."""

    cost: Cost
    costs: Mapping[Term, float]
    moves: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    rules: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]


def ask_engine(run: JointRun, person_id: str, opening_id: str) -> Answer | None:
    """What it would cost, by the arrays the run solved; None where the run knew nothing of the pair."""
    problem, plan = solved(run)
    if person_id not in problem.people.ids or opening_id not in problem.openings.ids:
        return None
    person, opening = problem.people.ids.index(person_id), problem.openings.ids.index(opening_id)
    if (person, opening) not in problem.pair_of:
        return None
    model = build_model(problem, ask_of(run).settings.engine_settings)
    found: WhyNot = why_not(Standing.within(model, plan, is_proven=run.is_proven), person, opening)
    people, openings = problem.people.ids, problem.openings.ids

    def places(at: Sequence[int]) -> tuple[str, ...]:
        return tuple(openings[each] for each in at)

    moves = tuple((people[move.person], places(move.before), places(move.after)) for move in found.moves)
    fixed = tuple((people[one], openings[there]) for one, there in (*found.kept, *found.forced))
    return Answer(found.cost, found.costs, moves, tuple(found.rules), fixed)


def _say(reader: Reader, band: Band, answer: Answer | None) -> str:
    if band is Band.EXCLUDED:
        return "条件に合わないため、案に入りません。"
    if answer is None:
        return "計算のときには、合う所ではありませんでした。計算し直すと入ることがあります。"
    if answer.cost is Cost.IMPOSSIBLE:
        rules = "、".join(dict.fromkeys(say_rule(rule) for rule in answer.rules)) or "ほかの決まりと合いません"
        fixed = [f"{reader.name(person)} → {reader.place(opening)}" for person, opening in answer.fixed]
        return f"できません：{rules}。{'決まっているのは ' + '、'.join(fixed) + '。' if fixed else ''}"
    return _SAID[answer.cost]


_SAID: Final[Mapping[Cost, str]] = {
    Cost.THERE: "いまの案が、ここです。",
    Cost.FREE: "ここにしても、目標のどれも下がりません。同じくらい良い案です。",
    Cost.POINTS: "ここにもできますが、次のことが下がります。行き先をなくす人はいません。",
    Cost.PLACE: "ここにすると、ほかの人の行き先がなくなります。",
}


def _costs(answer: Answer) -> Iterable[str]:
    """What would be worse, in the order of the terms."""
    return (
        words.format(f"{answer.costs[term]:,.10g}") for term, words in COST_WORDS.items() if answer.costs.get(term, 0) > 0
    )


def _moves(reader: Reader, answer: Answer) -> Iterable[str]:
    """Who would be where, those who lose their place first."""
    ordered = sorted(answer.moves, key=lambda move: bool(move[2]))
    for person, before, after in ordered[:MOST_MOVES]:
        name = f"{reader.name(person)} さん" if person in reader.people else "ほかの担当のケースの人"
        yield f"{name}：{_places(reader, before)} → {_places(reader, after)}"
    if len(ordered) > MOST_MOVES:
        yield f"ほか{len(ordered) - MOST_MOVES}人も動きます"


def _places(reader: Reader, openings: Sequence[str]) -> str:
    return "・".join(reader.place(opening) for opening in openings) or "行き先なし"


def _decisive(marks: Sequence[Mark], band: Band) -> tuple[Mark, ...]:
    """Reasons where it does not fit, questions where it has to be checked, everything where it fits."""
    wanted = {Band.EXCLUDED: "x", Band.NEEDS_CHECK: "q"}.get(band)
    return tuple(mark for mark in marks if wanted is None or mark[0] == wanted)
