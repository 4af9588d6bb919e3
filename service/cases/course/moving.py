"""Moving a case: the table says whether there is such a step, the guards what is missing, then one write with its entry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.roles import SECRETARIAT
from service.cases.consent import PLAN, SERVICE, has_guardian, needs_guardian, state_of
from service.cases.course.flow import LABELS, CaseStep, Status, missing_for, step_of
from service.cases.course.guards import CaseFacts
from service.cases.course.log import DECISION, MOVE, Entry, last_decision, write
from service.cases.course.models import ProgressNote
from service.cases.feedback.owing import OWED, Told, owe_referrers
from service.cases.models import Consent, Need, Person, SupportCase
from service.cases.plans.drafting import end_plans, follow_the_case
from service.cases.plans.reading import newest_plan
from service.cases.referrals.models import Referral, Screening
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError, Forbidden, Missing, Refused
from service.resources.town_words import town_settings
from service.resources.vocabulary import current_vocabulary
from service.web.actor import Actor

LEFT_WITHOUT_CONSENT: Final[Mapping[str, str]] = {"stop_without": "suspended", "end_without": "closing"}
"""What the つなぎ元 hears of, by the step that left the way without consent."""


@dataclass(frozen=True)
class CaseMove:
    """A step as somebody asks for it; `facts` is what it asks to be recorded."""

    key: str
    reason: str = ""
    note: str = ""
    review_on: date | None = None
    body: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class StepRefused(Refused):
    """A step of a case whose guards are not met, with everything that is missing."""

    area = "case"


def move_case(
    session: Session, actor: Actor, case: SupportCase, principal: Person, version: int, move: CaseMove, now: datetime
) -> ProgressNote:
    """One step of a case that its filter has given, in one transaction with the look that allows it.

    Raises Conflict when it moved meanwhile, Forbidden for a step that is another role's, StepRefused with all that is
    missing, or DomainError for a step that there is not from here.
    """
    case.expect(version)
    step = _known(case, move.key)
    if not step.who & actor.roles:
        raise Forbidden()
    today = day_in_japan(now)
    if missing := (
        *_left_to_office(session, actor, step),
        *missing_for(step, facts_of(session, case, principal, move, today)),
    ):
        raise StepRefused(missing)
    before = case.status
    case.status, case.review_on = step.after.value, move.review_on
    if move.body:
        case.body = move.body
    if step.after is Status.SUPPORTING and case.plan_start_on is None:
        case.plan_start_on = today
    if step.after is Status.CLOSED:
        case.closed_on = today
        end_plans(session, case, "closed", today)
    follow_the_case(session, case, step.key, today)
    session.flush()
    said = "　".join(filter(None, (step.label, move.note.strip())))
    facts = {"step": step.key, "reason": move.reason, **move.facts}
    entry = Entry(today, said, MOVE, from_status=before, to_status=step.after.value, facts=facts, person_id=principal.id)
    row = write(session, actor, case, entry, now)
    if step.key in LEFT_WITHOUT_CONSENT:
        # No meeting and no closing has told the つなぎ元 yet.
        owe_referrers(session, actor, case, LEFT_WITHOUT_CONSENT[step.key], row.id, Told(OWED), now)
    return row


def _left_to_office(session: Session, actor: Actor, step: CaseStep) -> Iterator[Missing]:
    """Where a town has its 事務局 alone decide whose case it is, nobody else does."""
    by_office = town_settings(session).word("screening_by") == SECRETARIAT
    if by_office and Status.SCREENING in step.before and SECRETARIAT not in actor.roles:
        yield Missing("office", "この市では、該当判断は事務局がします。", "事務局に、判断を頼んでください。")


def _known(case: SupportCase, key: str) -> CaseStep:
    step = step_of(key, case.status)
    if step is None:
        raise DomainError(
            f"いまの段階（{LABELS[case.status]}）から、その段階には進めません。",
            "画面を開き直して、いまの段階を確かめてください。", "no-such-step", 409,
        )  # fmt: skip
    return step


def facts_of(session: Session, case: SupportCase, principal: Person, move: CaseMove, today: date) -> CaseFacts:
    """What the guards may know of a case the filter has given, as of now."""
    consents = session.scalars(select(Consent).where(Consent.person_id == principal.id)).all()
    screened = _last_screening(session, case.id)
    decision = last_decision(session, case.id) if case.status == Status.IN_REVIEW else None
    plan = newest_plan(session, case.id)
    return CaseFacts(
        today=today,
        is_acknowledged=_is_acknowledged(session, case.id),
        meets_criteria=screened is not None and _meets(screened),
        has_override=bool(screened and screened.override_reason),
        has_service_consent=state_of(consents, today, SERVICE) == "given",
        is_minor=needs_guardian(principal, today),
        has_guardian=has_guardian(consents, today),
        has_plan_consent=state_of([each for each in consents if _is_after(each, decision)], today, PLAN) == "given",
        core_left=_core_left(session, principal),
        has_goal=plan is not None and bool(plan.goals),
        has_tasks=plan is not None and bool(plan.tasks),
        tasks_without_agency=sum(not task.agency.strip() for task in plan.tasks) if plan else 0,
        lead_agency=case.lead_agency,
        decision=decision.facts.get("decision", "") if decision else "",
        decision_by_juso=bool(decision and decision.facts.get("by") == "juso"),
        municipal_attended=bool(decision and decision.facts.get("municipal")),
        review_on=move.review_on,
        review_days=town_settings(session).number("review_days"),
        reason=move.reason,
        note=move.note,
    )


def note_decision(
    session: Session, actor: Actor, case: SupportCase, decision: str, said: str, facts: Mapping[str, Any], now: datetime
) -> ProgressNote:
    """What a meeting decided about a case, as the course reads it: `facts` says whose meeting (`by`) and who sat in it."""
    entry = Entry(day_in_japan(now), said, DECISION, method="meeting", facts={**facts, "decision": decision})
    return write(session, actor, case, entry, now)


def last_moves(session: Session, cases: Collection[str]) -> dict[str, ProgressNote]:
    """The last step of each of these cases, which the filter has given."""
    query = select(ProgressNote).where(ProgressNote.case_id.in_(cases), ProgressNote.kind == MOVE)
    rows = session.scalars(query.order_by(ProgressNote.recorded_at, ProgressNote.id.desc()))
    return {row.case_id: row for row in rows}


def _is_after(consent: Consent, decision: ProgressNote | None) -> bool:
    """At each replan the plan is agreed to anew: what was said before the meeting does not count."""
    return decision is None or consent.recorded_at > decision.recorded_at


def _last_screening(session: Session, case_id: str) -> Screening | None:
    query = select(Screening).where(Screening.case_id == case_id).order_by(Screening.at.desc()).limit(1)
    return session.scalars(query).first()


def _meets(screened: Screening) -> bool:
    return (screened.is_complex or screened.is_between or screened.wants_resource) and screened.is_tried


def _is_acknowledged(session: Session, case_id: str) -> bool:
    """Whether the referrer of a case has heard of its arrival; a case that came without a sheet has nobody to tell."""
    query = select(Referral.acknowledged_on).where(Referral.case_id == case_id, Referral.withdrawn_on.is_(None))
    days = session.scalars(query).all()
    return all(days)


def _core_left(session: Session, principal: Person) -> int:
    core = {attribute.key for attribute in current_vocabulary(session).core}
    given = set(session.scalars(select(Need.attribute).where(Need.person_id == principal.id)))
    return len(core - given)
