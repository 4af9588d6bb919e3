"""Follow-ups, the tries to reach somebody, and what the machine suggests."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.kernel.db import Base, Id, Identified, Versioned

PLANNED: Final = "planned"
CONFIRMED: Final = "confirmed"
DONE: Final = "done"
MISSED: Final = "missed"
CANCELLED: Final = "cancelled"
OPEN: Final = frozenset({PLANNED, CONFIRMED, MISSED})
"""Still to be done; a missed one never disappears by itself."""
INSERT, EASE, SETTLE, LETTERS_ONLY, REOPEN = "insert", "ease", "settle", "letters_only", "reopen"
SUGGESTED, ACCEPTED, REFUSED, LAPSED = "open", "accepted", "refused", "void"


class FollowUp(Versioned, Base):
    """One thing to be done for a tie: asked for by a rule of the rhythm, or put in by hand."""

    __tablename__ = "follow_up"

    key: Mapped[str] = mapped_column(unique=True)
    """What it counts from, the rule and the number: asking twice makes nothing twice."""
    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    placement_id: Mapped[str | None] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    host_id: Mapped[str | None] = mapped_column(Id, ForeignKey("host.id"), index=True)
    rule: Mapped[str]
    sequence: Mapped[int]
    kind: Mapped[str]
    rhythm_version: Mapped[int] = mapped_column(default=0)
    raw_on: Mapped[date]
    """The computed day …"""
    due_on: Mapped[date]
    """… and the day it moved to."""
    moved_because: Mapped[str] = mapped_column(default="")
    is_unconfirmed: Mapped[bool] = mapped_column(default=False)
    """祝日未確認."""
    early_on: Mapped[date]
    late_on: Mapped[date]
    minutes: Mapped[int]
    priority: Mapped[int] = mapped_column(default=2)
    needs_two: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=PLANNED, index=True)
    state_reason: Mapped[str] = mapped_column(default="")
    is_edited: Mapped[bool] = mapped_column(default=False)
    """Changed by hand: a new start date or rhythm leaves it alone."""
    staff_id: Mapped[str | None] = mapped_column(Id, ForeignKey("user.id"), index=True)
    second_id: Mapped[str | None] = mapped_column(Id, ForeignKey("user.id"))
    on: Mapped[date | None] = mapped_column(index=True)
    """The day it is planned for, by somebody's acceptance."""
    start_min: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    earlier: Mapped[Any] = mapped_column(nullable=True)
    """Where it stood before the last move: staff, day, start and, by hand, who goes along; for taking it back."""
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(default="")
    host_answer: Mapped[str] = mapped_column(default="")
    """asked, yes, or other: the host would rather have one of `host_offers`."""
    host_offers: Mapped[Any] = mapped_column(default=list)
    """Times the host offers instead: [[day, start in minutes], …]."""
    done_on: Mapped[date | None]
    escalation: Mapped[int] = mapped_column(default=0)
    """0 none, 1 the supervisor, 2 on the agenda of the meeting; it only rises until somebody has dealt with it."""
    escalated_at: Mapped[datetime | None]
    escalation_handled_at: Mapped[datetime | None]
    escalation_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    attempts: Mapped[list["Attempt"]] = relationship(lazy="raise", order_by="Attempt.at, Attempt.id")


class Attempt(Identified, Base):
    """One try that reached nobody, or not the one meant; never changed afterwards."""

    __tablename__ = "attempt"

    follow_up_id: Mapped[str] = mapped_column(Id, ForeignKey("follow_up.id"), index=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    """The number the phone gave it: sent twice, kept once."""
    at: Mapped[datetime]
    channel: Mapped[str]
    result: Mapped[str]
    next_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class Suggestion(Versioned, Base):
    """What the machine would do, and why; nothing happens before a person accepts."""

    __tablename__ = "suggestion"

    key: Mapped[str] = mapped_column(unique=True)
    """The sign it answers: the same sign is suggested once."""
    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    placement_id: Mapped[str | None] = mapped_column(Id, ForeignKey("placement.id"), index=True)
    kind: Mapped[str]
    why: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default=SUGGESTED, index=True)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
