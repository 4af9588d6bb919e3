"""Showing a place to the person, and what the person says; 「今はやめておく」 is an answer like any other."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.followup.placements.gathering import InHand, take_in_hand
from service.followup.placements.ladder import Side, Step
from service.followup.placements.models import Offer
from service.followup.placements.moving import Move, carry_out
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.web.actor import Actor, Town

WANT: Final = "want"
NOT_NOW: Final = "not_now"
REFUSE: Final = "no"
SAID: Final = {WANT: "行ってみたい", NOT_NOW: "今はやめておく", REFUSE: "ここは合わない"}


def show_offer(
    session: Session, town: Town, actor: Actor, placement_id: str, version: int, now: datetime, note: str = ""
) -> Offer:
    """本人に提示: from here on a place is held for the person."""
    hand = take_in_hand(session, town, actor, placement_id)
    hand.placement.expect(version)
    carry_out(session, actor.label, hand, Move(Step.OFFERED, note), now)
    offer = Offer(placement_id=placement_id, shown_on=day_in_japan(now), shown_by=actor.label)
    session.add(offer)
    session.flush()
    return offer


def answer_offer(
    session: Session, town: Town, actor: Actor, placement_id: str, version: int, said: str, words: str, reason: str, now: datetime,
    on: date | None = None,
) -> Placement:  # fmt: skip
    """What the person says, in their own words. 行ってみたい is not yet a start; the others let the place go."""
    hand = take_in_hand(session, town, actor, placement_id)
    hand.placement.expect(version)
    offer = open_offer(session, placement_id)
    if offer is None or hand.placement.step != Step.OFFERED:
        raise DomainError(
            "返事を待っている提示がありません。", "先に本人に提示してから、返事を記録してください。", "no-offer", 409
        )
    if said not in SAID:
        raise DomainError("本人の返事が選ばれていません。", "三つの返事から選んでください。", "said", 422)
    offer.answer, offer.words, offer.answered_on = said, words.strip(), on or day_in_japan(now)
    if said == WANT:
        return hand.placement
    return carry_out(session, actor.label, hand, _declining(hand, said, reason, words), now)


def open_offer(session: Session, placement_id: str) -> Offer | None:
    """The offer of a placement that the person has not answered yet."""
    query = select(Offer).where(Offer.placement_id == placement_id, Offer.answer == "")
    return session.scalars(query.order_by(Offer.shown_on.desc(), Offer.id)).first()


def _declining(hand: InHand, said: str, reason: str, words: str) -> Move:
    if said == NOT_NOW:
        reason = NOT_NOW
    elif not reason:
        raise DomainError("合わない理由が選ばれていません。", "近いものを一つ選んでください。", "reason", 422)
    return Move(Step.DECLINED, words.strip(), reason=reason, side=Side.PERSON)
