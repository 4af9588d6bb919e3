"""One opening, kept by its host: places with ±, days and hours, a rest, and its end."""

from collections.abc import Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import HOST_FACE
from service.host_face.forms import OpeningForm
from service.host_face.opening_pages import Rows, as_it_stands, opening_view, pause_view
from service.host_face.openings import change_opening, own_opening, slot_of, stepped, with_slot_step
from service.host_face.own import Own, own_of
from service.host_face.pausing import read_pause
from service.kernel.dates import DateProblem
from service.kernel.db import new_id
from service.kernel.errors import Conflict, DomainError
from service.resources.forms import differences
from service.resources.models import Opening
from service.resources.sending import done, sent_before
from service.resources.timing import HourRow, hours_or_why, rows_of, say_rows, typed_rows
from service.resources.words import say_slots
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, typed_text, version_of

STEPS = {"+1": 1, "-1": -1}


class Openings(Controller):
    """One opening of the host itself."""

    path = "/host/openings/{opening_id:str}"

    @get(perm=HOST_FACE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], opening_id: FromPath[str]) -> Response[str]:
        """The opening as it stands."""
        own = own_of(call)
        return _page(call, own, own_opening(call.session, own.host_id, known_id(opening_id)))

    @post(perm=HOST_FACE, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], opening_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Days, hours and numbers as typed; what somebody else saved meanwhile is shown beside them."""
        posted, own = Posted.read(data), own_of(call)
        opening = own_opening(call.session, own.host_id, known_id(opening_id), lock=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        form, rows = OpeningForm(posted), typed_rows(posted)
        hours, rows_error = hours_or_why(rows)
        if not form.validate() or rows_error:
            return _page(call, own, opening, 422, form=form, rows=rows, rows_error=rows_error)
        try:
            change_opening(call.session, own, opening, version_of(posted.text("_version")), form.values(), hours)
        except Conflict:
            return _page(call, own, opening, 409, form=form, rows=rows, conflict=_differences(form, rows, opening))
        except DomainError as problem:
            return _page(call, own, opening, problem.status, form=form, rows=rows, problem=str(problem))
        return done(call.session, call.actor, posted, call.now, "/host", "host-saved")

    @post("/free", perm=HOST_FACE, sync_to_thread=True)
    def step(self, call: NamedDependency[Call], opening_id: FromPath[str], data: FormBody) -> Response[Any]:
        """One place more or fewer, in all or at one time of the week."""
        posted, own = Posted.read(data), own_of(call)
        opening = own_opening(call.session, own.host_id, known_id(opening_id), lock=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        by, slot_id = STEPS.get(posted.text("step"), 0), posted.text("slot")
        values: dict[str, Any] = {} if slot_id else {"free": stepped(opening.free, by)}
        hours = with_slot_step(opening, slot_of(opening, known_id(slot_id)), by) if slot_id else None
        try:
            change_opening(call.session, own, opening, version_of(posted.text("_version")), values, hours)
        except Conflict:
            return _page(call, own, opening, 409, conflict=as_it_stands(opening))
        except DomainError as problem:
            return _page(call, own, opening, problem.status, problem=str(problem))
        back = "/host" if posted.text("_back") == "/host" else f"/host/openings/{opening.id}"
        return done(call.session, call.actor, posted, call.now, back, "host-saved")

    @get("/pause", perm=HOST_FACE, sync_to_thread=True)
    def ask_pause(self, call: NamedDependency[Call], opening_id: FromPath[str]) -> Response[str]:
        """Why, and until when."""
        own = own_of(call)
        view = pause_view(own, own_opening(call.session, own.host_id, known_id(opening_id)), new_id())
        return render(call.request, "host_face/pause.html", "お休みにする", view)

    @post("/pause", perm=HOST_FACE, sync_to_thread=True)
    def pause(self, call: NamedDependency[Call], opening_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Take nobody new for a while."""
        posted, own = Posted.read(data), own_of(call)
        opening = own_opening(call.session, own.host_id, known_id(opening_id), lock=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        chosen, typed = posted.text("reason"), typed_text(posted.text("date"), 40)
        try:
            change_opening(call.session, own, opening, version_of(posted.text("_version")), read_pause(posted, own.today))
        except Conflict:
            return _page(call, own, opening, 409, conflict=as_it_stands(opening))
        except (DomainError, DateProblem) as problem:
            view = pause_view(own, opening, new_id(), chosen=chosen, typed=typed, problem=str(problem))
            return render(call.request, "host_face/pause.html", "お休みにする", view, 422)
        return done(call.session, call.actor, posted, call.now, "/host", "host-paused")

    @post("/resume", perm=HOST_FACE, sync_to_thread=True)
    def resume(self, call: NamedDependency[Call], opening_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Take people again."""
        posted, own = Posted.read(data), own_of(call)
        opening = own_opening(call.session, own.host_id, known_id(opening_id), lock=True)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            change_opening(call.session, own, opening, version_of(posted.text("_version")), {"status": "open"})
        except Conflict:
            return _page(call, own, opening, 409, conflict=as_it_stands(opening))
        return done(call.session, call.actor, posted, call.now, "/host", "host-resumed")


def _page(call: Call, own: Own, opening: Opening, status: int = 200, **typed: Any) -> Response[str]:
    view = opening_view(call.session, own, opening, new_id(), **typed)
    return render(call.request, "host_face/opening.html", f"{opening.title} 空き・曜日", view, status)


def _differences(form: OpeningForm, rows: Sequence[HourRow], opening: Opening) -> Rows:
    found = differences(form, OpeningForm.of(opening))
    mine, theirs = say_rows(rows), say_slots(opening.slots)
    if mine != theirs or tuple(rows) != rows_of(opening.slots):
        found.append(("曜日・時間", _with_free(rows_of(opening.slots), theirs), _with_free(rows, mine)))
    return tuple(found) or (("この枠", "表示のあとで保存されています", "同じ内容です"),)


def _with_free(rows: Sequence[HourRow], said: str) -> str:
    counted = "・".join(row.free for row in rows if row.free)
    return f"{said}（枠の空き {counted}）" if counted else said
