"""Who comes in at the hosts' own doors: their people who sign in, and the links they were handed."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.kernel.db import Base, Id, Identified


class HostMember(Identified, Base):
    """Somebody of a host who signs in; a host invites and disables its own."""

    __tablename__ = "host_member"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), unique=True)
    invited_by: Mapped[str]
    invited_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class HostLink(Identified, Base):
    """A link for one purpose, for a while; its id is the hash of a token that only the link holds."""

    __tablename__ = "host_link"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)
    purpose: Mapped[str]
    about_id: Mapped[str] = mapped_column(Id, default="")
    """The sounding or the member it is about, where it is about one."""
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
