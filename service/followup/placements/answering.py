"""What a host answers to a question without a name; no more than its own pages need is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.followup.placements.ladder import Ladder, Side
from service.followup.placements.ladders import current_ladder, ladder_at
from service.followup.placements.models import (
    ANSWERED,
    ANSWERS,
    ASKED_HOST,
    CONDITIONAL,
    NO,
    OPEN,
    VOID,
    Sounding,
    StallQuestion,
)
from service.kernel.errors import DomainError, NotFound


@dataclass(frozen=True)
class Answer:
    """可, 条件付き or 難しい, with what it is tied to or why not."""

    answer: str
    conditions: str = ""
    reason: str = ""


def answer_by_host(
    session: Session, host_id: str, sounding_id: str, version: int, answer: Answer, by: str, now: datetime
) -> Sounding:
    """A host's own answer to its own question; another host's question does not exist for it.

    Raises NotFound, Conflict when the question moved meanwhile, DomainError when it was taken back or answered.
    """
    query = select(Sounding).where(Sounding.id == sounding_id, Sounding.host_id == host_id).with_for_update()
    sounding = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if sounding is None:
        raise NotFound()
    if sounding.state == VOID:
        raise DomainError(
            "この問い合わせは、取り下げになりました。", "お返事は要りません。ありがとうございました。", "void", 409
        )
    if sounding.state != OPEN:
        raise DomainError(
            "この問い合わせには、もうお返事をいただいています。", "変えたいときは、電話でお知らせください。", "answered", 409
        )
    sounding.expect(version)
    write_answer(sounding, answer, ladder_of_question(session, sounding), by, now)
    close_host_question(session, sounding)
    return sounding


def write_answer(sounding: Sounding, answer: Answer, ladder: Ladder, by: str, now: datetime) -> Sounding:
    """Keep an answer; the next step is the coordinator's."""
    if answer.answer not in ANSWERS:
        raise DomainError("返事が選ばれていません。", "可・条件付き・難しいから選んでください。", "answer", 422)
    if answer.answer == CONDITIONAL and not answer.conditions.strip():
        raise DomainError("条件が入っていません。", "どんな条件なら受けられるかを入れてください。", "conditions", 422)
    if answer.answer == NO and answer.reason not in {each.key for each in ladder.reasons_of(Side.HOST)}:
        raise DomainError("難しい理由が選ばれていません。", "近いものを一つ選んでください。", "reason", 422)
    sounding.state, sounding.answer = ANSWERED, answer.answer
    sounding.conditions, sounding.reason = answer.conditions.strip(), answer.reason if answer.answer == NO else ""
    sounding.answered_at, sounding.answered_by = now, by
    return sounding


def close_host_question(session: Session, sounding: Sounding) -> None:
    """The host has answered what it was asked; that answers whether it still stands as well."""
    if not sounding.placement_id:
        return
    query = select(StallQuestion).where(
        StallQuestion.placement_id == sounding.placement_id,
        StallQuestion.asked_of == ASKED_HOST,
        StallQuestion.answered_at.is_(None),
    )
    for question in session.scalars(query):
        question.answer, question.answered_at, question.answered_by = ANSWERED, sounding.answered_at, sounding.answered_by


def ladder_of_question(session: Session, sounding: Sounding) -> Ladder:
    """The one its placement began under; on the hosts' own network, where there is none, the one they are shown."""
    placement = session.get(Placement, sounding.placement_id) if sounding.placement_id else None
    return ladder_at(session, placement.ladder_version) if placement else current_ladder(session)
