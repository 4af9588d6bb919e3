"""The agencies of a town, and what is undertaken to win a place that is missing."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Versioned


class Agency(Versioned, Base):
    """支援関係機関: a desk somebody can be sent to, or that sends somebody."""

    __tablename__ = "agency"
    keeps_values = True

    name: Mapped[str]
    kana: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    """A key of `agencies/kinds.py`: the five services, a municipal section, a school …"""
    section: Mapped[str] = mapped_column(default="")
    """担当課, for the city's own desks and for those the city has entrusted."""
    is_municipal: Mapped[bool] = mapped_column(default=False)
    fields: Mapped[list[str]] = mapped_column(default=list)
    """高齢・障害・子ども・困窮 …: keys of `agencies/kinds.py`."""
    handles: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    fax: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    confirmed_on: Mapped[date | None]

    @property
    def subject_id(self) -> str:
        """An agency's history is its own."""
        return self.id


class ResourceDevelopment(Versioned, Base):
    """資源開発: one thing somebody undertakes about an unmet need — who calls whom, until when, what came of it."""

    __tablename__ = "resource_development"
    keeps_values = True

    gap_id: Mapped[str] = mapped_column(Id, ForeignKey("resource_gap.id"), index=True)
    what: Mapped[str]
    who: Mapped[str]
    with_whom: Mapped[str] = mapped_column(default="")
    until_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="open")
    """open, won (a new or adapted opening), not_now, given_up."""
    result: Mapped[str] = mapped_column(default="")
    opening_id: Mapped[str | None] = mapped_column(Id, ForeignKey("opening.id"))
    """The opening that came of it."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ended_on: Mapped[date | None]

    @property
    def subject_id(self) -> str:
        """What is undertaken belongs to the history of the unmet need."""
        return self.gap_id
