"""The people of a host who sign in: invited by their own, and stopped by their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import HOST
from service.accounts.sessions import end_sessions, hash_password
from service.kernel.errors import DomainError, NotFound
from service.resources.doors import HostLink, HostMember
from service.resources.links import JOIN, make_link
from service.resources.models import Host

SHORTEST_PASSWORD: Final = 10
MOST_MEMBERS: Final = 30


@dataclass(frozen=True)
class Membership:
    """Whom a signed-in person of a host speaks for."""

    host_id: str
    host_name: str
    name: str


@dataclass(frozen=True)
class MemberRow:
    """One of a host's own people, as the host sees them."""

    id: str
    user_id: str
    name: str
    login_name: str
    is_active: bool


def membership_of(session: Session, user_id: str) -> Membership | None:
    """The host this person belongs to today; None once disabled."""
    query = (
        select(HostMember.host_id, Host.name, User.name)
        .join(Host, HostMember.host_id == Host.id)
        .join(User, HostMember.user_id == User.id)
        .where(HostMember.user_id == user_id, HostMember.disabled_at.is_(None))
    )
    row = session.execute(query).one_or_none()
    return Membership(*row) if row else None


def members_of(session: Session, host_id: str) -> tuple[MemberRow, ...]:
    """Everybody of a host who signs in or did, by name."""
    query = (
        select(HostMember, User)
        .join(User, HostMember.user_id == User.id)
        .where(HostMember.host_id == host_id)
        .order_by(HostMember.disabled_at.is_not(None), User.name, HostMember.id)
    )
    return tuple(
        MemberRow(member.id, user.id, user.name, user.login_name, member.disabled_at is None)
        for member, user in session.execute(query)
    )


def invite(session: Session, key: bytes, host_id: str, by: str, now: datetime) -> str:
    """A link with which one more of the host's people may join."""
    if sum(each.is_active for each in members_of(session, host_id)) >= MOST_MEMBERS:
        raise DomainError(
            f"サインインできる人は{MOST_MEMBERS}人までです。", "使っていない人を止めてから、招いてください。", "members", 409
        )
    return make_link(session, key, host_id, JOIN, by, now)


def join(session: Session, link: HostLink, name: str, login_name: str, password: str, now: datetime) -> User:
    """Whoever holds an invitation becomes one of the host's people; the names are checked already."""
    if session.scalars(select(User.id).where(User.login_name == login_name)).first() is not None:
        raise DomainError("その利用者名は、もう使われています。", "ほかの利用者名にしてください。", "login-name", 422)
    user = User(login_name=login_name, name=name, password_hash=hash_password(password), roles=[HOST])
    session.add(user)
    session.flush()
    session.add(HostMember(host_id=link.host_id, user_id=user.id, invited_by=link.created_by, invited_at=link.created_at))
    link.used_at = now
    return user


def disable_member(session: Session, host_id: str, member_id: str, own_user_id: str, now: datetime) -> None:
    """Stop one of a host's own people: every session ends at once. Another host's are NotFound."""
    query = select(HostMember).where(HostMember.id == member_id, HostMember.host_id == host_id)
    member = session.scalars(query.with_for_update()).one_or_none()
    if member is None:
        raise NotFound()
    if member.user_id == own_user_id:
        raise DomainError("ご自分を止めることはできません。", "ほかの方から止めてもらってください。", "own-account", 409)
    if member.disabled_at is None:
        member.disabled_at = now
        session.get_one(User, member.user_id).active = False
    end_sessions(session, member.user_id, now)
