"""What a meeting should speak about: cases that wait for it, reviews coming due, what is stuck, and what is missing in town."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import cases_in_process
from service.cases.course.flow import LABELS, Status
from service.cases.course.moving import last_moves
from service.cases.models import SupportCase
from service.followup.tasks.models import OPEN, FollowUp
from service.kernel.dates import format_wareki_short
from service.meetings.reading import InHand
from service.meetings.rules import JUSO, SUPPORT
from service.resources.models import ResourceGap
from service.resources.town_words import town_settings
from service.web.actor import Actor, Town

MOST_GAPS: Final = 10


@dataclass(frozen=True)
class Proposal:
    """One item the agenda could have, and why."""

    purpose: str
    title: str
    why: str
    case_number: str = ""
    gap_id: str = ""


def proposals_for(session: Session, town: Town, actor: Actor, hand: InHand, today: date) -> list[Proposal]:
    """Everything due for this kind of meeting that is not on its agenda yet; what was decided is somebody's own choice."""
    cases, gaps = {item.case_id for item in hand.items}, {item.gap_id for item in hand.items}
    until = today + timedelta(days=town_settings(session).number("agenda_days"))
    visible = {case.id: case for case in session.scalars(cases_in_process(town, actor)) if case.id not in cases}
    found: dict[tuple[str, str], Proposal] = {}
    if hand.meeting.kind == JUSO:
        for each in (*_waiting(session, visible), *_reviews(session, visible, until), *_stuck(session, visible)):
            found.setdefault((each.case_number, ""), each)
    if hand.meeting.kind == SUPPORT:
        for each in _without_consent(visible, until):
            found.setdefault((each.case_number, ""), each)
    for each in _gaps(session, gaps):
        found.setdefault(("", each.gap_id), each)
    return list(found.values())


def _waiting(session: Session, visible: dict[str, SupportCase]) -> Iterator[Proposal]:
    """Cases brought before the meeting: a plan to agree to, or one that runs and has to be looked at."""
    waiting = [case for case in visible.values() if case.status == Status.IN_REVIEW and not case.is_abuse]
    moves = last_moves(session, [case.id for case in waiting])
    for case in waiting:
        move = moves.get(case.id)
        is_new = move is None or move.facts.get("step") == "submit"
        why = f"{format_wareki_short(move.on)}に会議にかけられた" if move else LABELS[case.status]
        yield Proposal("plan" if is_new else "replan", case.number, why, case.number)


def _reviews(session: Session, visible: dict[str, SupportCase], until: date) -> Iterator[Proposal]:
    query = select(FollowUp).where(FollowUp.kind == "review_meeting", FollowUp.state.in_(OPEN), FollowUp.due_on <= until)
    for row in session.scalars(query.order_by(FollowUp.due_on, FollowUp.id)):
        if (case := visible.get(row.case_id)) is not None and not case.is_abuse:
            yield Proposal("replan", case.number, f"見直しの会議が{format_wareki_short(row.due_on)}まで", case.number)


def _stuck(session: Session, visible: dict[str, SupportCase]) -> Iterator[Proposal]:
    query = select(FollowUp.case_id).where(FollowUp.escalation > 0, FollowUp.escalation_handled_at.is_(None)).distinct()
    for case_id in session.scalars(query):
        if (case := visible.get(case_id)) is not None and not case.is_abuse:
            yield Proposal("share", case.number, "フォローアップが止まっている", case.number)


def _without_consent(visible: dict[str, SupportCase], until: date) -> Iterator[Proposal]:
    for case in sorted(visible.values(), key=lambda each: (each.review_on or date.min, each.number)):
        if case.status == Status.NO_CONSENT and (case.review_on is None or case.review_on <= until):
            day = f"{format_wareki_short(case.review_on)}に見直す" if case.review_on else "見直す日がない"
            yield Proposal("share", case.number, f"同意のない支援。{day}", case.number)


def _gaps(session: Session, on_it: set[str | None]) -> Iterator[Proposal]:
    query = select(ResourceGap).where(ResourceGap.status == "open").order_by(ResourceGap.recorded_at.desc(), ResourceGap.id)
    for gap in [each for each in session.scalars(query) if each.id not in on_it][:MOST_GAPS]:
        yield Proposal("gap", gap.summary, f"足りない資源（{gap.district or '市内'}）", gap_id=gap.id)
