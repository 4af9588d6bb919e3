"""One meeting: seats, agenda, decisions while it goes on, its papers, and what is told afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import EDIT_PROCESS, READ_MEETINGS
from service.kernel.audit import attempt, note
from service.kernel.clock import day_in_japan
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound, Refused
from service.meetings.caseload_controllers import Caseloads
from service.meetings.deciding import Item, decide, finish, finish_action, item_in, put_on, take_off
from service.meetings.forms import ItemForm, SeatForm, ruling_form
from service.meetings.holding import cancel, hold, invite, leave_seat, swear, take_seat
from service.meetings.invitation_controllers import Invitations
from service.meetings.inviting import seat_referrers
from service.meetings.list_controllers import Meetings
from service.meetings.pages import Typed, meeting_view
from service.meetings.paper import agenda_paper, count_copy, minutes_paper
from service.meetings.reading import InHand, meeting_in_hand
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted, said
from service.web.page import pdf_answer, render
from service.web.params import FromPath, known_id, typed_text, version_of
from service.web.print.document import document_data
from service.web.print.render import render_pdf


class OneMeeting(Controller):
    """One meeting, from the invitation to the last report."""

    path = "/meetings/{meeting_id:str}"

    @get(perm=READ_MEETINGS, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], meeting_id: FromPath[str]) -> Response[str]:
        """Who sits in it, what is on, what was decided."""
        return _page(call, _hand(call, meeting_id), Typed())

    @get("/agenda.pdf", perm=EDIT_PROCESS, sync_to_thread=True)
    def agenda(self, call: NamedDependency[Call], meeting_id: FromPath[str]) -> Response[bytes]:
        """会議次第."""
        hand = _hand(call, meeting_id)
        note(call.session, "print", "meeting", hand.meeting.id)
        return pdf_answer(
            render_pdf("document", document_data(agenda_paper(call.session, call.town, call.actor, hand, call.now))),
            "agenda.pdf",
        )

    @post("/minutes.pdf", perm=EDIT_PROCESS, sync_to_thread=True, status_code=200)
    def minutes(self, call: NamedDependency[Call], meeting_id: FromPath[str], data: FormBody) -> Response[bytes]:
        """会議録; of a 支援会議 every copy has its number and is written down, so it is asked for by a form."""
        hand = _hand(call, meeting_id)
        copy = count_copy(call.session, call.actor, hand, typed_text(Posted.read(data).text("for"), 60), call.now)
        note(call.session, "print", "meeting", hand.meeting.id)
        paper = minutes_paper(call.session, call.town, call.actor, hand, copy, call.now)
        return pdf_answer(render_pdf("document", document_data(paper)), "minutes.pdf")

    @post("/seats", perm=EDIT_PROCESS, sync_to_thread=True)
    def seat(self, call: NamedDependency[Call], meeting_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Give somebody a seat."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        form = SeatForm(posted, prefix="seat-")

        def work() -> None:
            take_seat(
                call.session, hand, said(form.name), said(form.agency), said(form.section), bool(form.is_municipal.data),
                form.role.data,
            )  # fmt: skip

        return _tried(call, posted, hand, work, Typed(seat=form), "added", valid=form.validate())

    @post("/seats/referrers", perm=EDIT_PROCESS, sync_to_thread=True)
    def invite_referrers(self, call: NamedDependency[Call], meeting_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Seats for whoever handed over what is spoken about."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        return _tried(call, posted, hand, lambda: seat_referrers(call.session, hand), Typed(), "invited")

    @post("/seats/{seat_id:str}/remove", perm=EDIT_PROCESS, sync_to_thread=True)
    def unseat(
        self, call: NamedDependency[Call], meeting_id: FromPath[str], seat_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Take a seat away."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        return _tried(call, posted, hand, lambda: leave_seat(call.session, hand, known_id(seat_id)), Typed())

    @post("/seats/{seat_id:str}/swear", perm=EDIT_PROCESS, sync_to_thread=True)
    def swear(
        self, call: NamedDependency[Call], meeting_id: FromPath[str], seat_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """守秘の確認."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        method = posted.text("method") or "paper"
        return _tried(
            call, posted, hand, lambda: swear(call.session, call.actor, hand, known_id(seat_id), method, call.now), Typed()
        )

    @post("/items", perm=EDIT_PROCESS, sync_to_thread=True)
    def item(self, call: NamedDependency[Call], meeting_id: FromPath[str], data: FormBody) -> Response[Any]:
        """付議, typed or taken from what is proposed."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        form, gap_id = ItemForm(posted, prefix="item-"), posted.text("gap")
        item = Item("gap", gap_id=known_id(gap_id)) if gap_id else form.item()
        valid = bool(gap_id) or form.validate()
        return _tried(
            call,
            posted,
            hand,
            lambda: put_on(call.session, call.town, call.actor, hand, item),
            Typed(item=form),
            "added",
            valid=valid,
        )

    @post("/items/{item_id:str}/remove", perm=EDIT_PROCESS, sync_to_thread=True)
    def drop(
        self, call: NamedDependency[Call], meeting_id: FromPath[str], item_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Take an item off."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        return _tried(call, posted, hand, lambda: take_off(call.session, hand, known_id(item_id)), Typed())

    @post("/items/{item_id:str}/decide", perm=EDIT_PROCESS, sync_to_thread=True)
    def rule(
        self, call: NamedDependency[Call], meeting_id: FromPath[str], item_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """What was decided, typed while it is said."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        item = item_in(hand, known_id(item_id))
        form = ruling_form(item.purpose, item.id, posted)
        typed, valid = Typed(ruling=form, ruled_id=item.id), form.validate()

        def work() -> None:
            decide(call.session, call.actor, hand, item.id, version_of(posted.text("_version")), form.ruling(), call.now)

        return _tried(call, posted, hand, work, typed, "decided", valid=valid)

    @post("/actions/{action_id:str}", perm=EDIT_PROCESS, sync_to_thread=True)
    def finish_action(
        self, call: NamedDependency[Call], meeting_id: FromPath[str], action_id: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """A task is done."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)

        def work() -> None:
            outcome, version = typed_text(posted.text("outcome"), 300), version_of(posted.text("_version"))
            finish_action(call.session, hand, known_id(action_id), version, outcome, day_in_japan(call.now))

        return _tried(call, posted, hand, work, Typed())

    @post("/{move:str}", perm=EDIT_PROCESS, sync_to_thread=True)
    def step(
        self, call: NamedDependency[Call], meeting_id: FromPath[str], move: FromPath[str], data: FormBody
    ) -> Response[Any]:
        """Invited, held, cancelled, or told to the last."""
        posted, hand = Posted.read(data), _hand(call, meeting_id)
        today = day_in_japan(call.now)
        attended = {seat.id: posted.text(f"attended-{seat.id}") for seat in hand.seats}
        works: dict[str, Callable[[int], None]] = {
            "invite": lambda version: invite(hand, version, today),
            "hold": lambda version: hold(hand, version, attended, today),
            "cancel": lambda version: cancel(hand, version, typed_text(posted.text("why"), 200)),
            "finish": lambda version: finish(hand, version),
        }
        if move not in works:
            raise NotFound()
        return _tried(call, posted, hand, lambda: works[move](version_of(posted.text("_version"))), Typed())


def _hand(call: Call, meeting_id: str) -> InHand:
    return meeting_in_hand(call.session, call.town, call.actor, known_id(meeting_id), day_in_japan(call.now))


def _tried(
    call: Call,
    posted: Posted,
    hand: InHand,
    work: Callable[[], object],
    typed: Typed,
    message: str = "saved",
    *,
    valid: bool = True,
) -> Response[Any]:
    """Do it, or show the page again with what was typed and everything that is missing."""
    if earlier := sent_before(call.session, call.actor, posted):
        return earlier
    if not valid:
        return _page(call, hand, typed, 422)
    try:
        with attempt(call.session):
            work()
    except NotFound:
        raise
    except DomainError as refusal:
        missing = refusal.missing if isinstance(refusal, Refused) else ()
        problems = tuple(f"{m.message}{m.remedy}" for m in missing) or (str(refusal),)
        fresh = _hand(call, hand.meeting.id)
        return _page(call, fresh, Typed(typed.seat, typed.item, typed.ruling, typed.ruled_id, problems), refusal.status)
    return done(call.session, call.actor, posted, call.now, f"/meetings/{hand.meeting.id}", message)


def _page(call: Call, hand: InHand, typed: Typed, status: int = 200) -> Response[str]:
    return render(
        call.request, "meetings/meeting.html", hand.meeting.name, meeting_view(call, hand, typed, new_id()), status
    )


MEETING_HANDLERS = [Meetings, OneMeeting, Caseloads, Invitations]
