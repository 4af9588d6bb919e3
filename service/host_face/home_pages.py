"""What the first page, the week and the page of one person show a host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.followup.placements.models import FACE, FACES, OPEN, VOID, HostWord, Sounding
from service.followup.sharing.card import HostCard
from service.host_face.agreed import Agreed, AgreedHere, agreed_placements
from service.host_face.openings import own_openings
from service.host_face.own import Own
from service.host_face.telling import KINDS, last_word
from service.host_face.visits import VisitCard, visit_cards
from service.kernel.clock import day_in_japan
from service.kernel.dates import WEEKDAYS, format_wareki_short
from service.resources.models import Opening
from service.resources.words import OPENING_STATUS, freshness_of, say_confirmed, say_free, say_times

VOID_SHOWN: Final = timedelta(days=14)


@dataclass(frozen=True)
class OpeningCard:
    """One opening on the first page."""

    id: str
    title: str
    state: str
    is_paused: bool
    free: str
    times: str
    freshness: str
    confirmed: str
    version: int


@dataclass(frozen=True)
class SoundingCard:
    """A question that waits, or one that was taken back; of that nothing is told any more."""

    id: str
    is_void: bool
    text: str
    deadline: str


@dataclass(frozen=True)
class Visitor:
    """One person on a day."""

    id: str
    title: str
    time: str
    is_resting: bool


@dataclass(frozen=True)
class Day:
    """One day of the week, or those without one."""

    label: str
    is_today: bool
    visitors: tuple[Visitor, ...]


@dataclass(frozen=True)
class HomeView:
    """The first page of a host."""

    host_name: str
    openings: tuple[OpeningCard, ...]
    soundings: tuple[SoundingCard, ...]
    visits: tuple[VisitCard, ...]
    days: tuple[Day, ...]
    withdrawn: int
    last: str
    once: str


@dataclass(frozen=True)
class WeekView:
    """Who comes this week."""

    host_name: str
    days: tuple[Day, ...]
    withdrawn: int


@dataclass(frozen=True)
class PersonView:
    """What was agreed for one person, and the buttons to tell how it goes."""

    host_name: str
    card: HostCard
    is_resting: bool
    faces: tuple[tuple[int, str], ...]
    once: str
    text: str = ""
    problem: str = ""


@dataclass(frozen=True)
class ReportView:
    """A word about nobody in particular."""

    host_name: str
    once: str
    text: str = ""
    problem: str = ""


def home_view(session: Session, own: Own, now: datetime, once: str) -> HomeView:
    """All that waits for the host, on one page."""
    here = agreed_placements(session, own.host_id, own.today, in_short=True)
    return HomeView(
        own.host_name,
        opening_cards(session, own),
        tuple(_question(each) for each in waiting_soundings(session, own.host_id, now)),
        visit_cards(session, own.host_id, own.today),
        tuple(day for day in days_of(here, own.today) if day.visitors),
        here.withdrawn,
        _say_word(last_word(session, own.host_id)),
        once,
    )


def week_view(session: Session, own: Own) -> WeekView:
    """Every day of this week."""
    here = agreed_placements(session, own.host_id, own.today, in_short=True)
    return WeekView(own.host_name, days_of(here, own.today), here.withdrawn)


def person_view(own: Own, agreed: Agreed, once: str, text: str = "", problem: str = "") -> PersonView:
    """One person."""
    return PersonView(own.host_name, agreed.card, agreed.is_resting, faces(), once, text, problem)


def faces() -> tuple[tuple[int, str], ...]:
    """The five faces: number and word, the happiest first."""
    return tuple((number, FACES[number]) for number in sorted(FACES, reverse=True))


def waiting_soundings(session: Session, host_id: str, now: datetime) -> Sequence[Sounding]:
    """Questions of this host without an answer, and those taken back of late."""
    lately = (Sounding.state == VOID) & (Sounding.answered_at >= now - VOID_SHOWN)
    query = select(Sounding).where(Sounding.host_id == host_id, or_(Sounding.state == OPEN, lately))
    return session.scalars(query.order_by(Sounding.state, Sounding.deadline_on, Sounding.id)).all()


def days_of(here: AgreedHere, today: date) -> tuple[Day, ...]:
    """The week from Monday on, and behind it whoever has no fixed day that may be told."""
    monday = today - timedelta(days=today.weekday())
    days = [_day(here.people, monday + timedelta(days=number), today) for number in range(7)]
    loose = [_visitor(each, "") for each in here.people if not any(time.weekday is not None for time in each.times)]
    return (*days, Day("曜日を決めていない方", False, tuple(loose))) if loose else tuple(days)


def _day(people: Iterable[Agreed], on: date, today: date) -> Day:
    there = [_visitor(each, time.time) for each in people for time in each.times if time.weekday == on.weekday()]
    return Day(f"{on.month}/{on.day}（{WEEKDAYS[on.weekday()]}）", on == today, tuple(there))


def _visitor(each: Agreed, time: str) -> Visitor:
    return Visitor(each.card.placement_id, each.card.title, time, each.is_resting)


def _card(opening: Opening, today: date) -> OpeningCard:
    state = OPENING_STATUS[opening.status]
    if opening.status == "paused" and opening.paused_until:
        state = f"{state}（{format_wareki_short(opening.paused_until)}まで）"
    return OpeningCard(
        opening.id, opening.title, state, opening.status == "paused", say_free(opening.free), say_times(opening),
        freshness_of(opening.confirmed_on, today), say_confirmed(opening.confirmed_on, today), opening.version,
    )  # fmt: skip


def opening_cards(session: Session, own: Own) -> tuple[OpeningCard, ...]:
    """Everything the host offers, in short."""
    return tuple(_card(opening, own.today) for opening in own_openings(session, own.host_id))


def _question(sounding: Sounding) -> SoundingCard:
    if sounding.state == VOID:
        return SoundingCard(sounding.id, True, "", "")
    on = sounding.deadline_on
    return SoundingCard(sounding.id, False, sounding.text, f"{on.month}月{on.day}日（{WEEKDAYS[on.weekday()]}）")


def _say_word(word: HostWord | None) -> str:
    if word is None:
        return ""
    said = f"{KINDS[word.kind]}「{FACES[word.face]}」" if word.kind == FACE and word.face in FACES else KINDS[word.kind]
    return f"{format_wareki_short(day_in_japan(word.at))}　{said}　{word.by}"
