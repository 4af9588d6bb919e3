"""「なぜ場所がないのか」: one answer for each person a plan leaves: conditions, questions, full places, the order, or rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from service.matching.engine.explain.barring import Barred, barred_openings
from service.matching.engine.explain.relaxing import Blocks, ConditionSet, condition_sets
from service.matching.engine.explain.standing import Standing
from service.matching.engine.model.objective import priorities
from service.matching.engine.problem import Floats
from service.matching.engine.rule import Rule


class Reason(StrEnum):
    """Why somebody has no place."""

    NOTHING = "nothing"
    CONDITIONS = "conditions"
    ASKS = "asks"
    CAPACITY = "capacity"
    ORDER = "order"
    RULES = "rules"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class WhyNobody:
    """The answer for one person; `barred` is what stands before each opening that fits, best first.

    `sets` are the smallest sets of conditions that would open a place; `asks` the openings one question away;
    `taken` the openings that fit but have no free place; `ahead` those with a place who come before in the order.
    """

    person: int
    reason: Reason
    sets: tuple[ConditionSet, ...] = ()
    barred: tuple[Barred, ...] = ()
    asks: tuple[int, ...] = ()
    taken: tuple[int, ...] = ()
    ahead: tuple[int, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in the way, those at most openings first."""
        listed = [rule for each in self.barred for rule in sorted(each.rules)]
        return tuple(sorted(set(listed), key=lambda rule: (-listed.count(rule), rule)))


def why_nobody(standing: Standing, blocks: Blocks | None = None) -> tuple[WhyNobody, ...]:
    """One answer per person left, by position; `blocks` says which conditions keep each of them from which opening."""
    order = priorities(standing.problem, standing.settings)
    return tuple(_answer(standing, blocks, order, person) for person in standing.left.tolist())


def _answer(standing: Standing, blocks: Blocks | None, order: Floats, person: int) -> WhyNobody:
    barred = barred_openings(standing, person)
    asks = _one_question(blocks, person, barred)
    taken = _taken(blocks, person)
    full = [each for each in barred if each.is_full]
    ahead = _all_ahead(order, person, full)
    sets = condition_sets(blocks, person) if blocks is not None and person in blocks.row_of else ()
    reason = _reason(barred, full, asks, taken, ahead, bool(sets))
    listed = tuple(sorted(barred, key=lambda each: (not each.is_full, len(each.rules), each.opening)))
    return WhyNobody(person, reason, sets, listed, asks, taken, ahead)


def _reason(
    barred: tuple[Barred, ...],
    full: list[Barred],
    asks: tuple[int, ...],
    taken: tuple[int, ...],
    ahead: tuple[int, ...],
    has_sets: bool,
) -> Reason:
    decided = [each for each in barred if each.rules not in ({Rule.ASK}, {Rule.FORBIDDEN})]
    if any(not each.rules for each in decided):
        return Reason.UNFINISHED
    if full or (taken and not decided):
        return Reason.ORDER if ahead else Reason.CAPACITY
    if decided or (barred and not asks):
        return Reason.RULES
    if asks:
        return Reason.ASKS
    return Reason.CONDITIONS if has_sets else Reason.NOTHING


def _all_ahead(order: Floats, person: int, full: list[Barred]) -> tuple[int, ...]:
    """Those who have what the person would need, if all of them come before in the order."""
    holders = {holder for each in full for holder in each.holders}
    if holders and not any(each.kept for each in full) and all(order[holder] > order[person] for holder in holders):
        return tuple(sorted(holders))
    return ()


def _taken(blocks: Blocks | None, person: int) -> tuple[int, ...]:
    """Openings where nothing is missing but a free place."""
    if blocks is None or person not in blocks.row_of:
        return ()
    row, full = blocks.violated[blocks.row_of[person]], blocks.bits(blocks.full)
    return tuple(np.flatnonzero((row != 0) & ((row & ~full) == 0)).tolist())


def _one_question(blocks: Blocks | None, person: int, barred: tuple[Barred, ...]) -> tuple[int, ...]:
    """Openings that violate nothing and leave something unknown, as far as the run has not decided about them."""
    asks = [each.opening for each in barred if each.rules == {Rule.ASK}]
    if blocks is not None and person in blocks.row_of:
        row, decided = blocks.row_of[person], {each.opening for each in barred}
        open_ones = np.flatnonzero((blocks.violated[row] == 0) & (blocks.unknown[row] != 0)).tolist()
        asks += [opening for opening in open_ones if opening not in decided]
    return tuple(asks)
