"""Telephone work into the idle minutes of a day for good: until here only minutes were summed, here each gets its own."""

from __future__ import annotations

from dataclasses import replace

from service.followup.planner.board import NOT_YET, Board
from service.followup.planner.layout import Layout, gaps, lay_out, pack


class Calls:
    """The hours of every day of a finished board, and the starts of its calls."""

    def __init__(self, board: Board) -> None:
        self.board, self.ground = board, board.ground
        self.layouts: dict[int, tuple[tuple[int, ...], Layout | None]] = {}
        self.starts: dict[int, int] = {}
        """By task, for calls."""

    def layout(self, cell: int) -> Layout | None:
        """The day's hours; None where fixed things alone break it."""
        order = self.board.days[cell].order
        known = self.layouts.get(cell)
        if known is None or known[0] != order:
            known = (
                order,
                None if self.board.routes.shut[cell] else lay_out(self.ground, self.board.routes.lunches[cell], cell, order),
            )
            self.layouts[cell] = known
        return known[1]

    def settle(self) -> None:
        """Give every call its minutes; what has none goes to the cheapest day that has them, or is left."""
        homeless: list[int] = []
        for cell, calls in enumerate(self.board.calls):
            if calls:
                found = self._pack(cell, calls)
                homeless += [task for task in calls if task not in found]
                self.starts.update(found)
        for task in homeless:
            self.board.take(task)
        ground, where = self.ground, self.board.where
        for task in range(len(where)):
            if where[task] == NOT_YET and ground.place[task] < 0 and not ground.is_fixed[task]:
                self.place(task)

    def place(self, task: int) -> bool:
        """Put a call that has no day on the cheapest one with a gap for it; whether there was one."""
        board = self.board
        if board.choices.late_from[task] < board.prices[task]:
            board.choices.widen(task)
        for standing, cell in board.choices.within[task]:
            if standing >= board.prices[task]:
                return False
            place = board.place_on(task, standing, cell)
            if place is None:
                continue
            calls = (*board.calls[cell], task)
            found = self._pack(cell, calls)
            if len(found) == len(calls):
                board.put(task, place)
                self.starts.update(found)
                return True
        return False

    def has_gap(self, task: int, cell: int) -> bool:
        """Whether a day could take one more call beside all that stands on it."""
        calls = (*self.board.calls[cell], task)
        return len(self._pack(cell, calls)) == len(calls)

    def longest_gap(self, cell: int) -> int:
        """The longest stretch of a day, in minutes, in which nothing is done."""
        layout, ground = self.layout(cell), self.ground
        if layout is None:
            return 0
        calls = tuple((self.starts[task], self.starts[task] + ground.minutes[task]) for task in self.board.calls[cell])
        free = gaps(replace(layout, busy=(*layout.busy, *calls)), ground.begin[cell], ground.end[cell])
        return max((end - start for start, end in free), default=0)

    def _pack(self, cell: int, calls: tuple[int, ...]) -> dict[int, int]:
        layout, ground = self.layout(cell), self.ground
        if layout is None:
            return {}
        weekday = ground.weekday[cell % ground.days]
        free = list(gaps(layout, ground.begin[cell], ground.end[cell]))
        return pack(free, [(task, ground.minutes[task], ground.spans[task][weekday]) for task in calls])
