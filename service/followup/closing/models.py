"""What was agreed for the time after closing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Versioned


class AfterCare(Versioned, Base):
    """How one person stays in touch after the case was closed: with whom, how often, and whether the person agreed."""

    __tablename__ = "after_care"

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("support_case.id"), index=True)
    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    closed_on: Mapped[date]
    contact_name: Mapped[str]
    """終結後の支援担当: a named human."""
    contact_agency: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    is_agreed: Mapped[bool]
    """Whether the person wants to be contacted; without it nothing is planned."""
    offsets: Mapped[list[str]] = mapped_column(default=list)
    """When, counted from the closing (1m, 3m …)."""
    how: Mapped[str] = mapped_column(default="")
    """The way this person likes to be reached."""
    checked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The closing checklist as it was ticked, with what each tick rests on."""
    note: Mapped[str] = mapped_column(default="")
    reopened_case_id: Mapped[str | None] = mapped_column(Id, ForeignKey("support_case.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
