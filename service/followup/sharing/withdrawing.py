"""Taking consent back: effective at once, in one write with everything that must stop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.cases.models import Person, Placement
from service.cases.placements import LIVE
from service.cases.sharing import record_share
from service.followup.placements.gathering import take_in_hand
from service.followup.placements.ladder import FINAL, UPWARD, Side, Step
from service.followup.placements.moving import Move, cancel_about, carry_out, void_soundings
from service.followup.rhythms.keeping import WITHDRAWN, cancel_open
from service.followup.rhythms.rule import AT_HOST
from service.kernel.clock import day_in_japan
from service.resources.models import Opening
from service.web.actor import Actor, Town

BEFORE_VISIT = frozenset(UPWARD[:3])


def withdraw_share(
    session: Session,
    town: Town,
    actor: Actor,
    person: Person,
    host_id: str,
    reason: str,
    now: datetime,
    *,
    given_by: str = "本人",
) -> None:
    """This host learns nothing more from now on: placements there rest, questions are void, messages do not leave."""
    record_share(
        session, actor, person, host_id, "withdrawn", now,
        decided_on=day_in_japan(now), method="oral", given_by=given_by, reason=reason,
    )  # fmt: skip
    placements = _live(session, person.id, host_id)
    stop_at(session, town, actor, placements, now, ends=False)
    for placement in placements:
        cancel_open(session, WITHDRAWN, now, placement_id=placement.id, only=AT_HOST)


def withdraw_service(session: Session, town: Town, actor: Actor, person: Person, now: datetime) -> None:
    """After the application was taken back: everything on its way stops, at every host."""
    stop_at(session, town, actor, _live(session, person.id), now, ends=True)
    cancel_open(session, WITHDRAWN, now, person_id=person.id)


def withdraw_plan(session: Session, town: Town, actor: Actor, person: Person, now: datetime) -> None:
    """After the plan alone was taken back: what is under way rests, nothing more is asked or planned until it is agreed again."""
    stop_at(session, town, actor, _live(session, person.id), now, ends=False)
    cancel_open(session, WITHDRAWN, now, person_id=person.id)


def stop_at(
    session: Session, town: Town, actor: Actor, placements: Iterable[Placement], now: datetime, *, ends: bool
) -> None:
    """Each of these rests (or, not yet known to the host, is declined); what was on its way about it is stopped."""
    for placement in placements:
        hand = take_in_hand(session, town, actor, placement.id, although_over=True)
        move = _stopping(hand.placement.step, ends=ends)
        if move is None or move.to not in FINAL:
            # A last step does both of itself.
            void_soundings(session, placement.id, actor.label, now)
            cancel_about(session, placement.id, actor.label, now)
        if move is not None:
            carry_out(session, actor.label, hand, move, now)


def _stopping(step: str, *, ends: bool) -> Move | None:
    """Where it goes when consent is taken back; None = it stays where it is."""
    if ends and step in BEFORE_VISIT:
        return Move(Step.DECLINED, WITHDRAWN, reason="consent_withdrawn", side=Side.COORDINATOR)
    if step == Step.ON_HOLD or step in BEFORE_VISIT:
        return None
    return Move(Step.ON_HOLD, WITHDRAWN)


def _live(session: Session, person_id: str, host_id: str | None = None) -> list[Placement]:
    query = (
        select(Placement)
        .join(Opening, Placement.opening_id == Opening.id)
        .where(Placement.person_id == person_id, Placement.step.in_(LIVE))
        .options(selectinload(Placement.sessions))
        .order_by(Placement.id)
    )
    return list(session.scalars(query if host_id is None else query.where(Opening.host_id == host_id)))
