"""A visit put on another day, hour or member of staff by hand: a promise is given back only with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from service.accounts.models import User
from service.cases.access import visible_cases
from service.cases.models import SupportCase
from service.followup.planner.instance import Span
from service.followup.planner.verify.days import can_be_lived, lunch
from service.followup.planning.gathering import coordinators_of, sessions_of
from service.followup.planning.moving_days import Benches, Put, benches_of
from service.followup.planning.windows import windows_of
from service.followup.rhythms.rule import AT_HOST, Kind
from service.followup.tasks.doing import move
from service.followup.tasks.models import OPEN
from service.followup.tasks.reading import Known
from service.kernel.clock import TOKYO, day_in_japan
from service.kernel.errors import DomainError
from service.kernel.slots import DAY_MIN
from service.web.actor import Actor, Town

STEP_MIN: Final = 5
"""An hour is looked for in steps of so many minutes."""


@dataclass(frozen=True)
class Wish:
    """Where somebody wants a visit; without a start (minutes from midnight) the nearest hour that fits is taken."""

    staff_id: str
    on: date
    start_min: int | None = None
    second_id: str = ""


def who_may_go(session: Session, town: Town, case: SupportCase) -> list[User]:
    """Coordinators who may be sent to a case: those who may see it, and its named backup."""
    return [each for each in coordinators_of(session) if each.id == case.backup_id or _may_see(session, town, case, each)]


def put_by_hand(session: Session, town: Town, actor: Actor, known: Known, wish: Wish, reason: str, now: datetime) -> Put:
    """Move it; DomainError where that cannot be; a promise is moved with a reason alone."""
    _check(session, town, known, wish, day_in_japan(now))
    put = settle(session, town, actor, known, wish, now)
    if _stands(known) == (put.staff_id, put.on, put.start_min, put.second_id):
        return put
    move(known, put.on, put.start_min, put.staff_id, reason)
    known.row.second_id = put.second_id or None
    session.flush()
    return put


def settle(session: Session, town: Town, actor: Actor, known: Known, wish: Wish, now: datetime) -> Put:
    """The wish with an hour; nobody goes along with themselves, and nothing is put into hours of today that are over."""
    second = wish.second_id if wish.second_id != wish.staff_id else ""
    if wish.start_min is not None:
        return Put(wish.staff_id, wish.on, wish.start_min, second)
    clock = now.astimezone(TOKYO)
    passed_min = clock.hour * 60 + clock.minute if wish.on == clock.date() else 0
    who = [each for each in (wish.staff_id, second) if each]
    benches = benches_of(session, town, actor, known, wish.on, who)
    return Put(wish.staff_id, wish.on, find_start(known, wish.on, benches, passed_min), second)


def find_start(known: Known, on: date, benches: Benches, passed_min: int = 0) -> int:
    """The minute nearest to the one it had at which every day concerned can be lived; else that one, broken as it is."""
    hours, row = _hours(known, on, benches), known.row
    wanted = row.start_min if row.start_min is not None else next(iter(hours), (0, 0))[0]
    wanted = max(wanted, benches.numbers.office_start_min, -(-passed_min // STEP_MIN) * STEP_MIN)
    nearest = sorted(_minutes(row.minutes, hours, benches), key=lambda minute: (abs(minute - wanted), minute))
    return next((each for each in nearest if each >= passed_min and _fits(known, each, benches)), wanted)


def _check(session: Session, town: Town, known: Known, wish: Wish, today: date) -> None:
    if known.row.state not in OPEN:
        raise DomainError("この予定は、もう動かせません。", "画面を開き直して、いまの状態を確かめてください。", "state", 409)
    if wish.on < today:
        raise DomainError("過ぎた日には動かせません。", "今日からあとの日を選んでください。", "past", 422)
    if wish.start_min is not None and not 0 <= wish.start_min < DAY_MIN:
        raise DomainError("その時刻からは始められません。", "「13:30」のように入れてください。", "time", 422)
    may_go = {each.id for each in who_may_go(session, town, known.case)}
    if not {each for each in (wish.staff_id, wish.second_id) if each} <= may_go:
        raise DomainError(
            "その人は、このケースに行けません。", "担当か、代わりに担当している人、控えの人を選んでください。", "staff", 422
        )


def _may_see(session: Session, town: Town, case: SupportCase, user: User) -> bool:
    query = visible_cases(town, user.as_actor()).with_only_columns(SupportCase.id).where(SupportCase.id == case.id)
    return session.scalar(query) is not None


def _stands(known: Known) -> tuple[str | None, date | None, int | None, str]:
    row = known.row
    return row.staff_id, row.on, row.start_min, row.second_id or ""


def _hours(known: Known, on: date, benches: Benches) -> Sequence[Span]:
    """The hours of that weekday the person attends and the host is open; nothing where they are not known or not asked for."""
    week = windows_of(sessions_of(known), benches.spot) if Kind(known.row.kind) in AT_HOST else ()
    return week[on.weekday()] if week else ()


def _minutes(takes: int, hours: Sequence[Span], benches: Benches) -> Iterator[int]:
    numbers = benches.numbers
    for minute in range(numbers.office_start_min, numbers.office_end_min - takes + 1, STEP_MIN):
        if not hours or any(start <= minute and minute + takes <= end for start, end in hours):
            yield minute


def _fits(known: Known, minute: int, benches: Benches) -> bool:
    for bench in benches.days:
        before, day = bench.before, bench.with_visit(minute, known.row.minutes, benches.place)
        if before is None or day is None or not can_be_lived(day) or lunch(before, day):
            return False
    return True
