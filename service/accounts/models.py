"""Accounts, their open sessions, and the brake on guessing."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.accounts.roles import ROLE_LABELS
from service.kernel.db import Base, Id, Identified, Versioned
from service.web.actor import Actor

OPEN, CODE, SET_UP = "open", "code", "set-up"
"""How far a sign-in has come."""


class User(Versioned, Base):
    """A person who signs in."""

    __tablename__ = "user"

    login_name: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)

    def as_actor(self) -> Actor:
        """This person as whoever acts."""
        label = ROLE_LABELS.get(self.roles[0], "") if self.roles else ""
        return Actor(id=self.id, label=f"{self.name}（{label}）", roles=frozenset(self.roles))


class AccessSetting(Versioned, Base):
    """What a town has decided about doors: how many minutes an emergency opening lasts, which roles need a second factor."""

    __tablename__ = "access_setting"

    glass_minutes: Mapped[int]
    second_factor: Mapped[list[str]]


class AuthSession(Identified, Base):
    """An open sign-in; its id is the hash of the token in the cookie, which is kept nowhere."""

    __tablename__ = "auth_session"
    audited = False

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    stage: Mapped[str] = mapped_column(default=OPEN)
    """open; code or set-up while the password alone has been shown: then no page knows whoever holds it."""
    device: Mapped[str] = mapped_column(default="")
    """What it was opened with, in words."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="raise")


class SignInBrake(Base):
    """Failed sign-ins for a typed name, known or not, and until when the next try waits."""

    __tablename__ = "sign_in_brake"
    audited = False

    name_hash: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime]


class Approval(Identified, Base):
    """What one person asks for about an account and another has to agree to before anything happens."""

    __tablename__ = "approval"

    kind: Mapped[str]
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    """Whose account it is about."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    asked_by_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[str | None] = mapped_column(Id, ForeignKey("user.id"))
    agreed: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")


class OneTimeCode(Identified, Base):
    """A code on paper with which one person chooses a password, once and not for long; only its hash is here."""

    __tablename__ = "one_time_code"

    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), index=True)
    code_hash: Mapped[str]
    opens: Mapped[bool]
    """Whether the account can be used only from then on; else its password alone is new."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
