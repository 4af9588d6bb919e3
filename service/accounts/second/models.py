"""What is kept of second factors: never a secret, never a code."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified, Versioned


class SecondFactor(Versioned, Base):
    """One person's second factor: the number its secret is derived from with the town's key, and how far its codes are used."""

    __tablename__ = "second_factor"

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), unique=True)
    nonce: Mapped[str] = mapped_column(default="")
    """Of the factor in force; empty while there is none."""
    offered: Mapped[str] = mapped_column(default="")
    """Of the factor that is being set up, until its first code is proven."""
    since: Mapped[datetime | None]
    used_step: Mapped[int] = mapped_column(default=0)
    """The last half minute whose code was taken; none is taken twice."""


class RecoveryCode(Identified, Base):
    """One of the ten codes on paper, for the day the telephone is lost; each opens once."""

    __tablename__ = "recovery_code"

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]
