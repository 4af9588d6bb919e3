"""A question without a name, and its answer: 可, 条件付き or 難しい."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.roles import HOST_FACE
from service.followup.placements.answering import Answer, answer_by_host, ladder_of_question
from service.followup.placements.ladder import Side
from service.followup.placements.models import ANSWERED, ANSWERS, VOID, Sounding
from service.host_face.own import Own, own_of
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.resources.sending import done, sent_before
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import FromPath, known_id, typed_text, version_of

LONGEST = 500
TITLE = "お問い合わせ"
NO_ANSWER = "no_answer"
"""What staff write down after waiting in vain; nobody answers so."""


@dataclass(frozen=True)
class SoundingView:
    """One question: the very words, the three answers, or what became of it."""

    host_name: str
    action: str
    back: str
    state: str
    text: str
    deadline: str
    said: str
    reasons: tuple[tuple[str, str], ...]
    version: int
    once: str
    conditions: str
    problem: str


class Soundings(Controller):
    """One question to the host itself."""

    path = "/host/soundings/{sounding_id:str}"

    @get(perm=HOST_FACE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call], sounding_id: FromPath[str]) -> Response[str]:
        """The question and the three answers."""
        own = own_of(call)
        sounding = own_sounding(call.session, own.host_id, known_id(sounding_id))
        return render(
            call.request, "host_face/sounding.html", TITLE, sounding_view(call.session, own, sounding, _at(sounding))
        )

    @post(perm=HOST_FACE, sync_to_thread=True)
    def answer(self, call: NamedDependency[Call], sounding_id: FromPath[str], data: FormBody) -> Response[Any]:
        """Keep the answer; nothing is begun by it."""
        posted, own = Posted.read(data), own_of(call)
        sounding = own_sounding(call.session, own.host_id, known_id(sounding_id))
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        try:
            give_answer(call, own, sounding.id, posted)
        except DomainError as problem:
            view = sounding_view(call.session, own, sounding, _at(sounding), posted, str(problem))
            return render(call.request, "host_face/sounding.html", TITLE, view, problem.status)
        return done(call.session, call.actor, posted, call.now, "/host", "host-answered")


def own_sounding(session: Session, host_id: str, sounding_id: str) -> Sounding:
    """A question to this host; another host's does not exist."""
    query = select(Sounding).where(Sounding.id == sounding_id, Sounding.host_id == host_id)
    sounding = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if sounding is None:
        raise NotFound()
    return sounding


def give_answer(call: Call, own: Own, sounding_id: str, posted: Posted) -> None:
    """What the form says, kept by the verb of the ladder."""
    answer = Answer(
        posted.text("answer"), typed_text(posted.text("conditions"), LONGEST), typed_text(posted.text("reason"), 100)
    )
    answer_by_host(
        call.session, own.host_id, sounding_id, version_of(posted.text("_version")), answer, own.actor.label, call.now
    )


def sounding_view(
    session: Session, own: Own, sounding: Sounding, action: str, posted: Posted | None = None, problem: str = "", back: str = "/host"
) -> SoundingView:  # fmt: skip
    """The page of a question; of one that was taken back nothing is told any more."""
    is_void = sounding.state == VOID
    reasons = {each.key: each.label for each in ladder_of_question(session, sounding).reasons_of(Side.HOST)}
    said = f"{ANSWERS[sounding.answer]}　{reasons.get(sounding.reason, '')}" if sounding.state == ANSWERED else ""
    return SoundingView(
        own.host_name, action, back, sounding.state, "" if is_void else sounding.text,
        "" if is_void else format_wareki(sounding.deadline_on), said, tuple(each for each in reasons.items() if each[0] != NO_ANSWER), sounding.version, new_id(),
        posted.text("conditions") if posted is not None else "", problem,
    )  # fmt: skip


def _at(sounding: Sounding) -> str:
    return f"/host/soundings/{sounding.id}"
