"""Whoever stands still is asked before anybody is alarmed: 「まだ続いていますか」, first of those concerned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.models import Placement, PlacementMove
from service.cases.placements import LIVE
from service.followup.placements.gathering import take_in_hand
from service.followup.placements.ladder import Ladder, Step
from service.followup.placements.ladders import ladders
from service.followup.placements.models import ASKED_COORDINATOR, ASKED_HOST, OPEN, ContactWithBoth, Sounding, StallQuestion
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.kernel.outbox.posting import post
from service.resources.letters import ASKED, KINDS
from service.resources.models import Host
from service.web.actor import Actor, Town

AGAIN: Final = (
    "{host} 様\n\nいつもありがとうございます。先日のご相談は、まだ続いています。\n"
    "次のページで「可」「条件付き」「難しい」でお返事ください。難しいときも、お返事だけで助かります。\n\n{link}\n"
)


def is_stalled(ladder: Ladder, step: str, last: date, today: date) -> bool:
    """Whether nothing has happened for as long as the town calls a stall."""
    days = ladder.rule(step).stall_days
    return days is not None and last + timedelta(days=days) < today


def is_unanswered(ladder: Ladder, asked_on: date, today: date) -> bool:
    """Whether a question has waited so long that the supervisor should know."""
    return asked_on + timedelta(days=ladder.ask_days) < today


def ask_about_stalls(session: Session, now: datetime) -> int:
    """Ask about every placement that stands still and has no open question yet; how many were asked. Twice asks once."""
    today, known = day_in_japan(now), ladders(session)
    placements = list(session.scalars(select(Placement).where(Placement.step.in_(LIVE)).order_by(Placement.id)))
    last, asked, sounded = last_signs(session, placements), _asked_ids(session), _sounded(session)
    found = [
        each for each in placements
        if each.id not in asked and is_stalled(known[each.ladder_version], each.step, last[each.id], today)
    ]  # fmt: skip
    for each in found:
        session.add(StallQuestion(placement_id=each.id, asked_at=now, asked_of=ASKED_COORDINATOR))
        if each.step == Step.SOUNDED and each.id in sounded:
            question = StallQuestion(placement_id=each.id, asked_at=now, asked_of=ASKED_HOST)
            session.add(question)
            session.flush()
            _remind(session, question, sounded[each.id], now)
    session.flush()
    return len(found)


def answer_question(
    session: Session, town: Town, actor: Actor, placement_id: str, answer: str, note: str, now: datetime
) -> None:
    """「続いています」 with what comes next, or 「止めます」; every open question about it is answered with it."""
    take_in_hand(session, town, actor, placement_id)
    questions = open_questions(session, [placement_id]).get(placement_id, ())
    if not questions:
        raise DomainError("答えを待っている質問がありません。", "画面を開き直してください。", "no-question", 409)
    for question in questions:
        question.answer, question.note = answer, note.strip()
        question.answered_at, question.answered_by = now, actor.label


def open_questions(session: Session, ids: Iterable[str]) -> Mapping[str, Sequence[StallQuestion]]:
    """The questions that wait for an answer, by placement, the oldest first."""
    query = select(StallQuestion).where(StallQuestion.placement_id.in_(sorted(ids)), StallQuestion.answered_at.is_(None))
    found: dict[str, list[StallQuestion]] = {}
    for question in session.scalars(query.order_by(StallQuestion.asked_at, StallQuestion.id)):
        found.setdefault(question.placement_id, []).append(question)
    return found


def last_signs(session: Session, placements: Sequence[Placement]) -> dict[str, date]:
    """The last day on which anything happened with each: a step, a talk, an answer to the question."""
    ids = [each.id for each in placements]
    last = {each.id: each.since for each in placements}
    for query in (
        select(PlacementMove.placement_id, func.max(PlacementMove.at)).group_by(PlacementMove.placement_id),
        select(StallQuestion.placement_id, func.max(StallQuestion.answered_at)).group_by(StallQuestion.placement_id),
        select(ContactWithBoth.placement_id, func.max(ContactWithBoth.recorded_at)).group_by(ContactWithBoth.placement_id),
    ):
        for id_, at in session.execute(query.where(query.selected_columns[0].in_(ids))):
            if at is not None:
                last[id_] = max(last[id_], day_in_japan(at))
    return last


def _remind(session: Session, question: StallQuestion, sounding: Sounding, now: datetime) -> None:
    """Ask the host once more, by its mail or as a text to copy; the question stands behind the link, and names nobody."""
    host = session.get_one(Host, sounding.host_id)
    post(
        session, key=f"{ASKED}:again:{question.id}:{sounding.id}", kind=ASKED, to_type="host", to_id=host.id, subject=KINDS[ASKED],
        body=AGAIN.replace("{host}", host.name), by="つなぎ", now=now, about_id=sounding.placement_id, by_machine=bool(host.email),
    )  # fmt: skip


def _asked_ids(session: Session) -> set[str]:
    return set(session.scalars(select(StallQuestion.placement_id).where(StallQuestion.answered_at.is_(None))))


def _sounded(session: Session) -> dict[str, Sounding]:
    """The question that waits with a host, by placement."""
    query = select(Sounding).where(Sounding.state == OPEN).order_by(Sounding.asked_at, Sounding.id)
    return {sounding.placement_id: sounding for sounding in session.scalars(query)}
