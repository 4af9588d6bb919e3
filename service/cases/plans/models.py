"""プラン: goals, who does what until when, and the evaluation at its end."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.kernel.db import Base, Id, Identified, Versioned


class Plan(Versioned, Base):
    """One version of one kind of plan for a case; at most one of a kind is active."""

    __tablename__ = "support_plan"
    __table_args__ = (UniqueConstraint("case_id", "kind", "seq"),)

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    kind: Mapped[str]
    """coordination (多機関協働), participation (参加支援) or outreach (アウトリーチ)."""
    seq: Mapped[int]
    status: Mapped[str] = mapped_column(default="draft")
    """draft, in_review, agreed, active, ended."""
    made_on: Mapped[date]
    person_words: Mapped[str] = mapped_column(default="")
    person_part: Mapped[str] = mapped_column(default="")
    participation: Mapped[str] = mapped_column(default="")
    """Place, days and adjustments, as far as they are agreed."""
    monitoring_on: Mapped[date | None]
    review_on: Mapped[date | None]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_as: Mapped[str] = mapped_column(default="")
    """achieved, replaced, closed or suspended."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    goals: Mapped[list["PlanGoal"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlanGoal.term.desc(), PlanGoal.position"
    )
    tasks: Mapped[list["PlanTask"]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="PlanTask.position")


class PlanGoal(Identified, Base):
    """A goal agreed across agencies, short or long, with what came of it."""

    __tablename__ = "plan_goal"

    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("support_plan.id"), index=True)
    term: Mapped[str]
    position: Mapped[int]
    text: Mapped[str]
    result: Mapped[str] = mapped_column(default="")
    """reached, partly, not_reached; empty until evaluated."""
    result_note: Mapped[str] = mapped_column(default="")


class PlanTask(Identified, Base):
    """役割分担: what, which agency and who, until when."""

    __tablename__ = "plan_task"

    plan_id: Mapped[str] = mapped_column(Id, ForeignKey("support_plan.id"), index=True)
    position: Mapped[int]
    what: Mapped[str]
    agency: Mapped[str] = mapped_column(default="")
    who: Mapped[str] = mapped_column(default="")
    until_on: Mapped[date | None]
    done_on: Mapped[date | None]


class Evaluation(Identified, Base):
    """評価シート: what changed, what remains, what is next."""

    __tablename__ = "evaluation"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    plan_id: Mapped[str | None] = mapped_column(Id, ForeignKey("support_plan.id"), index=True)
    on: Mapped[date]
    changes: Mapped[list[str]] = mapped_column(default=list)
    changes_note: Mapped[str] = mapped_column(default="")
    person_words: Mapped[str] = mapped_column(default="")
    remaining: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str]
    """close, replan or suspend."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
