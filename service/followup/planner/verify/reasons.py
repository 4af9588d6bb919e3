"""The reason told for something left out, held against the question: it may not say what the question denies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Final

from service.followup.planner.instance import Span
from service.followup.planner.plan import Reason
from service.followup.planner.verify.day import Day, Stop
from service.followup.planner.verify.days import can_be_lived, lunch
from service.followup.planner.verify.reading import Reading

Meeting = tuple[tuple[int, ...], int]
"""Who goes, and the day."""


def reason(reading: Reading, at: int) -> bool:
    """A reason that cannot be the true one."""
    if reading.promises[at] is not None:
        return False
    return any(not HOLDS[each.reason](reading, at) for each in reading.plan.left if each.task == at)


def _is_closed(reading: Reading, at: int) -> bool:
    """Every day of its window is one the place cannot be visited on."""
    return not _open_days(reading, at)


def _lies_beyond(reading: Reading, at: int) -> bool:
    """No day of the horizon will do, and its window reaches behind it."""
    days = reading.instance.days
    return not _days_with_hours(reading, at) and (not days or reading.instance.tasks[at].late_on > days[-1])


def _shares_no_day(reading: Reading, at: int) -> bool:
    """There are open days, but no hour of one at which it can be done by somebody who works then."""
    return bool(_open_days(reading, at)) and not _all_are_away(reading, at) and not _in_shared_hours(reading, at)


def _all_are_away(reading: Reading, at: int) -> bool:
    """It could be done on some day, but nobody who may go works on one."""
    return bool(_days_with_hours(reading, at)) and not _at_work(reading, at)


def _is_too_far(reading: Reading, at: int) -> bool:
    """There are people at work at its hours, but even an empty day cannot hold it."""
    meetings = _in_shared_hours(reading, at)
    return bool(meetings) and not any(_holds_alone(reading, at, each) for each in meetings)


def _is_full(reading: Reading, at: int) -> bool:
    """An empty day could hold it."""
    return any(_holds_alone(reading, at, each) for each in _in_shared_hours(reading, at))


def _was_refused(reading: Reading, at: int) -> bool:
    """Said by whoever has checked a plan, about that plan: the question has nothing against it."""
    return True


HOLDS: Final[Mapping[Reason, Callable[[Reading, int], bool]]] = {
    Reason.CLOSED: _is_closed,
    Reason.BEYOND: _lies_beyond,
    Reason.NO_COMMON_DAY: _shares_no_day,
    Reason.ON_LEAVE: _all_are_away,
    Reason.TOO_FAR: _is_too_far,
    Reason.FULL: _is_full,
    Reason.REFUSED: _was_refused,
}


def _open_days(reading: Reading, at: int) -> list[int]:
    """The days of its window, or once that is past every day from its first, less those closed."""
    task, days = reading.instance.tasks[at], reading.instance.days
    is_past = all(day > task.late_on for day in days)
    inside = [at for at, day in enumerate(days) if task.early_on <= day and (is_past or day <= task.late_on)]
    return [day for day in inside if day not in task.closed]


def _days_with_hours(reading: Reading, at: int) -> list[int]:
    return [day for day in _open_days(reading, at) if _begins(reading, at, day)]


def _begins(reading: Reading, at: int, day: int) -> list[Span]:
    """First and last minute it may begin at on a day, by stretch of its hours."""
    task, weekday = reading.instance.tasks[at], reading.instance.days[day].weekday()
    if not task.windows:
        ends = [shift.end_min for staff in reading.instance.staff for shift in staff.shifts.values()]
        return [(0, max(ends, default=0))]
    spans = task.windows[weekday] if weekday < len(task.windows) else ()
    return [(start, end - task.minutes) for start, end in spans if end - start >= task.minutes]


def _teams(reading: Reading, at: int) -> list[tuple[int, ...]]:
    may_go, named = sorted(set(reading.may_go(at))), reading.instance.tasks[at].second
    if not reading.two_go(at):
        return [(each,) for each in may_go]
    return [pair for pair in combinations(may_go, 2) if named is None or named in pair]


def _at_work(reading: Reading, at: int) -> list[Meeting]:
    staff = reading.instance.staff
    return [
        (team, day)
        for team in _teams(reading, at)
        for day in _days_with_hours(reading, at)
        if all(day in staff[each].shifts for each in team)
    ]


def _in_shared_hours(reading: Reading, at: int) -> list[Meeting]:
    return [meeting for meeting in _at_work(reading, at) if _starts(reading, at, meeting)]


def _starts(reading: Reading, at: int, meeting: Meeting) -> list[int]:
    """Every minute at which all of a team could be at it."""
    team, day = meeting
    shifts = [reading.instance.staff[each].shifts[day] for each in team]
    begin = max(shift.start_min for shift in shifts)
    end = min(shift.end_min for shift in shifts) - reading.instance.tasks[at].minutes
    return [
        start
        for first, last in _begins(reading, at, day)
        for start in range(max(begin, first), min(end, last) + 1)
    ]  # fmt: skip


def _holds_alone(reading: Reading, at: int, meeting: Meeting) -> bool:
    """Whether each of a team has a minute for it on a day with nothing else; minutes of a call are always found."""
    team, day = meeting
    if reading.instance.tasks[at].location is None:
        return True
    return all(any(_is_lived(reading, at, (each, day), start) for start in _starts(reading, at, meeting)) for each in team)


def _is_lived(reading: Reading, at: int, cell: tuple[int, int], start_min: int) -> bool:
    task, before = reading.instance.tasks[at], reading.before(cell)
    assert before is not None, "who is on leave is in no team"
    stop = Stop(start_min, start_min + task.minutes, task.location, at)
    day = Day(reading.instance, cell[0], before.shift, (stop,))
    return can_be_lived(day) and not lunch(before, day)
