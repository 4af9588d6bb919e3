"""支援経過記録: the dated log of a case, every step of it included."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified


class ProgressNote(Identified, Base):
    """One entry of the log; it is never changed, a correction is an entry of its own."""

    __tablename__ = "progress_note"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    """note, move (a step of the case), outreach (a contact before consent), meeting."""
    on: Mapped[date]
    at_min: Mapped[int | None]
    """The time of day it happened, in minutes; None when nobody said."""
    method: Mapped[str] = mapped_column(default="")
    with_whom: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    reaction: Mapped[str] = mapped_column(default="")
    """Of an outreach contact: met, answered, refused, none."""
    next_step: Mapped[str] = mapped_column(default="")
    flags: Mapped[list[str]] = mapped_column(default=list)
    """urgent (緊急), hand_over (申し送り)."""
    from_status: Mapped[str] = mapped_column(default="")
    to_status: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the step asks to be recorded."""
    corrects_id: Mapped[str | None] = mapped_column(Id, ForeignKey("progress_note.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


class CaseMember(Identified, Base):
    """Somebody of another agency who works on a case: reads its shared parts."""

    __tablename__ = "case_member"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    agency: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    added_by: Mapped[str]
