"""Somebody's own calendar: an address to subscribe to, busy times from elsewhere; and the address itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.brake import brake_of, forget_old, known_brake, press, refuse_blocked
from service.accounts.roles import OWN_CALENDAR
from service.followup.feeds.addresses import make_feed, open_feed, reader_of, revoke_feeds
from service.followup.feeds.blocks import kept, let_go, take_in
from service.followup.feeds.busy import MAX_BYTES, Unread
from service.followup.feeds.ics import write_feed
from service.followup.feeds.own_days import entries_of
from service.kernel.audit import Signature, note
from service.kernel.clock import TOKYO, day_in_japan
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted, UploadBody
from service.web.page import render
from service.web.permission import PUBLIC

HERE: Final = "/calendar"
SUFFIX: Final = ".ics"
FREE_TRIES: Final = 20
BRAKED: Final = "カレンダーを開けない状態が続いたため、少し待つ必要があります。"


@dataclass(frozen=True)
class CalendarView:
    """What is subscribed to, what was read, and the new address — told on this page once."""

    address: str
    until: str
    blocks: int
    blocks_until: str
    unread: tuple[Unread, ...]
    problem: str
    once: str


class OwnCalendar(Controller):
    """The page of whoever is signed in, about nobody else."""

    path = HERE

    @get(perm=OWN_CALENDAR, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """What is open and what was read."""
        return _page(call)

    @post("/address", perm=OWN_CALENDAR, sync_to_thread=True, status_code=200)
    def make(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """A new address; the one before ends. A second sending of the form makes none."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        token = make_feed(call.session, call.actor.id, call.now)
        done(call.session, call.actor, posted, call.now, HERE)
        call.session.flush()
        return _page(call, address=f"{str(call.request.base_url).rstrip('/')}/ics/{token}{SUFFIX}")

    @post("/address/end", perm=OWN_CALENDAR, sync_to_thread=True)
    def end(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Take the address back at once."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        revoke_feeds(call.session, call.actor.id, call.now)
        return done(call.session, call.actor, posted, call.now, HERE, "feed-ended")

    @post("/busy", perm=OWN_CALENDAR, sync_to_thread=True, status_code=200)
    def read(self, call: NamedDependency[Call], data: UploadBody) -> Response[Any]:
        """Take in the busy times of a file: what can be read is kept, the rest is listed."""
        file = data.get("file")
        content = file.file.read(MAX_BYTES + 1) if isinstance(file, UploadFile) and file.filename else b""
        try:
            read = take_in(call.session, call.actor, content, day_in_japan(call.now))
        except DomainError as refusal:
            return _page(call, problem=str(refusal), status=refusal.status)
        call.session.flush()
        return _page(call, unread=read.unread)

    @post("/busy/end", perm=OWN_CALENDAR, sync_to_thread=True)
    def forget(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Let every block of the file go."""
        posted = Posted.read(data)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        let_go(call.session, call.actor)
        return done(call.session, call.actor, posted, call.now, HERE, "busy-ended")


class Feeds(Controller):
    """The addresses calendars read; whoever holds one sees one person's days, without names."""

    path = "/ics"

    @get("/{feed:str}", perm=PUBLIC, sync_to_thread=True)
    def read(self, call: NamedDependency[Call], feed: FromPath[str]) -> Response[Any]:
        """The feed; one answer for never made, ended, taken back and another town's."""
        guesser = _guesser(call)
        refuse_blocked(known_brake(call.session, guesser), call.now, BRAKED)
        user = reader_of(call.session, feed.removesuffix(SUFFIX), call.now) if feed.endswith(SUFFIX) else None
        if user is None:
            _count_guess(call, guesser)
            raise NotFound()
        entries = entries_of(call.session, call.town, user.as_actor(), day_in_japan(call.now), call.now)
        note(call.session, "export", "calendar_feed", user.id)
        name = f"つなぎ（{call.town.name}）"
        headers = {"content-disposition": 'attachment; filename="tsunagi.ics"'}
        return Response(write_feed(entries, name), media_type="text/calendar", headers=headers)


def _page(
    call: Call, address: str = "", unread: tuple[Unread, ...] = (), problem: str = "", status: int = 200
) -> Response[str]:
    feed = open_feed(call.session, call.actor.id, call.now)
    count, last_at = kept(call.session, call.actor, call.now)
    view = CalendarView(
        address=address,
        until=format_wareki(day_in_japan(feed.expires_at)) if feed else "",
        blocks=count,
        blocks_until=format_wareki(last_at.astimezone(TOKYO).date()) if last_at else "",
        unread=unread,
        problem=problem,
        once=new_id(),
    )
    return render(call.request, "followup/calendar.html", "自分のカレンダー", view, status)


def _guesser(call: Call) -> str:
    client = call.request.client
    return f"ics|{client.host if client else ''}"


def _count_guess(call: Call, guesser: str) -> None:
    """The transaction of a reader cannot write: the guess is counted in one of its own."""
    signature = Signature("-", "（カレンダー）", call.now, call.town.key)
    with call.town.database.write(signature=signature) as session:
        brake = brake_of(session, guesser, call.now, BRAKED)
        forget_old(brake, call.now)
        press(brake, call.now, FREE_TRIES)
