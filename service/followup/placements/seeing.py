"""Words of hosts that somebody of ours has read: who, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import COORDINATOR, EDIT_PLACEMENTS
from service.cases.models import Person, Placement, SupportCase
from service.cases.placements import LIVE
from service.followup.placements.models import HostWord
from service.kernel.errors import NotFound
from service.resources.models import Host, Opening
from service.web.actor import Actor


def unseen_words(session: Session, placement_id: str) -> Sequence[HostWord]:
    """What the host said about a placement and nobody has read yet, the oldest first."""
    query = select(HostWord).where(HostWord.placement_id == placement_id, HostWord.seen_at.is_(None))
    return session.scalars(query.order_by(HostWord.at, HostWord.id)).all()


def unseen_about(session: Session, person_ids: Iterable[str]) -> list[tuple[HostWord, str]]:
    """The same about people the filter has given, each with the person's id."""
    query = (
        select(HostWord, Placement.person_id)
        .join(Placement, HostWord.placement_id == Placement.id)
        .where(Placement.person_id.in_(sorted(person_ids)), HostWord.seen_at.is_(None))
        .order_by(HostWord.at, HostWord.id)
    )
    return [(word, person_id) for word, person_id in session.execute(query)]


def see_words(session: Session, actor: Actor, placement_id: str, now: datetime) -> int:
    """「見ました」 for all of one placement that is in hand; how many. Whoever saw a word first stays on record."""
    words = unseen_words(session, placement_id)
    for word in words:
        word.seen_at, word.seen_by = now, actor.label
    return len(words)


def unseen_of_hosts(session: Session, actor: Actor) -> list[tuple[HostWord, Host]]:
    """What hosts said about nobody in particular and nobody has read yet, for whoever it waits for, the oldest first."""
    query = select(HostWord, Host).join(Host, HostWord.host_id == Host.id)
    unseen = query.where(HostWord.placement_id.is_(None), HostWord.seen_at.is_(None)).order_by(HostWord.at, HostWord.id)
    rows = session.execute(unseen).all() if EDIT_PLACEMENTS.allows(actor) else ()
    concerned = _concerned(session, {host.id for _, host in rows})
    return [(word, host) for word, host in rows if _waits_for(actor, host.id, concerned)]


def words_of_host(session: Session, host_id: str) -> Sequence[HostWord]:
    """All that a host said about nobody in particular, read or not, the newest first."""
    query = select(HostWord).where(HostWord.host_id == host_id, HostWord.placement_id.is_(None))
    return session.scalars(query.order_by(HostWord.at.desc(), HostWord.id)).all()


def see_word_of_host(session: Session, actor: Actor, word_id: str, now: datetime) -> None:
    """「見ました」 for one of them; NotFound for whoever it does not wait for. Whoever saw it first stays on record."""
    word = session.get(HostWord, word_id)
    if word is None or word.placement_id is not None:
        raise NotFound()
    if not _waits_for(actor, word.host_id, _concerned(session, {word.host_id})):
        raise NotFound()
    if word.seen_at is None:
        word.seen_at, word.seen_by = now, actor.label


def _waits_for(actor: Actor, host_id: str, concerned: Mapping[str, set[str]]) -> bool:
    """A word is for the coordinators who have somebody at the host; where nobody has, for all of them."""
    return host_id not in concerned or actor.id in concerned[host_id]


def _concerned(session: Session, host_ids: Iterable[str]) -> Mapping[str, set[str]]:
    """By host, the coordinators who have somebody on the way to it or there."""
    query = (
        select(Opening.host_id, User)
        .join(Placement, Placement.opening_id == Opening.id)
        .join(Person, Placement.person_id == Person.id)
        .join(SupportCase, SupportCase.household_id == Person.household_id)
        .join(User, SupportCase.assigned_id == User.id)
        .where(Opening.host_id.in_(sorted(host_ids)), Placement.step.in_(LIVE), SupportCase.status != "closed", User.active)
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for host_id, user in session.execute(query):
        if COORDINATOR in user.roles:
            found[host_id].add(user.id)
    return found
