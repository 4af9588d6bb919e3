"""Links handed to a host or an agency: for one purpose, and for a while; only their hash is kept here."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final, TypeVar

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.resources.doors import AgencyLink, HostLink

OPENINGS: Final = "openings"
"""Say that nothing has changed, or how many places are free now."""
SOUNDING: Final = "sounding"
"""Answer one question; `about_id` is the sounding."""
REPORT: Final = "report"
"""Say how it goes; `about_id` is a placement, or empty for the host as a whole."""
VISIT: Final = "visit"
"""Say whether a visit of ours suits; `about_id` is the visit."""
JOIN: Final = "join"
"""Become one of the host's own people who sign in."""
REFER: Final = "refer"
"""An agency's: send one つなぐシート, and then read what becomes of it; `about_id` is the sheet."""
LASTS: Final = {
    OPENINGS: timedelta(days=35),
    SOUNDING: timedelta(days=14),
    REPORT: timedelta(days=35),
    VISIT: timedelta(days=14),
    JOIN: timedelta(days=14),
    REFER: timedelta(days=60),
}
LONGEST: Final = 200
HOST_ROOM, AGENCY_ROOM = "l", "d"
"""Where the addresses of links begin: the hosts' pages, and the agencies' doors."""
Link = TypeVar("Link", HostLink, AgencyLink)
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those nobody takes for another: the address of an agency is typed from paper."""
SECRET, MARK, GROUP = 20, 10, 5
"""Letters of the secret (99 bits: nobody guesses it past the brake), of the signature (49 bits), and between two strokes."""


def make_link(
    session: Session, key: bytes, host_id: str, purpose: str, by: str, now: datetime, *, about_id: str = "",
    lasts: timedelta | None = None,
) -> str:  # fmt: skip
    """A new link of a host; its token is told once, here, and kept nowhere. `key` is the town's secret."""
    link = HostLink(host_id=host_id, purpose=purpose, about_id=about_id, created_at=now, created_by=by)
    secret = secrets.token_urlsafe(32)
    _keep(session, link, secret, lasts or LASTS[purpose])
    return _signer(key, link).sign(secret).decode()


def make_agency_link(session: Session, key: bytes, agency_id: str, by: str, now: datetime) -> str:
    """A new link of an agency, in letters that can be typed from paper: the secret, and the mark that seals it."""
    link = AgencyLink(agency_id=agency_id, purpose=REFER, created_at=now, created_by=by)
    secret = "".join(secrets.choice(LETTERS) for _ in range(SECRET))
    _keep(session, link, secret, LASTS[REFER])
    token = secret + _mark(key, link, secret)
    return "-".join(token[at : at + GROUP] for at in range(0, len(token), GROUP))


def _keep(session: Session, link: HostLink | AgencyLink, secret: str, lasts: timedelta) -> None:
    link.id, link.expires_at = _digest(secret), link.created_at + lasts
    session.add(link)
    session.flush()


def link_address(base: str, token: str, room: str = HOST_ROOM) -> str:
    """Where a link leads, on the pages of the hosts or of the agencies."""
    return f"{base.rstrip('/')}/{room}/{token}"


def signed_link(session: Session, key: bytes, token: str, *, lock: bool = False) -> HostLink | None:
    """The link of a host whose token this town has signed for its purpose; used and expired ones too."""
    secret = token.rpartition(".")[0]
    if not secret or len(token) > LONGEST or not token.isascii():
        return None
    link = _kept(session, HostLink, secret, lock)
    if link is None:
        return None
    try:
        _signer(key, link).unsign(token)
    except BadSignature:
        return None
    return link


def signed_agency_link(session: Session, key: bytes, token: str, *, lock: bool = False) -> AgencyLink | None:
    """The same of an agency; capitals and missing strokes are no other address."""
    typed = token[:LONGEST].lower().replace("-", "")
    secret, mark = typed[:SECRET], typed[SECRET:]
    link = _kept(session, AgencyLink, secret, lock) if len(mark) == MARK and set(typed) <= set(LETTERS) else None
    return link if link is not None and hmac.compare_digest(_mark(key, link, secret), mark) else None


def _kept(session: Session, kind: type[Link], secret: str, lock: bool) -> Link | None:
    query = select(kind).where(kind.id == _digest(secret)).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def is_open(link: HostLink, now: datetime) -> bool:
    """Whether it still opens what it is for."""
    return link.used_at is None and link.revoked_at is None and now < link.expires_at


def open_links(session: Session, host_id: str, purpose: str, now: datetime) -> list[HostLink]:
    """Links of a host for one purpose that nobody has used yet."""
    query = select(HostLink).where(
        HostLink.host_id == host_id, HostLink.purpose == purpose, HostLink.used_at.is_(None),
        HostLink.revoked_at.is_(None), HostLink.expires_at > now,
    )  # fmt: skip
    return list(session.scalars(query.order_by(HostLink.created_at, HostLink.id)))


def revoke_links(session: Session, host_id: str, purpose: str, now: datetime) -> None:
    """Take back what has not been used."""
    for link in open_links(session, host_id, purpose, now):
        link.revoked_at = now


def _signer(key: bytes, link: HostLink | AgencyLink) -> Signer:
    """Bound to the town, the kind of link and its purpose: a signature made for one is none for another."""
    return Signer(key, salt=f"{link.salt}/{link.purpose}", key_derivation="hmac", digest_method=hashlib.sha256)


def _mark(key: bytes, link: AgencyLink, secret: str) -> str:
    """The signature in the letters of the address, cut to as many as can be typed."""
    rest, letters = int.from_bytes(base64_decode(_signer(key, link).get_signature(secret))), ""
    for _ in range(MARK):
        rest, at = divmod(rest, len(LETTERS))
        letters += LETTERS[at]
    return letters


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:32]
