"""入り口: links for agencies — made, printed, mailed and shut by the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_PROCESS, READ_PROCESS
from service.cases.referrals.desks import Desk, Desks, desks_of
from service.cases.referrals.doors import HandedOut, doors_handed_out, mail_door, open_door, revoke_door
from service.cases.referrals.paper import door_paper
from service.kernel.audit import note
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, format_wareki_short
from service.kernel.db import new_id
from service.kernel.errors import NotFound
from service.resources.agencies.catalogue import read_agency
from service.resources.links import AGENCY_ROOM, LASTS, REFER, link_address, make_agency_link
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.once import remember_result
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text
from service.web.print.document import document_data
from service.web.print.render import render_pdf

HERE: Final = "/referrals/doors"
UNKNOWN: Final = "一覧にある機関ではありません。名前の一部を入れて選ぶか、先に相談支援機関等一覧に登録してください。"
NO_MAIL: Final = "この機関のメールが一覧にありません。登録するか、アドレスを出して印刷してください。"


@dataclass(frozen=True)
class DoorLine:
    """One door: whose, until when, what became of it."""

    id: str
    agency: str
    made: str
    until: str
    state: str
    sheet: tuple[str, str]
    is_open: bool


@dataclass(frozen=True)
class Made:
    """A door right after it was made: its address is told this once."""

    agency: str
    address: str
    token: str
    until: str


@dataclass(frozen=True)
class DoorsView:
    """つなぐシートの入り口."""

    lines: tuple[DoorLine, ...]
    desks: Desks
    typed: str
    problem: str
    made: Made | None
    may_edit: bool
    may_mail: bool
    once: str


class Handing(Controller):
    """The doors of the town."""

    path = HERE

    @get(perm=READ_PROCESS, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """Every door with its end, the newest first."""
        return _page(call)

    @post(perm=EDIT_PROCESS, sync_to_thread=True, status_code=200)
    def make(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A door for one desk: its address shown this once, or on its way by mail."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        typed = typed_text(posted.text("agency"), 200)
        desk = desks_of(call.session).find(typed)
        if desk is None:
            return _page(call, typed=typed, problem=UNKNOWN, status=422)
        if posted.text("how") == "mail":
            return _mail(call, desk, posted)
        token = make_agency_link(call.session, call.town.key, desk.id, call.actor.label, call.now)
        # The address of the link is its key: a second sending of the form is told that it was made, not what it is.
        remember_result(call.session, call.actor.id, posted.text("_once"), f"{HERE}?done=door-made", call.now)
        address = link_address(call.town.refer_url or str(call.request.base_url), token, AGENCY_ROOM)
        until = format_wareki(day_in_japan(call.now + LASTS[REFER]))
        return _page(call, made=Made(desk.label, address, token, until))

    @post("/sheet.pdf", perm=EDIT_PROCESS, sync_to_thread=True, status_code=200)
    def paper(self, call: NamedDependency[Call], data: FormBody) -> Response[bytes]:
        """The address on an A4 sheet to hand over; only whoever has it before their eyes can print it."""
        token = Posted.read(data).text("door")
        door = open_door(call.session, call.town, token, call.now)
        if door is None:
            raise NotFound()
        note(call.session, "print", "agency_link", door.link.id)
        address = link_address(call.town.refer_url or str(call.request.base_url), token, AGENCY_ROOM)
        paper = door_paper(call.town, call.actor, door, address, call.now)
        return pdf_answer(render_pdf("document", document_data(paper)), "door.pdf")

    @post("/{door_id:str}/revoke", perm=EDIT_PROCESS, sync_to_thread=True)
    def revoke(self, call: NamedDependency[Call], door_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Shut a door from now on."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        revoke_door(call.session, known_id(door_id), call.now)
        return done(call.session, call.actor, posted, call.now, HERE, "door-shut")


def _mail(call: Call, desk: Desk, posted: Posted) -> Response[Any]:
    if not desk.email or not _may_mail(call):
        return _page(call, typed=desk.label, problem=NO_MAIL, status=422)
    once = posted.text("_once") or new_id()
    mail_door(call.session, read_agency(call.session, desk.id), once, call.actor.label, call.now)
    return done(call.session, call.actor, posted, call.now, HERE, "door-mailed")


def _may_mail(call: Call) -> bool:
    return call.town.mail is not None and bool(call.town.refer_url)


def _page(call: Call, *, typed: str = "", problem: str = "", made: Made | None = None, status: int = 200) -> Response[str]:
    found = doors_handed_out(call.session, call.town, call.actor)
    view = DoorsView(
        tuple(_line(each, call.now) for each in found), desks_of(call.session), typed, problem, made,
        EDIT_PROCESS.allows(call.actor), _may_mail(call), new_id(),
    )  # fmt: skip
    return render(call.request, "cases/doors.html", "つなぐシートの入り口", view, status)


def _line(each: HandedOut, now: datetime) -> DoorLine:
    link = each.link
    is_open = link.revoked_at is None and now < link.expires_at
    state = (
        "止めました"
        if link.revoked_at
        else "期限が過ぎました"
        if not is_open
        else "届きました"
        if link.about_id
        else "まだ届いていません"
    )
    sheet = (f"/referrals/{each.referral_id}", each.number) if each.number else ("", "")
    made = f"{format_wareki_short(day_in_japan(link.created_at))}　{link.created_by}"
    return DoorLine(
        link.id, each.agency.name, made, format_wareki_short(day_in_japan(link.expires_at)), state, sheet, is_open
    )
