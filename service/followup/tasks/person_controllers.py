"""Everything planned and done for one person, what it counts from, and one's own hours that are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select

from service.accounts.models import User
from service.accounts.roles import COORDINATOR, EDIT_FOLLOWUP, OWN_CALENDAR, READ_FOLLOWUP
from service.cases.access import change_person, may_change, read_person
from service.cases.models import Person, SupportCase
from service.followup.planning.models import BUSY, EVENT, LEAVE, StaffTime
from service.followup.rhythms.keeping import keep_case
from service.followup.tasks.models import OPEN, FollowUp
from service.followup.tasks.reading import list_follow_ups
from service.followup.tasks.rows import Line, line_of
from service.kernel.clock import TOKYO, day_in_japan
from service.kernel.dates import DateProblem, format_wareki, parse_date
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.kernel.slots import SlotProblem, parse_time
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, typed_text, version_of

TIMES: Final = "/followup/times"
KINDS: Final = {LEAVE: "休み", BUSY: "ほかの仕事", EVENT: "決まった用事"}


@dataclass(frozen=True)
class PersonFollowUpsView:
    """One person: what is to come, what was, and what it counts from."""

    person_id: str
    name: str
    coming: tuple[Line, ...]
    past: tuple[Line, ...]
    plan_start: str
    backup_id: str
    staff: tuple[tuple[str, str], ...]
    version: int
    may_change: bool
    once: str
    problem: str


@dataclass(frozen=True)
class TimesView:
    """One's own hours that are taken."""

    rows: tuple[tuple[str, str, str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    typed: dict[str, str]
    once: str
    problem: str


class PersonFollowUps(Controller):
    """All follow-ups of one person, not the coming week's alone."""

    path = "/people/{person_id:str}/followups"

    @get(perm=READ_FOLLOWUP, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> Response[str]:
        """To come, and past."""
        case, person = read_person(call.session, call.town, call.actor, known_id(person_id))
        return _person_page(call, case, person)

    @post(perm=EDIT_FOLLOWUP, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], person_id: FromPath[str], data: FormBody) -> Response[Any]:
        """When the plan began, and who goes when the coordinator cannot; the dates follow at once."""
        posted = Posted.read(data)
        case, person = change_person(call.session, call.town, call.actor, known_id(person_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            case.expect(version_of(posted.text("_version")))
            case.plan_start_on = _day(posted.text("plan_start"))
            case.backup_id = _member(call, posted.text("backup"))
        except DomainError as problem:
            if isinstance(problem, NotFound):
                raise
            typed = posted.text("plan_start")
            return _person_page(call, case, person, typed=typed, problem=str(problem), status=problem.status)
        call.session.flush()
        keep_case(call.session, case, call.now)
        return done(call.session, call.actor, posted, call.now, f"/people/{person.id}/followups")


class OwnTimes(Controller):
    """休み・予定 of whoever is signed in."""

    path = TIMES

    @get(perm=OWN_CALENDAR, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """What is to come."""
        return _times_page(call)

    @post(perm=OWN_CALENDAR, sync_to_thread=True)
    def add(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Some hours, or whole days."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            call.session.add(_taken(call, posted))
        except DomainError as problem:
            return _times_page(call, posted, str(problem), problem.status)
        return done(call.session, call.actor, posted, call.now, TIMES)

    @post("/{time_id:str}/remove", perm=OWN_CALENDAR, sync_to_thread=True)
    def remove(self, call: NamedDependency[Call], time_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Free again; another's hours are not there."""
        posted = Posted.read(data)
        row = call.session.get(StaffTime, known_id(time_id))
        if row is None or row.user_id != call.actor.id:
            raise NotFound()
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        call.session.delete(row)
        return done(call.session, call.actor, posted, call.now, TIMES)


def _taken(call: Call, posted: Posted) -> StaffTime:
    first = _day(posted.text("first"))
    if first is None:
        raise DomainError("日にちがありません。", "「令和8年12月3日」のように入れてください。", "first", 422)
    last = _day(posted.text("last")) or first
    start, end = _minutes(posted.text("start")), _minutes(posted.text("end"))
    start_at = _instant(first, start if start is not None else 0)
    end_at = _instant(last, end) if end is not None else _instant(last + timedelta(days=1), 0)
    if start_at >= end_at or end_at - start_at > timedelta(days=400):
        raise DomainError("終わりが始まりより後ではありません。", "日にちと時刻を確かめてください。", "span", 422)
    kind = posted.text("kind")
    if kind not in KINDS:
        raise DomainError("種類が選ばれていません。", "休み・ほかの仕事・決まった用事から選んでください。", "kind", 422)
    label = typed_text(posted.text("label"), 40)
    return StaffTime(user_id=call.actor.id, kind=kind, start_at=start_at, end_at=end_at, label=label)


def _person_page(
    call: Call, case: SupportCase, person: Person, *, typed: str | None = None, problem: str = "", status: int = 200
) -> Response[str]:
    today = day_in_japan(call.now)
    known = list_follow_ups(call.session, call.town, call.actor, FollowUp.person_id == person.id)
    lines = [(each, line_of(each, today)) for each in sorted(known, key=lambda each: (each.row.due_on, each.row.key))]
    staff = call.session.scalars(select(User).where(User.active).order_by(User.name)).all()
    view = PersonFollowUpsView(
        person.id, person.name, tuple(line for each, line in lines if each.row.state in OPEN),
        tuple(line for each, line in reversed(lines) if each.row.state not in OPEN),
        typed if typed is not None else format_wareki(case.plan_start_on) if case.plan_start_on else "", case.backup_id or "",
        tuple((user.id, user.name) for user in staff if COORDINATOR in user.roles and user.id != case.assigned_id), case.version,
        may_change(call.actor, case), new_id(), problem,
    )  # fmt: skip
    return render(call.request, "followup/person_follow_ups.html", f"{person.name} さんのフォローアップ", view, status)


def _times_page(call: Call, posted: Posted | None = None, problem: str = "", status: int = 200) -> Response[str]:
    query = (
        select(StaffTime).where(StaffTime.user_id == call.actor.id, StaffTime.end_at > call.now).order_by(StaffTime.start_at)
    )
    names = ("kind", "first", "last", "start", "end", "label")
    view = TimesView(
        tuple((row.id, KINDS[row.kind], _say(row), row.label) for row in call.session.scalars(query)), tuple(KINDS.items()),
        {name: posted.text(name) if posted else "" for name in names}, new_id(), problem,
    )  # fmt: skip
    return render(call.request, "followup/times.html", "休み・予定", view, status)


def _say(row: StaffTime) -> str:
    start, end = row.start_at.astimezone(TOKYO), row.end_at.astimezone(TOKYO)
    if start.time() == end.time() == time():
        last = end.date() - timedelta(days=1)
        return format_wareki(start.date()) + ("" if last == start.date() else f"〜{format_wareki(last)}")
    return f"{format_wareki(start.date())} {start:%H:%M}〜{'' if end.date() == start.date() else format_wareki(end.date()) + ' '}{end:%H:%M}"


def _member(call: Call, id_: str) -> str | None:
    if not id_:
        return None
    user = call.session.get(User, known_id(id_))
    if user is None or not user.active or COORDINATOR not in user.roles:
        raise NotFound()
    return user.id


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text.strip() else None
    except DateProblem as problem:
        raise DomainError(problem.message, problem.remedy, "date", 422) from problem


def _minutes(text: str) -> int | None:
    try:
        found = parse_time(text) if text.strip() else None
    except SlotProblem as problem:
        raise DomainError(problem.message, problem.remedy, "time", 422) from problem
    if text.strip() and found is None:
        raise DomainError("時刻を読めませんでした。", "「13:30」のように入れてください。", "time", 422)
    return found


def _instant(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), TOKYO) + timedelta(minutes=minutes)
