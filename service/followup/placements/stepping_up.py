"""A person's way from little to more: 週1日・60分, then more, each stage when the one before has held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.placements import Standing
from service.followup.placements.models import StepUp
from service.kernel.errors import DomainError

MOST_STAGES: Final = 8
HELD_DAYS: Final = 28
"""A stage is proposed to be over when it has been kept for so long."""


def stages_of(session: Session, person_id: str) -> Sequence[StepUp]:
    """The stages of a person, the first first."""
    query = select(StepUp).where(StepUp.person_id == person_id).order_by(StepUp.position, StepUp.id)
    return session.scalars(query).all()


def current_stage(stages: Sequence[StepUp]) -> StepUp | None:
    """The stage the person is at: the first that has not been reached and left behind."""
    return next((each for each in stages if each.reached_on is None), None)


def add_stage(session: Session, person_id: str, days_per_week: int, minutes: int, from_on: date | None, note: str) -> StepUp:
    """One stage more; DomainError where it is less than the one before or the plan would have no end."""
    stages = stages_of(session, person_id)
    if not (1 <= days_per_week <= 7 and 10 <= minutes <= 600) or len(stages) >= MOST_STAGES:
        raise DomainError(
            "段を読めませんでした。", f"週1〜7日、10〜600分で、{MOST_STAGES}段までにしてください。", "stage", 422
        )
    if stages and days_per_week * minutes <= stages[-1].days_per_week * stages[-1].minutes:
        raise DomainError("前の段より増えていません。", "日数か時間を、前の段より増やしてください。", "stage-less", 422)
    stage = StepUp(person_id=person_id, position=len(stages), days_per_week=days_per_week, minutes=minutes,
                   from_on=from_on, note=note)  # fmt: skip
    session.add(stage)
    session.flush()
    return stage


def reach_stage(session: Session, person_id: str, position: int, today: date) -> None:
    """次の段へ: the stage has been kept; the next one begins today. Pressed twice, once."""
    stages = stages_of(session, person_id)
    here = current_stage(stages)
    if here is None or here.position != position:
        return
    here.reached_on = today
    following = current_stage(stages)
    if following is not None and following.from_on is None:
        following.from_on = today


def is_kept(stage: StepUp, standings: Sequence[Standing], today: date) -> bool:
    """Whether the person goes as often and as long as the stage says, and has for a while."""
    if stage.from_on is None or (today - stage.from_on).days < HELD_DAYS:
        return False
    times = [time for each in standings if each.attends for time in each.sessions]
    days = {time.weekday for time in times}
    long_enough = all((time.end_min or 0) - (time.start_min or 0) >= stage.minutes for time in times if time.end_min)
    return len(days) >= stage.days_per_week and long_enough
