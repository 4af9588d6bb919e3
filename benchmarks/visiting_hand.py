"""Visiting plans as people make them by hand, and the table on which every peer's days are laid out and priced alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from service.followup.planner.answer import answer
from service.followup.planner.board import NOT_YET, Board
from service.followup.planner.choices import Choices
from service.followup.planner.construct import Held, begin_with, hardness, insert_all, put_at
from service.followup.planner.ground import Ground
from service.followup.planner.instance import Instance
from service.followup.planner.pairs import Pairs
from service.followup.planner.plan import Plan
from service.followup.planner.routes import Routes

WHOLE: Final = 2
"""Members up to which a peer plans the town as one question; beyond, each member's own visits by themselves.

As one question, at 800/4/8, PyVRP does worse and OR-Tools routing has no first plan within 10 seconds (measured).
"""
Order = Callable[[Instance, int], Sequence[int]]


def first_free_day(instance: Instance, task: int) -> Sequence[int]:
    """The earliest day there is room, the own coordinator first."""
    asked = instance.tasks[task]
    return [
        who * len(instance.days) + day
        for day in range(len(instance.days))
        if instance.days[day] >= asked.early_on
        for who in (asked.primary, *asked.backups)
    ]


def nearest_to_due(instance: Instance, task: int) -> Sequence[int]:
    """The day nearest to the due one there is room, the own coordinator first: what a spreadsheet does."""
    due = instance.tasks[task].due_on
    days = len(instance.days)
    return sorted(
        first_free_day(instance, task), key=lambda cell: (abs((instance.days[cell % days] - due).days), cell % days)
    )


def by_hand(instance: Instance, order: Order) -> Plan:
    """One after the other by due day, each to the first cell of its order that takes it; nothing is moved afterwards."""
    board, pairs = table(instance)
    for task in sorted(range(len(instance.tasks)), key=lambda at: (instance.tasks[at].due_on, at)):
        for cell in order(instance, task):
            if board.where[task] >= 0 or board.ground.is_fixed[task]:
                break
            put_at(board, task, cell)
    return answer(board, pairs, {})


def laid_out(instance: Instance, held: Iterable[Held]) -> Plan:
    """A peer's days (cell, minute, task) as a plan: what breaks a rule there, and the calls, go to their cheapest place.

    So a peer that cannot say lunch or a call loses only what it truly could not see.
    """
    held = list(held)
    board, pairs = table(instance)
    begin_with(board, held)
    kept = sum(board.where[task] == cell for cell, _, task in held)
    rest = [task for task, cell in enumerate(board.where) if cell == NOT_YET and not board.ground.is_fixed[task]]
    insert_all(board, sorted(rest, key=lambda task: hardness(board, task)), lambda: False)
    return answer(board, pairs, {"told": len(held), "kept": kept})


def teams(instance: Instance) -> list[frozenset[int]]:
    """Who is planned together by a peer."""
    members = range(len(instance.staff))
    return [frozenset(members)] if len(members) <= WHOLE else [frozenset({each}) for each in members]


def table(instance: Instance) -> tuple[Board, Pairs]:
    """An empty board: promises stand, visits of two are booked."""
    ground = Ground(instance)
    routes, choices = Routes(ground), Choices(ground)
    pairs = Pairs(ground, routes, choices)
    pairs.book()
    return Board(ground, routes, choices), pairs
