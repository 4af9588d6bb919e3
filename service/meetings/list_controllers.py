"""会議: the list, the series that come again, and calling one."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select

from service.accounts.roles import EDIT_PROCESS, READ_MEETINGS
from service.kernel.audit import attempt
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki_short
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.kernel.slots import format_time, parse_time
from service.meetings.forms import SeriesForm, meeting_form, series_form
from service.meetings.holding import call_meeting
from service.meetings.models import Meeting, MeetingSeries
from service.meetings.pages_list import NewView, first_name, meetings_view
from service.meetings.reading import visible_meetings
from service.meetings.rules import SUPPORT
from service.meetings.series import FREQUENCIES
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted, said
from service.web.page import render
from service.web.params import known_id

SHOWN = 60


class Meetings(Controller):
    """The list, the series, and a new one."""

    path = "/meetings"

    @get(perm=READ_MEETINGS, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """What comes and what was."""
        return _list(call)

    @get("/new", perm=EDIT_PROCESS, sync_to_thread=True)
    def new(self, call: NamedDependency[Call]) -> Response[str]:
        """A form, begun with what a series says."""
        asked = call.request.query_params
        row = call.session.get(MeetingSeries, known_id(asked["series"])) if "series" in asked else None
        day = _day(asked.get("on", "")) or day_in_japan(call.now)
        data: dict[str, Any] = {"on": format_wareki_short(day), "name": first_name(call.session, "juso", day)}
        if row is not None:
            start = "" if row.start_min is None else format_time(row.start_min)
            data |= {"kind": row.kind, "name": f"{row.name}（{day.month}月）", "place": row.place, "convenor": row.convenor,
                     "start": start, "convenor_is_municipal": row.kind == SUPPORT}  # fmt: skip
        view = NewView(meeting_form(call.session, **data), row.id if row else "", new_id())
        return render(call.request, "meetings/new.html", "会議を開く", view)

    @post("/new", perm=EDIT_PROCESS, sync_to_thread=True)
    def create(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Plan one."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, series = meeting_form(call.session, posted), posted.text("series")
        if not form.validate():
            view = NewView(form, series, posted.text("_once"))
            return render(call.request, "meetings/new.html", "会議を開く", view, 422)
        row = call.session.get(MeetingSeries, known_id(series)) if series else None
        try:
            with attempt(call.session):
                meeting = call_meeting(call.session, call.actor, form.call(row.id if row else None), call.now)
        except DomainError as refusal:
            view = NewView(form, series, posted.text("_once"), str(refusal))
            return render(call.request, "meetings/new.html", "会議を開く", view, refusal.status)
        return done(call.session, call.actor, posted, call.now, f"/meetings/{meeting.id}", "added")

    @post("/series", perm=EDIT_PROCESS, sync_to_thread=True)
    def add_series(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A meeting that comes again."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form = series_form(call.session, posted)
        if not form.validate():
            return _list(call, form, 422)
        months = FREQUENCIES[form.frequency.data][1]
        call.session.add(MeetingSeries(
            kind=form.kind.data, name=said(form.name), months=[str(month) for month in months], nth=int(form.nth.data),
            weekday=int(form.weekday.data), start_min=parse_time(said(form.start)), place=said(form.place),
            convenor=said(form.convenor),
        ))  # fmt: skip
        return done(call.session, call.actor, posted, call.now, "/meetings", "added")


def _list(call: Call, form: SeriesForm | None = None, status: int = 200) -> Response[str]:
    query = visible_meetings(call.actor, day_in_japan(call.now)).order_by(Meeting.on.desc(), Meeting.id).limit(SHOWN)
    series = call.session.scalars(
        select(MeetingSeries).where(MeetingSeries.active).order_by(MeetingSeries.name, MeetingSeries.id)
    )
    view = meetings_view(call, call.session.scalars(query).all(), series.all(), new_id(), form)
    return render(call.request, "meetings/list.html", "会議", view, status)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
