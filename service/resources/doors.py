"""Who comes in at doors of their own: the people of a host who sign in, and links handed to hosts and to agencies."""

from datetime import datetime
from typing import ClassVar

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


class SignedLink(Identified):
    """A link for one purpose, for a while; its id is the hash of a token that only the link holds."""

    salt: ClassVar[str]
    """What a signature is bound to beside the town and the purpose: a link of one kind is none of another."""

    purpose: Mapped[str]
    about_id: Mapped[str] = mapped_column(Id, default="")
    """The sounding, the member or the sheet it is about, where it is about one."""
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class HostLink(SignedLink, Base):
    """A link handed to a host."""

    __tablename__ = "host_link"
    salt = "host-link"

    host_id: Mapped[str] = mapped_column(Id, ForeignKey("host.id"), index=True)


class AgencyLink(SignedLink, Base):
    """A link handed to an agency: one つなぐシート can be sent by it, and what becomes of it read."""

    __tablename__ = "agency_link"
    salt = "agency-link"

    agency_id: Mapped[str] = mapped_column(Id, ForeignKey("agency.id"), index=True)
