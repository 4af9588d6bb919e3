"""The pages behind an agency's link: the sheet to send, and its その後; every other address here is the same 404."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.cases.referrals.doors import BY_LINK, Door, open_door, send_by_door, sheet_of
from service.cases.referrals.forms import SheetForm
from service.cases.referrals.receiving import ANSWER, note_step, withdraw
from service.cases.referrals.sent import NOTHING_TYPED, SentView, Typed, sent_view
from service.kernel.audit import Signature, attempt, note, sign
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, format_wareki_short
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.resources.guessing import count_guess, refuse_guessers
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import earlier_result, remember_result
from service.web.page import go, render
from service.web.params import FromPath, typed_text, version_of
from service.web.permission import PUBLIC

SHELTERED: Final = "お電話でお知らせします"
"""All a link says once a case is under lock: nobody knows who holds it by then."""


@dataclass(frozen=True)
class DoorFormView:
    """The sheet to be sent."""

    action: str
    agency: str
    until: str
    form: SheetForm
    once: str


@dataclass(frozen=True)
class DoorSentView:
    """The receipt, and その後."""

    agency: str
    until: str
    phone: str
    sent: SentView


@dataclass(frozen=True)
class DeadDoorView:
    """A link that opens nothing, whatever the reason."""

    phone: str


class Doors(Controller):
    """What a link of an agency opens."""

    path = "/d"

    @get("/{door:str}", perm=PUBLIC, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], door: FromPath[str]) -> Response[str]:
        """The blank sheet, or what became of the one that was sent; looking uses nothing up."""
        refuse_guessers(call)
        found = open_door(call.session, call.town, door, call.now)
        if found is None:
            return _dead(call)
        note(call.session, "view", "agency_link", found.link.id)
        if found.link.about_id:
            return _sent(call, found, door)
        data = {"from_agency": found.agency.name, "from_phone": found.agency.phone}
        return _form(call, found, door, SheetForm(data=data), new_id())

    @post("/{door:str}", perm=PUBLIC, sync_to_thread=True)
    def send(self, call: NamedDependency[Call], door: FromPath[str], data: FormBody) -> Response[Any]:
        """Hand somebody over; a second sending, and a second sheet, lead to what became of the first."""
        posted, found = Posted.read(data), _opened(call, door)
        if found is None:
            return _dead(call)
        if earlier_result(call.session, found.link.id, posted.text("_once")) or found.link.about_id:
            return go(f"/d/{door}")
        form = SheetForm(Posted({**posted, "from_agency": [found.agency.name]})).choosing_from(found.desks)
        if not form.validate():
            return _form(call, found, door, form, posted.text("_once"), 422)
        sheet = form.sheet(BY_LINK, format_wareki_short(day_in_japan(call.now)))
        send_by_door(call.session, call.town, found, sheet, call.now)
        return _done(call, found, door, posted, "sent")

    @post("/{door:str}/answer", perm=PUBLIC, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], door: FromPath[str], data: FormBody) -> Response[Any]:
        """An answer to what was asked, or a word more."""
        posted, found = Posted.read(data), _opened(call, door)
        if found is None or not found.link.about_id:
            return _dead(call)
        if earlier_result(call.session, found.link.id, posted.text("_once")):
            return go(f"/d/{door}")
        (row, _), text = sheet_of(call.session, found), typed_text(posted.text("text"), 400)
        try:
            note_step(call.session, found.actor, row, ANSWER, day_in_japan(call.now), text, row.from_agency, call.now)
        except DomainError as refusal:
            return _sent(call, found, door, Typed(answer=text, problem=str(refusal)), refusal.status)
        return _done(call, found, door, posted, "answer-sent")

    @post("/{door:str}/withdraw", perm=PUBLIC, sync_to_thread=True)
    def withdraw(self, call: NamedDependency[Call], door: FromPath[str], data: FormBody) -> Response[Any]:
        """Take the sheet back, as long as nothing is decided."""
        posted, found = Posted.read(data), _opened(call, door)
        if found is None or not found.link.about_id:
            return _dead(call)
        if earlier_result(call.session, found.link.id, posted.text("_once")):
            return go(f"/d/{door}")
        (row, case), why = sheet_of(call.session, found), typed_text(posted.text("why"), 200)
        try:
            with attempt(call.session):
                withdraw(call.session, found.actor, row, case, version_of(posted.text("_version")), why, call.now)
        except DomainError as refusal:
            return _sent(call, found, door, Typed(why=why, problem=str(refusal)), refusal.status)
        return _done(call, found, door, posted, "sheet-withdrawn")


def _opened(call: Call, token: str) -> Door | None:
    """The door of a form that was sent; what is written from here on carries the desk's name."""
    refuse_guessers(call)
    found = open_door(call.session, call.town, token, call.now, lock=True)
    if found is not None:
        sign(call.session, Signature(found.actor.id, found.actor.label, call.now, call.town.key))
    return found


def _done(call: Call, door: Door, token: str, posted: Posted, message: str) -> Response[Any]:
    # The address is the key: that a form was sent is remembered, and not where it led.
    remember_result(call.session, door.link.id, posted.text("_once"), message, call.now)
    return go(f"/d/{token}", message)


def _form(call: Call, door: Door, token: str, form: SheetForm, once: str, status: int = 200) -> Response[str]:
    view = DoorFormView(f"/d/{token}", door.agency.name, _until(door), form, once)
    return render(call.request, "cases/door_form.html", "つなぐシートを送る", view, status)


def _sent(call: Call, door: Door, token: str, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response[str]:
    row, case = sheet_of(call.session, door)
    sent = sent_view(call.session, row, case, f"/d/{token}", typed)
    if case.locked:
        sent = replace(sent, state=SHELTERED, acknowledged="", told=(), talk=(), asked=False, may_withdraw=False)
    view = DoorSentView(door.agency.name, _until(door), call.town.phone, sent)
    return render(call.request, "cases/door_sent.html", "その後", view, status)


def _until(door: Door) -> str:
    return format_wareki(day_in_japan(door.link.expires_at))


def _dead(call: Call) -> Response[Any]:
    """One answer for sent back, run out, another town's and never made; and one more guess is counted."""
    count_guess(call)
    return render(call.request, "cases/door_dead.html", "このリンクは使えません", DeadDoorView(call.town.phone), 404)
