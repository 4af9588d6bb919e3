"""受け持ち: how many cases and tasks each agency carries, so that no one of them is asked for everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.access import cases_in_process, is_current
from service.cases.course.flow import OVER
from service.cases.models import SupportCase
from service.cases.plans.models import Plan, PlanTask
from service.cases.plans.reading import ACTIVE, AGREED
from service.kernel.kana import fold_text, sort_key
from service.resources.agencies.models import Agency
from service.web.actor import Actor, Town

LEAD, ROLE, ACTION = "leads", "roles", "actions"
IN_FORCE: Final = (AGREED, ACTIVE)
"""A plan that is only proposed burdens nobody yet."""


@dataclass(frozen=True)
class Duty:
    """One thing an agency has taken on."""

    agency: str
    kind: str
    is_late: bool = False


@dataclass(frozen=True)
class Caseload:
    """What one agency carries: cases it leads, roles in plans, tasks of meetings, and how many of them are late."""

    agency: str
    agency_id: str = ""
    leads: int = 0
    roles: int = 0
    actions: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        """Everything together."""
        return self.leads + self.roles + self.actions

    @property
    def said(self) -> str:
        """In one line, as it stands beside the name where an agency is chosen."""
        parts = [("主担当", self.leads), ("役割", self.roles), ("宿題", self.actions)]
        return "・".join(f"{label}{count}" for label, count in parts if count) or "受け持ちなし"


def duties_of_cases(session: Session, town: Town, actor: Actor, today: date) -> Iterator[Duty]:
    """The cases led and the roles in plans that run, of every case this person may follow."""
    cases = cases_in_process(town, actor).where(is_current(), SupportCase.status.not_in(OVER))
    for agency in session.scalars(cases.with_only_columns(SupportCase.lead_agency)):
        yield Duty(agency, LEAD)
    tasks = select(PlanTask.agency, PlanTask.until_on).join(Plan, PlanTask.plan_id == Plan.id)
    within = Plan.case_id.in_(cases.with_only_columns(SupportCase.id))
    for agency, until in session.execute(tasks.where(within, Plan.status.in_(IN_FORCE), PlanTask.done_on.is_(None))):
        yield Duty(agency, ROLE, until is not None and until < today)


def tally(session: Session, duties: Iterable[Duty]) -> tuple[Caseload, ...]:
    """Each agency of the directory or of a duty, the most burdened first; one name in two spellings is one agency."""
    found = {fold_text(row.name): Caseload(row.name, row.id) for row in _directory(session)}
    for duty in duties:
        name = duty.agency.strip()
        if name:
            line = found.get(fold_text(name), Caseload(name))
            changed = {duty.kind: getattr(line, duty.kind) + 1, "late": line.late + duty.is_late}
            found[fold_text(name)] = replace(line, **changed)
    return tuple(sorted(found.values(), key=lambda line: (-line.total, sort_key(line.agency))))


def agency_hints(session: Session, duties: Iterable[Duty]) -> tuple[tuple[str, str], ...]:
    """What may be chosen where an agency is asked for, the least burdened first; a hint and no bar."""
    lines = sorted(tally(session, duties), key=lambda line: (line.total, sort_key(line.agency)))
    return tuple((line.agency, line.said) for line in lines)


def _directory(session: Session) -> Iterable[Agency]:
    return session.scalars(
        select(Agency).where(Agency.active).order_by(Agency.name, Agency.section.desc(), Agency.id.desc())
    )
