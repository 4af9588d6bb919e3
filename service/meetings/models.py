"""Meetings: the series, one meeting, who sits in it, what is on its agenda, and what was decided."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified, Versioned


class MeetingSeries(Versioned, Base):
    """A meeting that comes again: monthly, six a year, or only when it is called."""

    __tablename__ = "meeting_series"

    kind: Mapped[str]
    """juso (重層的支援会議), support (支援会議) or other."""
    name: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    """Whose meeting it is: a key of the table of meeting bodies."""
    months: Mapped[list[str]] = mapped_column(default=list)
    """The months it is held in, as numbers; empty when it is only called."""
    nth: Mapped[int | None]
    weekday: Mapped[int | None]
    start_min: Mapped[int | None]
    place: Mapped[str] = mapped_column(default="")
    convenor: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)


class Meeting(Versioned, Base):
    """One meeting. A 支援会議 needs no consent but secrecy; a 重層的支援会議 needs consent and the municipality."""

    __tablename__ = "meeting"

    series_id: Mapped[str | None] = mapped_column(Id, ForeignKey("meeting_series.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    convenor: Mapped[str]
    convenor_is_municipal: Mapped[bool] = mapped_column(default=False)
    legal_basis: Mapped[str] = mapped_column(default="")
    on: Mapped[date] = mapped_column(index=True)
    start_min: Mapped[int | None]
    end_min: Mapped[int | None]
    place: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="planned")
    """planned, invited, held, decided, feedback_done, cancelled."""
    minutes: Mapped[str] = mapped_column(default="")
    invited_on: Mapped[date | None]
    window_until: Mapped[date | None]
    """Until when its guests may read."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Seat(Versioned, Base):
    """One person at one meeting, for their section; a seat is a person's, never a body's."""

    __tablename__ = "meeting_seat"
    __table_args__ = (UniqueConstraint("meeting_id", "name", "agency"),)

    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meeting.id"), index=True)
    user_id: Mapped[str | None] = mapped_column(Id, ForeignKey("user.id"), index=True)
    name: Mapped[str]
    agency: Mapped[str]
    section: Mapped[str] = mapped_column(default="")
    is_municipal: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(default="member")
    """chair, secretary, member, expert or guest."""
    attended: Mapped[str] = mapped_column(default="")
    """yes or no; empty until the meeting was held."""
    reply: Mapped[str] = mapped_column(default="")
    """What they answered to the invitation: yes, no or proxy (somebody else comes); empty until they did."""
    replied_at: Mapped[datetime | None]


class SecrecyAcknowledgement(Identified, Base):
    """守秘: one person's word for one fiscal year."""

    __tablename__ = "secrecy_acknowledgement"

    name: Mapped[str]
    agency: Mapped[str]
    user_id: Mapped[str | None] = mapped_column(Id, ForeignKey("user.id"), index=True)
    fiscal_year: Mapped[int]
    on: Mapped[date]
    method: Mapped[str]
    """paper or screen."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class AgendaItem(Versioned, Base):
    """付議: one case or one unmet need on one meeting, with what was decided."""

    __tablename__ = "agenda_item"

    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    case_id: Mapped[str | None] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    gap_id: Mapped[str | None] = mapped_column(Id, ForeignKey("resource_gap.id"), index=True)
    plan_id: Mapped[str | None] = mapped_column(Id, ForeignKey("support_plan.id"))
    title: Mapped[str]
    purpose: Mapped[str]
    """plan, replan, close, suspend, gap, share or report."""
    summary: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    """approve, revise, reject, close, replan, suspend, gap_register or share; empty until decided."""
    decision_text: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")


class ActionItem(Versioned, Base):
    """A task that came of a decision: who, until when."""

    __tablename__ = "action_item"

    item_id: Mapped[str] = mapped_column(Id, ForeignKey("agenda_item.id"), index=True)
    what: Mapped[str]
    owner: Mapped[str]
    agency: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")


class NumberedCopy(Identified, Base):
    """A closed paper of a 支援会議 that was printed: its number, for whom, by whom."""

    __tablename__ = "numbered_copy"
    __table_args__ = (UniqueConstraint("meeting_id", "paper", "number"),)

    meeting_id: Mapped[str] = mapped_column(Id, ForeignKey("meeting.id"), index=True)
    paper: Mapped[str]
    number: Mapped[int]
    for_name: Mapped[str] = mapped_column(default="")
    printed_at: Mapped[datetime]
    printed_by: Mapped[str]
    returned_on: Mapped[date | None]
