"""「合わせて変えるとしたら」: found once behind the run, kept with it as ids and codes, and read back by its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.matching.engine.explain.changes import BestSet, Change, Kind
from service.matching.engine.explain.relaxing import Blocks
from service.matching.engine.explain.standing import Standing
from service.matching.engine.explain.whatif import best_set, rank_conditions, rank_openings, refine
from service.matching.engine.problem import Problem

STEP: Final = "合わせて変えるとしたら"
SECONDS: Final = 3.0
MOST_TOGETHER: Final = 5
MOST_KEPT: Final = 20
MOST_SOLVED: Final = 100_000
"""Changes times people they help, up to which a solver answers within its time; the greedy set is there at once."""
AT_AN_OPENING: Final = frozenset({Kind.PLACE, Kind.HIGH_SUPPORT, Kind.RESOURCE, Kind.CONDITION, Kind.QUESTION})
ABOUT_PEOPLE: Final = frozenset({Kind.CONDITION, Kind.QUESTION})
"""Changes that tell what people have asked for."""


@dataclass(frozen=True)
class Prospects:
    """The changes that help most of those left, and the best few of them together."""

    changes: tuple[Change, ...]
    together: BestSet


def find_prospects(standing: Standing, blocks: Blocks, seconds: float = SECONDS) -> Prospects:
    """What one change would do, and what a few would together, with a proven bound where the solver has the time."""
    changes = _by_gain([*rank_openings(standing), *rank_conditions(standing, blocks)])
    proposed = [change for change in changes if change.may_suggest]
    is_solved = sum(len(change.people) for change in proposed) <= MOST_SOLVED
    together = (
        refine(standing, proposed, MOST_TOGETHER, seconds) if is_solved else best_set(standing, proposed, MOST_TOGETHER)
    )
    return Prospects(changes[:MOST_KEPT], together)


def prospects_at_once(standing: Standing) -> Prospects:
    """For a run that was kept without them: what one more of something would do, chosen greedily; no condition is named."""
    changes = _by_gain(rank_openings(standing))
    return Prospects(changes[:MOST_KEPT], best_set(standing, changes, MOST_TOGETHER))


def prospects_json(problem: Problem, found: Prospects) -> dict[str, Any]:
    """As they are kept with the run."""
    together = found.together
    return {
        "changes": [_change_json(problem, change) for change in found.changes],
        "together": {
            "changes": [_change_json(problem, change) for change in together.changes],
            "helped": [[problem.people.ids[person] for person in group] for group in together.helped],
            "bound": together.bound,
            "is_proven": together.is_proven,
        },
    }


def prospects_of(problem: Problem, kept: Mapping[str, Any]) -> Prospects:
    """As they were kept, back in the positions of the run's own problem."""
    people = {id_: at for at, id_ in enumerate(problem.people.ids)}
    openings = {id_: at for at, id_ in enumerate(problem.openings.ids)}

    def change(row: Mapping[str, Any]) -> Change:
        kind = Kind(row["kind"])
        thing = openings[row["thing"]] if kind in AT_AN_OPENING else row["thing"]
        helps = tuple(people[id_] for id_ in row["people"])
        return Change(kind, thing, helps, row["places"], row["code"], row["may_suggest"])

    together = kept["together"]
    best = BestSet(
        tuple(change(row) for row in together["changes"]),
        tuple(tuple(people[id_] for id_ in group) for group in together["helped"]),
        together["bound"],
        together["is_proven"],
    )
    return Prospects(tuple(change(row) for row in kept["changes"]), best)


def for_reader(found: Prospects, known: frozenset[int]) -> Prospects:
    """As a reader may hear it who knows these people: a condition is told of them alone, room is counted for everybody."""
    changes = tuple(heard for change in found.changes if (heard := _heard(change, known)) is not None)
    is_told = all(_heard(change, known) is not None for change in found.together.changes)
    return Prospects(changes, found.together if is_told else BestSet((), (), 0, is_proven=False))


def _heard(change: Change, known: frozenset[int]) -> Change | None:
    if change.kind not in ABOUT_PEOPLE:
        return change
    people = tuple(person for person in change.people if person in known)
    places = min(change.places, len(people))
    return Change(change.kind, change.thing, people, places, change.code, change.may_suggest) if people else None


def _change_json(problem: Problem, change: Change) -> dict[str, Any]:
    place = change.thing if isinstance(change.thing, int) else change.thing[0]
    return {
        "kind": str(change.kind),
        "thing": problem.openings.ids[place] if change.kind in AT_AN_OPENING else place,
        "people": [problem.people.ids[person] for person in change.people],
        "places": change.places,
        "code": change.code,
        "may_suggest": change.may_suggest,
    }


def _by_gain(changes: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: (-change.gain, not change.may_suggest)))
