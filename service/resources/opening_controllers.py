"""An opening kept up to date while the host is on the telephone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_CATALOGUE
from service.kernel.clock import day_in_japan
from service.kernel.dates import DateProblem
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.kernel.vocab import Choice
from service.resources.catalogue import read_opening
from service.resources.edit_pages import Conflicts, OpeningEditView
from service.resources.forms import OpeningForm, differences
from service.resources.models import Host, Opening
from service.resources.openings import confirm_opening, save_opening
from service.resources.sending import done, last_change, sent_before
from service.resources.timing import HourRow, hours_or_why, read_dates, rows_of, say_rows, typed_rows
from service.resources.vocabulary import current_vocabulary
from service.resources.words import freshness_of, say_confirmed, say_slots
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, version_of

AnyRequest = Request[Any, Any, Any]
NO_CHANGE = "変更なし（確認した）"


class Openings(Controller):
    """One opening."""

    path = "/openings/{opening_id:str}"

    @get("/edit", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def edit(self, call: NamedDependency[Call], opening_id: FromPath[str]) -> Response[str]:
        """The opening as one screen to talk through."""
        host, opening = read_opening(call.session, known_id(opening_id))
        return _Screen(call.request, call.session, call.now, host, opening).show(
            OpeningForm.of(opening), rows_of(opening.slots)
        )

    @post("/edit", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], opening_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep what the host said; today is the day of confirming."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host, opening = read_opening(call.session, known_id(opening_id))
        screen = _Screen(call.request, call.session, call.now, host, opening, posted)
        form, rows = OpeningForm(posted), typed_rows(posted)
        hours, problem = hours_or_why(rows)
        values = _read_values(form, posted, host, screen.activities)
        if values is None or problem:
            return screen.show(form, rows, 422, problem)
        try:
            told_by, version = form.confirmed_with.said, version_of(posted.text("_version"))
            save_opening(
                host, opening, version, values, hours, told_by, call.actor, day_in_japan(call.now), screen.activities
            )
        except Conflict:
            return screen.show(form, rows, 409, conflict=_conflicts(form, rows, opening))
        return done(call.session, call.actor, posted, call.now, _back(posted, host))

    @post("/confirm", perm=EDIT_CATALOGUE, sync_to_thread=True)
    def confirm(self, call: NamedDependency[Call], opening_id: FromPath[str], data: FormBody) -> Response[Any]:
        """「変更なし」 in one tap; when somebody saved meanwhile, the opening is shown instead."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host, opening = read_opening(call.session, known_id(opening_id))
        try:
            confirm_opening(opening, version_of(posted.text("_version")), "", call.actor, day_in_japan(call.now))
        except Conflict:
            form, rows = OpeningForm.of(opening), rows_of(opening.slots)
            return _Screen(call.request, call.session, call.now, host, opening).show(
                form, rows, 409, conflict=(("この枠", "表示のあとで変更されています", NO_CHANGE),)
            )
        return done(call.session, call.actor, posted, call.now, _back(posted, host), "confirmed")


def _back(posted: Posted, host: Host) -> str:
    """The list or card the button was pressed on."""
    back = posted.text("_back")
    is_list = back.startswith("/hosts?") and back.isascii() and back.isprintable() and len(back) < 600
    return back if is_list or back == "/" else f"/hosts/{host.id}"


def _read_values(form: OpeningForm, posted: Posted, host: Host, activities: Sequence[Choice]) -> dict[str, Any] | None:
    """The columns a valid form says, or None with the errors in the form."""
    if not form.validate():
        return None
    try:
        dates = read_dates(form.dates.said)
    except DateProblem as problem:
        form.dates.errors = [str(problem)]
        return None
    known = {choice.key for choice in activities}
    sites = {site.id for site in host.sites}
    texts = {name: form.data[name] for name in ("status", "pause_reason", "times_note", "title", "activity")}
    place = {"site_id": posted.text("site_id")} if posted.text("site_id") in sites else {}
    return texts | place | {
        "paused_until": form.paused_until.day,
        "free": form.free.number,
        "waiting": form.waiting.number or 0,
        "capacity": form.capacity.number,
        "dates": dates,
        "activity_tags": [tag for tag in posted.getlist("tags") if tag in known],
    }  # fmt: skip


def _conflicts(form: OpeningForm, rows: Sequence[HourRow], opening: Opening) -> Conflicts:
    found = [row for row in differences(form, OpeningForm.of(opening)) if row[0] != form.confirmed_with.label.text]
    mine, theirs = say_rows(rows), say_slots(opening.slots)
    return (*found, ("曜日・時間", theirs, mine)) if mine != theirs else tuple(found)


class _Screen:
    """The page of one opening, as it stands or as it was typed."""

    def __init__(
        self,
        request: AnyRequest,
        session: Session,
        now: datetime,
        host: Host,
        opening: Opening,
        posted: Posted | None = None,
    ) -> None:
        self.request, self.session, self.now = request, session, now
        self.host, self.opening, self.posted = host, opening, posted
        self.activities = current_vocabulary(session).activities

    def show(
        self, form: OpeningForm, rows: Sequence[HourRow], status: int = 200, rows_error: str = "", conflict: Conflicts = ()
    ) -> Response[str]:
        """Answer with the page."""
        host, opening, posted, today = self.host, self.opening, self.posted, day_in_japan(self.now)
        typed = posted is not None
        view = OpeningEditView(
            id=opening.id, form=form, host_name=host.name, phone=host.phone, contact_person=host.contact_person,
            back=f"/hosts/{host.id}", title=opening.title,
            tags=tuple((choice.key, choice.label) for choice in self.activities),
            tags_chosen=tuple(posted.getlist("tags") if posted is not None else opening.activity_tags),
            rows=tuple(rows), rows_error=rows_error,
            sites=tuple((site.id, site.name or site.address or "住所未入力") for site in host.sites),
            site_id=posted.text("site_id") if posted is not None and posted.text("site_id") else opening.site_id,
            freshness=freshness_of(opening.confirmed_on, today), confirmed=say_confirmed(opening.confirmed_on, today),
            version=posted.text("_version") if posted is not None and typed and not conflict else str(opening.version),
            once=new_id(), conflict=conflict, changed_by=last_change(self.session, opening.id) if conflict else ("", ""),
        )  # fmt: skip
        return render(self.request, "resources/opening_edit.html", f"{host.name} 空き・曜日", view, status)
