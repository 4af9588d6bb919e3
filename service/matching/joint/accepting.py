"""Accepting a proposal: looked at again as of now, then a candidate — or a clear word on what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.cases.placements import CANDIDATE, Entry, lock_for_placing, place_candidate
from service.kernel.clock import day_in_japan
from service.kernel.dates import say_instant
from service.kernel.errors import DomainError
from service.matching.joint.lines import line_in_hand
from service.matching.joint.models import JointLine, JointRun
from service.matching.joint.present import Proposal, look_again
from service.matching.joint.stored import ask_of, times_of
from service.web.actor import Actor, Town

FROM_RUN = "合同照合の案から"
RUN_AGAIN = "計算し直すか、ほかの所を選んでください。"


@dataclass(frozen=True)
class Accepted:
    """A candidate, and what has changed since the run without standing in the way, in words."""

    line: JointLine
    placement: Placement
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of one of several lines: accepted, or refused with the reason."""

    line_id: str
    accepted: Accepted | None = None
    refusal: DomainError | None = None


def accept_line(session: Session, town: Town, actor: Actor, line_id: str, now: datetime) -> Accepted:
    """Make a proposal a candidate, in one transaction with the look that allows it.

    The opening is locked first: of two people for its last place, the second is told that it has gone.
    """
    run, line = line_in_hand(session, town, actor, line_id)
    refuse_settled(line)
    lock_for_placing(session, line.person_id, line.opening_id)
    today = day_in_japan(now)
    changes = check_still_possible(session, town, actor, line, run, today)
    placement = place_candidate(
        session, line.person_id, line.opening_id, times_of(line.sessions),
        since=today, recorded_by=actor.label, origin=line.id, entry=Entry(now, FROM_RUN),
    )  # fmt: skip
    line.accepted_at, line.accepted_by, line.placement_id = now, actor.label, placement.id
    line.declined_at, line.declined_by, line.override, line.override_note = None, "", "", ""
    return Accepted(line, placement, changes)


def accept_lines(session: Session, town: Town, actor: Actor, line_ids: Sequence[str], now: datetime) -> tuple[Outcome, ...]:
    """Several lines, one after the other; each sees those accepted before it, and a refused one stops no other."""
    return tuple(_try(session, town, actor, line_id, now) for line_id in dict.fromkeys(line_ids))


def take_back(session: Session, town: Town, actor: Actor, line_id: str, now: datetime) -> JointLine:
    """Undo an acceptance while the placement is still no more than a candidate."""
    _, line = line_in_hand(session, town, actor, line_id)
    placement = session.get(Placement, line.placement_id) if line.placement_id else None
    if placement is None or placement.step != CANDIDATE:
        raise DomainError(
            "この行は、いま候補ではありません。",
            "打診から先に進んでいるときは、その画面で見送りにしてください。",
            "not-candidate",
            409,
        )
    placement.step, placement.since, placement.reason = "declined", day_in_japan(now), "取り消し"
    line.accepted_at, line.accepted_by, line.placement_id = None, "", None
    return line


def check_still_possible(
    session: Session, town: Town, actor: Actor, line: JointLine, run: JointRun, today: date
) -> tuple[str, ...]:
    """What has changed since the run; DomainError when it stands in the way."""
    proposal = Proposal(
        line.person_id, line.opening_id, times_of(line.sessions), line.asks or ask_of(run).settings.include_ask
    )
    now = look_again(session, town, actor, proposal, today)
    if now.refusals:
        raise DomainError(
            f"計算のあとで状況が変わったため、決められませんでした。{'。'.join(now.refusals)}。",
            RUN_AGAIN,
            "joint-changed",
            409,
        )
    return tuple(now.changes(free=line.free, points=line.points, minutes=line.minutes, asks=line.asks))


def refuse_settled(line: JointLine) -> None:
    """A line is accepted once."""
    if line.accepted_at is not None:
        raise DomainError(
            f"この行は、{say_instant(line.accepted_at)}に{line.accepted_by}が候補に決めています。",
            "画面を開き直して、いまの状態を確かめてください。", "line-accepted", 409,
        )  # fmt: skip


def _try(session: Session, town: Town, actor: Actor, line_id: str, now: datetime) -> Outcome:
    try:
        return Outcome(line_id, accepted=accept_line(session, town, actor, line_id, now))
    except DomainError as refusal:
        return Outcome(line_id, refusal=refusal)
