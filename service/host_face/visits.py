"""A visit of ours as the host sees it: when, how long, and the buttons to agree or to offer other times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from service.accounts.roles import HOST_FACE
from service.followup.tasks.agreeing import AGREED, ASKED, MOST_OFFERS, host_agrees, host_offers, visit_at, visits_of_host
from service.followup.tasks.models import CONFIRMED, FollowUp
from service.host_face.own import Own, own_of
from service.kernel.dates import DateProblem, format_wareki, parse_date
from service.kernel.db import new_id
from service.kernel.errors import DomainError
from service.kernel.slots import SlotProblem, format_time, parse_time
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, version_of

TITLE: Final = "訪問の日時"


@dataclass(frozen=True)
class VisitCard:
    """One visit on the first page."""

    id: str
    when: str
    said: str
    waits: bool


@dataclass(frozen=True)
class VisitView:
    """One visit; `typed` are the times typed last, kept where they could not be read."""

    host_name: str
    action: str
    back: str
    when: str
    minutes: int
    state: str
    said: str
    version: int
    once: str
    typed: tuple[tuple[str, str], ...]
    problem: str


class Visits(Controller):
    """One visit to the host itself."""

    path = "/host/visits/{visit_id:str}"

    @get(perm=HOST_FACE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], visit_id: FromPath[str]) -> Response[str]:
        """When we would come, and the two answers."""
        own = own_of(call)
        row = visit_at(call.session, own.host_id, known_id(visit_id), own.today)
        return render(call.request, "host_face/visit.html", TITLE, visit_view(own, row, f"/host/visits/{row.id}"))

    @post(perm=HOST_FACE, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], visit_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the answer."""
        posted, own = Posted.read(data), own_of(call)
        row = visit_at(call.session, own.host_id, known_id(visit_id), own.today)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            answer_visit(call, own, row.id, posted)
        except DomainError as problem:
            view = visit_view(own, row, f"/host/visits/{row.id}", posted, str(problem))
            return render(call.request, "host_face/visit.html", TITLE, view, problem.status)
        return done(call.session, call.actor, posted, call.now, "/host", "host-answered")


def answer_visit(call: Call, own: Own, id_: str, posted: Posted) -> None:
    """What the form says: it suits, or other times."""
    version = version_of(posted.text("_version"))
    if posted.text("answer") == AGREED:
        host_agrees(call.session, own.host_id, id_, version, own.actor.label, call.now)
        return
    offers = [read for at in range(MOST_OFFERS) if (read := _read_offer(*_typed(posted, at)))]
    host_offers(call.session, own.host_id, id_, version, offers, call.now)


def visit_cards(session: Session, host_id: str, today: date) -> tuple[VisitCard, ...]:
    """The visits a host knows of, those that wait for its answer first."""
    cards = [
        VisitCard(row.id, _when(row), _said(row), row.host_answer == ASKED)
        for row in visits_of_host(session, host_id, today)
    ]
    return tuple(sorted(cards, key=lambda card: not card.waits))


def visit_view(
    own: Own, row: FollowUp, action: str, posted: Posted | None = None, problem: str = "", back: str = "/host"
) -> VisitView:
    """The page of one visit."""
    typed = tuple(_typed(posted, at) for at in range(MOST_OFFERS)) if posted is not None else (("", ""),) * MOST_OFFERS
    return VisitView(
        own.host_name, action, back, _when(row), row.minutes, row.state, _said(row), row.version, new_id(), typed, problem
    )


def _when(row: FollowUp) -> str:
    day = format_wareki(row.on) if row.on else ""
    return day if row.start_min is None else f"{day} {format_time(row.start_min)}から"


def _said(row: FollowUp) -> str:
    if row.state == CONFIRMED:
        return "この日時に伺います"
    return "ご都合をうかがっています" if row.host_answer == ASKED else "ほかのご都合をお預かりしました。担当者から連絡します"


def _typed(posted: Posted, at: int) -> tuple[str, str]:
    return posted.text(f"on-{at}").strip(), posted.text(f"time-{at}").strip()


def _read_offer(day: str, time: str) -> tuple[date, int] | None:
    if not day and not time:
        return None
    try:
        start_min = parse_time(time)
        if start_min is None:
            raise DomainError("時刻を読めませんでした。", "「13:30」のように入れてください。", "offers", 422)
        return parse_date(day), start_min
    except (DateProblem, SlotProblem) as problem:
        raise DomainError(problem.message, problem.remedy, "offers", 422) from problem
