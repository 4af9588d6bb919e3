"""What a visit breaks where a hand has put it, each in words somebody can say on the telephone. Nothing is forbidden here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from service.followup.planner.instance import Span
from service.followup.planner.verify.day import Day
from service.followup.planning.gathering import sessions_of
from service.followup.planning.hours import midnight, taken_on
from service.followup.planning.moving_days import Bench, Benches, Put
from service.followup.planning.places import Spot
from service.followup.planning.windows import Week, closed_days, windows_of
from service.followup.rhythms.rule import AT_HOST, KIND_LABELS, TRAVELLED, Kind
from service.followup.tasks.models import CONFIRMED
from service.followup.tasks.reading import Known
from service.followup.tasks.rows import say_day
from service.kernel.calendar import Calendar
from service.kernel.dates import WEEKDAYS
from service.kernel.slots import DAY_MIN, format_time


def what_breaks(known: Known, put: Put, benches: Benches, calendar: Calendar, staff: Mapping[str, str]) -> tuple[str, ...]:
    """Everything that does not hold there, the window first, then the host and the person, then the days of whoever goes."""
    return (
        *_window(known, put.on, calendar),
        *_at_the_host(known, put, benches.spot),
        *_company(known, put, staff),
        *_someone_else(known, put, benches, staff),
        *(said for bench in benches.days for said in _day(bench, known, put, benches, staff.get(bench.staff_id, ""))),
    )


def way_around(known: Known, put: Put, benches: Benches) -> str:
    """The visit with the ways before and behind it, estimated; empty for what nobody travels to."""
    bench = benches.days[0]
    day = bench.with_visit(put.start_min, known.row.minutes, benches.place)
    if day is None or benches.place is None:
        return ""
    at = _place_in_day(day, bench)
    there, back = day.ways[at].minutes, day.ways[at + 1].minutes
    ends_min = put.start_min + known.row.minutes
    return f"移動 めやす{there}分 → {_hours(put.start_min, ends_min)} → 移動 めやす{back}分（次の所か、事務所まで）"


def _window(known: Known, on: date, calendar: Calendar) -> Iterator[str]:
    row = known.row
    if closed := calendar.why_closed(on):
        yield f"{say_day(on)}は休みの日です（{closed}）"
    if on > row.late_on:
        yield f"遅い日（{say_day(row.late_on)}）を{(on - row.late_on).days}日過ぎています"
    if on < row.early_on:
        yield f"早い日（{say_day(row.early_on)}）より{(row.early_on - on).days}日前です"


def _at_the_host(known: Known, put: Put, spot: Spot | None) -> Iterator[str]:
    if known.placement is None or Kind(known.row.kind) not in AT_HOST:
        return
    span = (put.start_min, put.start_min + known.row.minutes)
    if spot is not None and spot.rests_until is not None and put.on <= spot.rests_until:
        until = "いつまでかは聞いていません" if spot.rests_until == date.max else f"{say_day(spot.rests_until)}まで"
        yield f"受け入れ先がお休みしています（{until}）"
    elif closed_days((put.on,), spot):
        yield "受け入れ先は、その週・その日は開いていません"
    yield from _hours_of("受け入れ先が開いている", windows_of((), spot), put.on, span)
    yield from _hours_of("本人が通う", windows_of(sessions_of(known), None), put.on, span)


def _hours_of(whose: str, week: Week, on: date, span: Span) -> Iterator[str]:
    """One sentence where the day or the hours are not theirs; nothing where nobody has told any."""
    if not any(week):
        return
    told = week[on.weekday()]
    if not told:
        days = "・".join(WEEKDAYS[at] for at, hours in enumerate(week) if hours)
        yield f"{whose}曜日（{days}）ではありません"
    elif not any(start <= span[0] and span[1] <= end for start, end in told):
        yield f"{whose}時間（{'・'.join(_hours(*each) for each in told)}）に入りません"


def _company(known: Known, put: Put, staff: Mapping[str, str]) -> Iterator[str]:
    case = known.case
    if put.staff_id != case.assigned_id:
        yield f"担当（{case.assigned.name}さん）ではなく、{staff.get(put.staff_id, '別の人')}さんが行きます"
    if known.row.needs_two and Kind(known.row.kind) in TRAVELLED and not put.second_id:
        yield "二人で行く訪問ですが、もう一人が決まっていません"


def _someone_else(known: Known, put: Put, benches: Benches, staff: Mapping[str, str]) -> Iterator[str]:
    """A colleague with the same person at that hour."""
    if Kind(known.row.kind) is Kind.LETTER:
        return
    for each in benches.elsewhere:
        start = each.row.start_min or 0
        if start < put.start_min + known.row.minutes and put.start_min < start + each.row.minutes:
            who = staff.get(each.row.staff_id or "", "別の人")
            what = f"{_hours(start, start + each.row.minutes)} {KIND_LABELS[Kind(each.row.kind)]}"
            yield f"同じ方に、{who}さんの{what}が同じ時間にあります"


def _day(bench: Bench, known: Known, put: Put, benches: Benches, name: str) -> Iterator[str]:
    """What the day of one of those who go does not hold any more."""
    minutes, before = known.row.minutes, bench.before
    day = bench.with_visit(put.start_min, minutes, benches.place)
    if bench.shift is None or day is None or before is None:
        yield f"{name}さんは、その日は休みです"
        return
    span = (put.start_min, put.start_min + minutes)
    if span[0] < bench.shift.start_min or span[1] > bench.shift.end_min:
        yield f"{name}さんの勤務の時間（{_hours(bench.shift.start_min, bench.shift.end_min)}）に入りません"
    yield from (f"{name}さんの{said} と重なります" for said in _met(bench, put.on, span))
    yield from (f"{name}さんの{said}" for said in _fullness(bench, before, day, benches))


def _met(bench: Bench, on: date, span: Span) -> Iterator[str]:
    """What stands at the same time: promised visits are called so."""
    for known in bench.standing:
        start = known.row.start_min or 0
        if start < span[1] and span[0] < start + known.row.minutes:
            promised = "・約束済み" if known.row.state == CONFIRMED else ""
            what = f"{KIND_LABELS[Kind(known.row.kind)]}（{known.person.name} さん{promised}）"
            yield f"{_hours(start, start + known.row.minutes)} {what}"
    begin, end = (midnight(on) + timedelta(minutes=minute) for minute in span)
    for taken in bench.taken:
        if taken.start_at < end and begin < taken.end_at:
            yield "、".join(taken_on(on, bench.staff_id, [taken]))


def _fullness(bench: Bench, before: Day, day: Day, benches: Benches) -> Iterator[str]:
    limits = day.instance.limits
    if day.visits > limits.most_visits:
        yield f"一日の訪問が{day.visits}件になります（{limits.most_visits}件まで）"
    if day.travel_min > limits.most_travel_min and day.travel_min > before.travel_min:
        yield f"一日の移動が、めやす{day.travel_min}分になります（{limits.most_travel_min}分まで）"
    yield from _ways(bench, before, day, benches)
    if before.can_eat() and not day.can_eat():
        yield f"昼休み（{limits.lunch_min}分）をとる時間がなくなります"


def _ways(bench: Bench, before: Day, day: Day, benches: Benches) -> Iterator[str]:
    tight = [at for at, way in enumerate(day.ways) if way.minutes and not way.fits]
    near: tuple[int, ...] = ()
    if benches.place is not None:
        at = _place_in_day(day, bench)
        near = (at, at + 1)
        if at in tight:
            yield f"前の所からの移動（めやす{day.ways[at].minutes}分）に、間が足りません"
        if at + 1 in tight:
            yield f"次の所への移動（めやす{day.ways[at + 1].minutes}分）に、間が足りません"
    others = [at for at in tight if at not in near]
    if len(others) > sum(1 for way in before.ways if way.minutes and not way.fits):
        yield "ほかの移動の時間がなくなります"


def _place_in_day(day: Day, bench: Bench) -> int:
    """Which of the travelled stops the visit is: the way to it has the same number."""
    placed = [stop for stop in day.stops if stop.place is not None]
    return next(at for at, stop in enumerate(placed) if stop.task == bench.visit)


def _hours(start_min: int, end_min: int) -> str:
    return f"{format_time(start_min)}–{format_time(min(end_min, DAY_MIN))}"
