"""The rules of one task: once, by whom, when, as promised, and if not at all why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from service.followup.planner.plan import Visit
from service.followup.planner.verify.days import takes_one_more
from service.followup.planner.verify.reading import Reading
from service.followup.planner.verify.reasons import reason
from service.followup.planner.verify.violation import Rule


def once(reading: Reading, at: int) -> bool:
    """Neither planned nor left, both, by more than should go, or twice by the same."""
    visits, going, left = reading.visits[at], _going(reading, at), reading.left[at]
    return bool(visits) + left != 1 or len(going) > (2 if reading.two_go(at) else 1) or len(visits) > len(going)


def promise(reading: Reading, at: int) -> bool:
    """Who promised does not come on that day at that minute."""
    pin = reading.promises[at]
    told = [(visit.staff, visit.day, visit.start_min) for visit in reading.visits[at]]
    return pin is not None and (pin.staff, pin.day, pin.start_min) not in told


def who(reading: Reading, at: int) -> bool:
    """Somebody goes who is neither in charge nor a backup nor named to go along; who promised may."""
    pin = reading.promises[at]
    allowed = {*reading.may_go(at), *([pin.staff] if pin is not None else [])}
    return any(visit.staff not in allowed for visit in reading.visits[at])


def two(reading: Reading, at: int) -> bool:
    """One goes where two should; a promised visit alone only where nobody could go along."""
    going = _going(reading, at)
    return reading.two_go(at) and len(going) == 1 and not _nobody_else(reading, at)


def together(reading: Reading, at: int) -> bool:
    """The two come on different days or at different minutes."""
    return reading.two_go(at) and len({(visit.day, visit.start_min) for visit in reading.visits[at]}) > 1


def second(reading: Reading, at: int) -> bool:
    """Two go, and the one named to go along is not among them."""
    named, going = reading.instance.tasks[at].second, _going(reading, at)
    return reading.two_go(at) and len(going) > 1 and named is not None and named not in going


def early(reading: Reading, at: int) -> bool:
    """Before the first day it may be done on."""
    first = reading.instance.tasks[at].early_on
    return any(reading.instance.days[visit.day] < first for visit in _movable(reading, at))


def closed(reading: Reading, at: int) -> bool:
    """On a day the place cannot be visited."""
    return any(visit.day in reading.instance.tasks[at].closed for visit in _movable(reading, at))


def hours(reading: Reading, at: int) -> bool:
    """Not within one stretch of the hours of its weekday."""
    return any(not _is_within(reading, visit) for visit in _movable(reading, at))


def at_once(reading: Reading, at: int) -> bool:
    """While others are with the same person; two promises are left to those who gave them."""
    person, takes = reading.instance.tasks[at].person, reading.instance.tasks[at].minutes
    return person is not None and any(
        not _going(reading, at) & _going(reading, other.task)
        and other.day == visit.day
        and other.start_min < visit.start_min + takes
        and visit.start_min < other.start_min + reading.instance.tasks[other.task].minutes
        for visit in _movable(reading, at)
        for other in reading.about.get(person, ())
    )


TASK_RULES: Final[Mapping[Rule, Callable[[Reading, int], bool]]] = {
    Rule.ONCE: once,
    Rule.PROMISE: promise,
    Rule.WHO: who,
    Rule.TWO: two,
    Rule.TOGETHER: together,
    Rule.SECOND: second,
    Rule.EARLY: early,
    Rule.CLOSED: closed,
    Rule.HOURS: hours,
    Rule.AT_ONCE: at_once,
    Rule.REASON: reason,
}


def _going(reading: Reading, at: int) -> set[int]:
    return {visit.staff for visit in reading.visits[at]}


def _movable(reading: Reading, at: int) -> list[Visit]:
    """The visits of a task that nobody has promised: a promise holds on any day, at any hour."""
    return reading.visits[at] if reading.promises[at] is None else []


def _is_within(reading: Reading, visit: Visit) -> bool:
    task = reading.instance.tasks[visit.task]
    if not task.windows:
        return True
    weekday = reading.instance.days[visit.day].weekday()
    spans = task.windows[weekday] if weekday < len(task.windows) else ()
    return any(start <= visit.start_min and visit.start_min + task.minutes <= end for start, end in spans)


def _nobody_else(reading: Reading, at: int) -> bool:
    """Whether a promised visit of two has nobody who could go along: away, or busy with what is promised."""
    pin, task = reading.promises[at], reading.instance.tasks[at]
    if pin is None:
        return False
    others = (task.primary, *task.backups) if task.second in (None, pin.staff) else (task.second,)
    return not any(takes_one_more(reading, (each, pin.day), at) for each in others if each is not None and each != pin.staff)
