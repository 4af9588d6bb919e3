"""The plans of a case, newest first."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.cases.plans.models import Plan

DRAFT, IN_REVIEW, AGREED, ACTIVE, ENDED = "draft", "in_review", "agreed", "active", "ended"


def plans_of(session: Session, case_id: str) -> list[Plan]:
    """Every plan of a case the filter has given, with goals and tasks, newest first."""
    query = select(Plan).where(Plan.case_id == case_id).options(selectinload(Plan.goals), selectinload(Plan.tasks))
    return list(session.scalars(query.order_by(Plan.made_at.desc(), Plan.seq.desc(), Plan.id)))


def newest_plan(session: Session, case_id: str) -> Plan | None:
    """The plan that is being worked on or holds: the newest that has not ended."""
    return next((plan for plan in plans_of(session, case_id) if plan.status != ENDED), None)
