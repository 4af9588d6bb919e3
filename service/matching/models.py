"""A match somebody asked to keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified


class MatchRun(Identified, Base):
    """What was asked, against which catalogue, and what it said."""

    __tablename__ = "match_run"

    person_id: Mapped[str] = mapped_column(Id, ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    author: Mapped[str]
    asked: Mapped[dict[str, Any]]
    catalogue_version: Mapped[int]
    result: Mapped[dict[str, Any]]
