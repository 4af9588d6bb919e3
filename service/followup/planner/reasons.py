"""Why something has no day, and what would really help: each reason and remedy is tried out on the finished plan."""

from __future__ import annotations

from collections.abc import Iterable

from service.followup.planner.board import Board
from service.followup.planner.calls import Calls
from service.followup.planner.ground import EVER
from service.followup.planner.pairs import Pairs, needs_pair
from service.followup.planner.plan import WIDER_OPEN_DAYS, Reason, Remedy
from service.followup.planner.routes import Route


class Reasons:
    """Looks at one finished board; changes nothing."""

    def __init__(self, board: Board, pairs: Pairs, calls: Calls) -> None:
        self.board, self.pairs, self.calls, self.ground = board, pairs, calls, board.ground

    def of(self, task: int) -> tuple[Reason, tuple[Remedy, ...]]:
        """The reason and the remedies of one task left out."""
        return self.why(task), tuple(self._remedies(task))

    def why(self, task: int) -> Reason:
        """The first thing that fails on every day of its window."""
        days, closed = self.window(task), self.ground.instance.tasks[task].closed
        open_days = [day for day in days if day not in closed]
        common = self.board.choices.may_begin(task, open_days)
        if not common:
            if self._goes_on(task):
                return Reason.BEYOND
            return Reason.NO_COMMON_DAY if open_days else Reason.CLOSED
        ends, cell = self.ground.end, self.ground.cell
        at_work = [(team, day) for team in self.teams(task) for day in common if all(ends[cell(each, day)] for each in team)]
        if not at_work:
            return Reason.ON_LEAVE
        meeting = [(team, day) for team, day in at_work if self._share_hours(task, team, day)]
        if not meeting:
            return Reason.NO_COMMON_DAY
        return Reason.FULL if any(self._alone(task, team, day) for team, day in meeting) else Reason.TOO_FAR

    def window(self, task: int) -> list[int]:
        """The days it should be done on; once all of them are past, every day left."""
        prices, days = self.ground.prices, self.ground.days
        first, last = prices.early[task], prices.late[task]
        return list(range(first, min(last, days))) if last > 0 else list(range(first, days))

    def teams(self, task: int) -> list[tuple[int, ...]]:
        """Who may go: one by one, or two by two."""
        if needs_pair(self.ground, task):
            return list(self.pairs.couples(task))
        return [(staff,) for staff in self.board.choices.may_go(task)]

    def _wider(self, task: int) -> range:
        """The days of its window made wider by what the remedy adds."""
        prices = self.ground.prices
        return range(
            max(0, prices.early[task] - WIDER_OPEN_DAYS), min(self.ground.days, prices.late[task] + WIDER_OPEN_DAYS)
        )

    def _goes_on(self, task: int) -> bool:
        """Whether its window reaches behind the horizon."""
        days = self.ground.instance.days
        return not days or self.ground.instance.tasks[task].late_on > days[-1]

    def _share_hours(self, task: int, team: tuple[int, ...], day: int) -> bool:
        ground = self.ground
        begin = max(ground.begin[ground.cell(each, day)] for each in team)
        end = min(ground.end[ground.cell(each, day)] for each in team) - ground.minutes[task]
        return any(max(begin, first) <= min(end, last) for first, last in ground.spans[task][ground.weekday[day]])

    def _alone(self, task: int, team: tuple[int, ...], day: int) -> bool:
        """Whether a day with nothing else on it could hold it."""
        if self.ground.place[task] < 0:
            return True
        return all(self.board.routes.walk(self.ground.cell(each, day), (task,)) >= 0 for each in team)

    def _remedies(self, task: int) -> Iterable[Remedy]:
        ground, window = self.ground, self.window(task)
        outside = [day for day in self._wider(task) if day not in set(window)]
        may_go, closed = self.board.choices.may_go(task), ground.instance.tasks[task].closed
        if self._anybody(task, may_go, self.board.choices.may_begin(task, outside)):
            yield Remedy.WIDEN
        others = [staff for staff in range(len(ground.instance.staff)) if staff not in may_go]
        if self._anybody(task, others, self.board.choices.may_begin(task, window)):
            yield Remedy.OTHER_STAFF
        if ground.place[task] < 0:
            return
        if any(self._room(staff, day) >= ground.minutes[task] for staff in may_go for day in window if day not in closed):
            yield Remedy.BY_PHONE
        if self._at_another_hour(task, may_go, window):
            yield Remedy.ASK_HOST

    def _at_another_hour(self, task: int, may_go: Iterable[int], window: list[int]) -> bool:
        spans = self.ground.spans[task]
        self.ground.spans[task] = [((0, EVER),)] * 7
        can = self._anybody(task, may_go, window)
        self.ground.spans[task] = spans
        return can

    def _anybody(self, task: int, staff: Iterable[int], days: list[int]) -> bool:
        """Whether one of these could take it on one of these days beside all that is planned."""
        if needs_pair(self.ground, task):
            return False
        return any(self._takes(task, each, day) for each in staff for day in days)

    def _takes(self, task: int, staff: int, day: int) -> bool:
        ground, cell = self.ground, self.ground.cell(staff, day)
        if not self.board.leaves_alone(task, cell):
            return False
        if ground.place[task] < 0:
            return self.calls.has_gap(task, cell)
        now = self.board.days[cell]
        if self.board.routes.shut[cell] or not ground.end[cell]:
            return False
        offer = self.board.routes.offer(cell, Route(now.order, now.travel, now.idle, now.visits), task)
        return offer is not None and offer[1] >= self.board.called[cell]

    def _room(self, staff: int, day: int) -> int:
        """The longest gap of a day, in minutes."""
        return self.calls.longest_gap(self.ground.cell(staff, day))
