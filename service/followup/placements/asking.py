"""Asking a host without a name, and writing down what it answers by telephone or by FAX."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.followup.placements.answering import Answer, close_host_question, write_answer
from service.followup.placements.gathering import take_in_hand
from service.followup.placements.ladder import Step
from service.followup.placements.models import OPEN, Sounding
from service.followup.placements.moving import Move, carry_out, revoke_about
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.kernel.outbox.posting import post
from service.resources.freshness import BY_MAIL, way_to
from service.resources.letters import ASKED, KINDS
from service.resources.models import Host
from service.web.actor import Actor, Town

MAIL: Final = (
    "{host} 様\n\nいつもありがとうございます。受け入れについて、ご相談があります。\n"
    "次のページで内容を読み、「可」「条件付き」「難しい」でお返事ください。\n\n{link}\n"
)


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


def usual_channel(session: Session, host: Host, town: Town) -> str:
    """How the host was asked the last time; before the first time, the way there is to it."""
    query = select(Sounding.channel).where(Sounding.host_id == host.id, Sounding.placement_id != "")
    return session.scalar(query.order_by(Sounding.asked_at.desc(), Sounding.id).limit(1)) or way_to(host, town)


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
    write_answer(sounding, answer, hand.ladder, by, now)
    revoke_about(session, sounding.id, now)
    close_host_question(session, sounding)
    return sounding


def open_sounding(session: Session, placement_id: str) -> Sounding | None:
    """The question of a placement that still waits for its answer."""
    query = select(Sounding).where(Sounding.placement_id == placement_id, Sounding.state == OPEN)
    return session.scalars(query.order_by(Sounding.asked_at.desc(), Sounding.id)).first()


def is_late(sounding: Sounding, today: date) -> bool:
    """Whether the answer is overdue."""
    return sounding.state == OPEN and sounding.deadline_on < today
