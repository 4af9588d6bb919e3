"""会議の案内: when and where, and the answer; nothing of what is spoken about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import REFER
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.meetings.inviting import REPLIES, invitations_of, reply
from service.meetings.models import Meeting, Seat
from service.meetings.naming import town_kinds
from service.meetings.pages_list import hours_of
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, version_of


@dataclass(frozen=True)
class Invitation:
    """One meeting to come; what it is about stays unsaid."""

    id: str
    version: int
    kind: str
    when: str
    place: str
    convenor: str
    reply: str


@dataclass(frozen=True)
class InvitationsView:
    """Every invitation, and what may be answered."""

    lines: tuple[Invitation, ...]
    replies: tuple[tuple[str, str], ...]
    phone: str
    problem: str
    once: str


class Invitations(Controller):
    """What a つなぎ元 is invited to."""

    path = "/invitations"

    @get(perm=REFER, sync_to_thread=True)
    def index(self, call: NamedDependency[Call]) -> Response[str]:
        """The next first."""
        return _page(call)

    @post("/{own_seat_id:str}", perm=REFER, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], own_seat_id: FromPath[str], data: FormBody) -> Response[Any]:
        """出席・欠席・代理."""
        posted, id_ = Posted.read(data), known_id(own_seat_id)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        version, today = version_of(posted.text("_version")), day_in_japan(call.now)
        try:
            reply(call.session, call.actor, id_, version, posted.text("reply"), today, call.now)
        except Conflict as older:
            return _page(call, f"{older}", older.status)
        return done(call.session, call.actor, posted, call.now, "/invitations", "replied")


def _page(call: Call, problem: str = "", status: int = 200) -> Response[str]:
    kinds = town_kinds(call.session)
    rows = invitations_of(call.session, call.actor, day_in_japan(call.now))
    view = InvitationsView(
        tuple(_line(seat, meeting, kinds[meeting.kind]) for seat, meeting in rows), tuple(REPLIES.items()), call.town.phone,
        problem, new_id(),
    )  # fmt: skip
    return render(call.request, "meetings/invitations.html", "会議の案内", view, status)


def _line(seat: Seat, meeting: Meeting, kind: str) -> Invitation:
    when = f"{format_wareki(meeting.on)} {hours_of(meeting)}".strip()
    return Invitation(seat.id, seat.version, kind, when, meeting.place, meeting.convenor, seat.reply)
