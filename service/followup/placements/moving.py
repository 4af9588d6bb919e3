"""Moving a placement: the table says whether there is such a step, the guards what is missing, then one write of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement, PlacementMove, PlacementSession
from service.cases.placements import SessionTime
from service.followup.placements.capacity import give_back, take_place
from service.followup.placements.gathering import CARRIED, InHand, facts_of, is_attending, take_in_hand
from service.followup.placements.guards import missing_for
from service.followup.placements.ladder import ENDINGS, FINAL, UPWARD, Side, Step
from service.followup.placements.models import OPEN, VOID, Sounding
from service.followup.rhythms.keeping import cancel_open, keep_placement
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, Refused
from service.kernel.outbox.messages import CANCELLED, WAITING, OutboxMessage
from service.resources.doors import HostLink
from service.web.actor import Actor, Town


@dataclass(frozen=True)
class Move:
    """A step as somebody asks for it.

    `facts` is what the step asks to be recorded; `times` replaces the days agreed; `reason` is a reason to decline
    or an ending; `side` says who declined; `was_hard` lets the host rest after an ending.
    """

    to: str
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    times: tuple[SessionTime, ...] | None = None
    on: date | None = None
    reason: str = ""
    side: str = ""
    was_hard: bool = False


class StepRefused(Refused):
    """A step whose guards are not met, with everything that is missing."""

    area = "step"

    @property
    def is_full(self) -> bool:
        """Whether somebody else was first: what else fits is then of use."""
        return any(each.code == "no-room" for each in self.missing)


def move_placement(
    session: Session, town: Town, actor: Actor, placement_id: str, version: int, move: Move, now: datetime
) -> Placement:
    """One step along the ladder, in one transaction with the look that allows it.

    Raises NotFound, Conflict when it moved meanwhile, StepRefused with all that is missing, or DomainError for a step
    that there is not from here.
    """
    # What is left over when a case ends can still be put to its own end.
    hand = take_in_hand(session, town, actor, placement_id, although_over=move.to in FINAL)
    hand.placement.expect(version)
    return carry_out(session, actor.label, hand, move, now)


def carry_out(session: Session, by: str, hand: InHand, move: Move, now: datetime) -> Placement:
    """The step itself, for a placement already in hand."""
    today = day_in_japan(now)
    check_table(hand, move)
    set_times(hand.placement, move.times)
    recorded = {**_ticked_before(session, hand.placement), **move.facts}
    if missing := missing_for(move.to, facts_of(session, hand, move.to, recorded, today), hand.ladder):
        raise StepRefused(missing)
    _keep_room(hand, move.to)
    before = hand.placement.step
    _write(hand, move, move.on or today, today)
    if move.to in FINAL:
        void_soundings(session, hand.placement.id, by, now)
        cancel_about(session, hand.placement.id, by, now)
    move_row = PlacementMove(
        placement_id=hand.placement.id, at=now, by=by, from_step=before, to_step=move.to,
        label=hand.ladder.label(move.to), note=move.note, facts=dict(move.facts),
    )  # fmt: skip
    session.add(move_row)
    session.flush()
    _follow(session, hand, move, now)
    return hand.placement


def _follow(session: Session, hand: InHand, move: Move, now: datetime) -> None:
    """What is to be done for the tie from here on."""
    if move.to in FINAL:
        said = ENDINGS[move.reason] if move.to == Step.ENDED else hand.ladder.label(Step.DECLINED)
        cancel_open(session, said, now, placement_id=hand.placement.id)
    else:
        keep_placement(session, hand.placement, now)


def check_table(hand: InHand, move: Move) -> None:
    """Whether there is such a step from here, and whether it comes with the word it asks for."""
    step, ladder = hand.placement.step, hand.ladder
    if move.to not in ladder.moves_from(step, hand.placement.before_hold):
        raise DomainError(
            f"いまの段（{ladder.label(step)}）から、その段には進めません。",
            "画面を開き直して、いまの段を確かめてください。", "no-such-step", 409,
        )  # fmt: skip
    if ladder.needs_note(step, move.to) and not move.note.strip():
        skipped = "・".join(ladder.label(each) for each in ladder.skipped(step, move.to))
        said = f"{skipped}をとばすときは、" if skipped else "この段に移すときは、"
        raise DomainError(f"{said}わけを一言添えてください。", "「ひとこと」に入れて、もう一度押してください。", "note", 422)
    if move.to in FINAL:
        _check_reason(hand, move)


def _check_reason(hand: InHand, move: Move) -> None:
    if move.to == Step.ENDED:
        if move.reason not in ENDINGS:
            raise DomainError("終わり方が選ばれていません。", "終結・次の場所へ・中断から選んでください。", "reason", 422)
        return
    reason = hand.ladder.decline(move.reason)
    if reason is None or move.side not in set(Side) or reason.side != move.side:
        raise DomainError(
            "見送りの理由が選ばれていません。", "だれが見送ったかと、その理由を選んでください。", "reason", 422
        )
    if reason.needs_note and not move.note.strip():
        raise DomainError(f"「{reason.label}」には、説明が要ります。", "「ひとこと」に入れてください。", "note", 422)


def set_times(placement: Placement, times: tuple[SessionTime, ...] | None) -> None:
    """The days and hours agreed, where the move says new ones."""
    if times is not None and not is_attending(placement.step, placement.before_hold):
        placement.sessions = [PlacementSession(**vars(each)) for each in times]


def times_of(placement: Placement) -> tuple[SessionTime, ...]:
    """The days and hours of a placement."""
    return tuple(SessionTime(each.weekday, each.start_min, each.end_min, each.half) for each in placement.sessions)


def void_soundings(session: Session, placement_id: str, by: str, now: datetime) -> None:
    """Questions still open with the host need no answer any more."""
    query = select(Sounding).where(Sounding.placement_id == placement_id, Sounding.state == OPEN)
    for sounding in session.scalars(query):
        sounding.state, sounding.answered_at, sounding.answered_by = VOID, now, by
        revoke_about(session, sounding.id, now)


def cancel_about(session: Session, about_id: str, by: str, now: datetime) -> None:
    """Messages about it that have not left yet, and links that lead to it."""
    waiting = select(OutboxMessage).where(OutboxMessage.about_id == about_id, OutboxMessage.state == WAITING)
    for message in session.scalars(waiting):
        message.state, message.ended_by = CANCELLED, by
    revoke_about(session, about_id, now)


def revoke_about(session: Session, about_id: str, now: datetime) -> None:
    """Links that lead to it open nothing any more."""
    for link in session.scalars(select(HostLink).where(HostLink.about_id == about_id, HostLink.revoked_at.is_(None))):
        link.revoked_at = now


def _ticked_before(session: Session, placement: Placement) -> dict[str, Any]:
    """What earlier steps have made sure of already."""
    query = select(PlacementMove.facts).where(PlacementMove.placement_id == placement.id).order_by(PlacementMove.at)
    return {name: True for facts in session.scalars(query) for name in CARRIED if facts.get(name)}


def _keep_room(hand: InHand, to: str) -> None:
    """A place is taken off the free ones at 利用開始 and given back at the end; resting keeps it."""
    placement = hand.placement
    had, has = is_attending(placement.step, placement.before_hold), _will_attend(placement, to)
    if has and not had:
        take_place(hand.opening, times_of(placement))
    elif had and not has:
        give_back(hand.opening, times_of(placement))


def _will_attend(placement: Placement, to: str) -> bool:
    return is_attending(to, placement.step) if to == Step.ON_HOLD else is_attending(to, "")


def _write(hand: InHand, move: Move, on: date, today: date) -> None:
    placement, ladder = hand.placement, hand.ladder
    placement.before_hold = placement.step if move.to == Step.ON_HOLD else ""
    placement.step, placement.since = move.to, on
    placement.deadline_on = ladder.deadline(move.to, today)
    placement.reserved_until = ladder.reserved_until(move.to, today)
    if move.to == Step.STARTED:
        placement.started_on = on
    if move.to in UPWARD or move.to == Step.ON_HOLD:
        return
    placement.closing, placement.closed_by = move.reason, move.side
    if move.to == Step.ENDED:
        placement.rests_until = ladder.hard_rest(today) if move.was_hard else None
    elif reason := ladder.decline(move.reason):
        placement.rests_until = reason.rests_until(today)
        placement.until_reassessed = reason.waits_for_reassessment
