"""Asking a host without a name, and what it answers — by telephone, by FAX, or itself from its own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.followup.placements.gathering import take_in_hand
from service.followup.placements.ladder import Ladder, Side, Step
from service.followup.placements.ladders import ladder_at
from service.followup.placements.models import ANSWERED, ANSWERS, CONDITIONAL, NO, OPEN, VOID, Sounding
from service.followup.placements.moving import Move, carry_out
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, NotFound
from service.kernel.outbox.posting import post
from service.resources.freshness import BY_MAIL, way_to
from service.resources.letters import ASKED, KINDS
from service.resources.models import Host
from service.web.actor import Actor, Town

MAIL: Final = (
    "{host} 様\n\nいつもありがとうございます。受け入れについて、ご相談があります。\n"
    "次のページで内容を読み、「可」「条件付き」「難しい」でお返事ください。\n\n{link}\n"
)


@dataclass(frozen=True)
class Answer:
    """可, 条件付き or 難しい, with what it is tied to or why not."""

    answer: str
    conditions: str = ""
    reason: str = ""


def sound_out(
    session: Session, town: Town, actor: Actor, placement_id: str, version: int, text: str, channel: str, now: datetime
) -> Sounding:
    """The step 打診: the placement moves and the host has a question, in one write; the text must be anonymous already."""
    hand = take_in_hand(session, town, actor, placement_id)
    hand.placement.expect(version)
    carry_out(session, actor.label, hand, Move(Step.SOUNDED, facts={"channel": channel}), now)
    today = day_in_japan(now)
    sounding = Sounding(
        placement_id=placement_id, host_id=hand.host.id, opening_id=hand.opening.id, text=text, channel=channel,
        asked_at=now, asked_by=actor.label, deadline_on=hand.ladder.deadline(Step.SOUNDED, today) or today,
    )  # fmt: skip
    session.add(sounding)
    session.flush()
    if channel == BY_MAIL:
        tell_host(session, town, sounding, hand.host, actor.label, now)
    return sounding


def tell_host(session: Session, town: Town, sounding: Sounding, host: Host, by: str, now: datetime) -> None:
    """Put the message down that there is a question; the question itself stands behind the link, not in the mail."""
    post(
        session, key=f"{ASKED}:{sounding.id}", kind=ASKED, to_type="host", to_id=host.id, subject=KINDS[ASKED],
        body=MAIL.replace("{host}", host.name), by=by, now=now, about_id=sounding.placement_id,
        by_machine=way_to(host, town) == BY_MAIL,
    )  # fmt: skip


def answer_by_staff(
    session: Session, town: Town, actor: Actor, placement_id: str, answer: Answer, answered_by: str, now: datetime
) -> Sounding:
    """What the host said on the telephone or by FAX, written down by whoever heard it."""
    hand = take_in_hand(session, town, actor, placement_id)
    sounding = open_sounding(session, placement_id)
    if sounding is None:
        raise DomainError(
            "返事を待っている打診がありません。", "先に打診してから、返事を記録してください。", "no-sounding", 409
        )
    by = f"{answered_by}（{actor.label}）" if answered_by else actor.label
    return write_answer(sounding, answer, hand.ladder, by, now)


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
    return write_answer(sounding, answer, _ladder_of(session, sounding), by, now)


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


def open_sounding(session: Session, placement_id: str) -> Sounding | None:
    """The question of a placement that still waits for its answer."""
    query = select(Sounding).where(Sounding.placement_id == placement_id, Sounding.state == OPEN)
    return session.scalars(query.order_by(Sounding.asked_at.desc(), Sounding.id)).first()


def is_late(sounding: Sounding, today: date) -> bool:
    """Whether the answer is overdue."""
    return sounding.state == OPEN and sounding.deadline_on < today


def _ladder_of(session: Session, sounding: Sounding) -> Ladder:
    placement = session.get(Placement, sounding.placement_id) if sounding.placement_id else None
    return ladder_at(session, placement.ladder_version if placement else 0)
