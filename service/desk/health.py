"""How well the catalogue is kept: who is never asked, what nobody knows, what hosts answer — and whom to call next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.models import Placement, PlacementMove
from service.cases.placements import everybody_in_touch
from service.followup.placements.ladder import UPWARD
from service.followup.placements.ladders import current_ladder
from service.followup.placements.models import ANSWERED, ANSWERS, OPEN, Sounding
from service.kernel.vocab import Attribute, Strength
from service.matching.facts import OpeningFacts, is_a_need
from service.matching.gather import LoadedCatalogue, load_catalogue
from service.resources.models import Host, Opening
from service.resources.words import STALE_DAYS, freshness_of, say_confirmed
from service.web.actor import Town

YEAR: Final = timedelta(days=365)
CALLS: Final = 5
SHOWN: Final = 30
ASKED_OF_US: Final = 3
"""As many questions are named beside a telephone number."""
BEEN_THERE: Final = tuple(UPWARD[3:])


@dataclass(frozen=True)
class CallRow:
    """One host worth a telephone call, and what to ask."""

    host_id: str
    name: str
    phone: str
    fresh: tuple[str, str]
    ask: str


@dataclass(frozen=True)
class UnknownRow:
    """One condition: at how many openings nobody knows it, and how many people must have it."""

    label: str
    unknown: int
    of: int
    people: int

    @property
    def share(self) -> int:
        """Of a hundred openings."""
        return round(100 * self.unknown / self.of) if self.of else 0


@dataclass(frozen=True)
class HealthView:
    """台帳のようす."""

    calls: tuple[CallRow, ...]
    never: tuple[tuple[str, str], ...]
    never_total: int
    hosts: int
    unknown: tuple[UnknownRow, ...]
    openings: int
    answers: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    waiting: int


def health_view(session: Session, town: Town, today: date) -> HealthView:
    """The catalogue as of today; counts of people, never who."""
    loaded = load_catalogue(session, town)
    hosts = session.scalars(
        select(Host).where(Host.status.in_(("active", "assessed"))).order_by(Host.sort_key, Host.id)
    ).all()
    wanted = _wanted(session)
    here = [opening for opening in loaded.catalogue.openings if opening.status != "ended"]
    used = _used(session, today)
    never = [host for host in hosts if host.id not in used]
    answers, reasons, waiting = _soundings(session, today)
    return HealthView(
        calls=_calls(loaded, hosts, here, wanted, today),
        never=tuple((host.id, host.name) for host in never[:SHOWN]),
        never_total=len(never),
        hosts=len(hosts),
        unknown=_unknown(loaded, here, wanted),
        openings=len(here),
        answers=answers,
        reasons=reasons,
        waiting=waiting,
    )


def _wanted(session: Session) -> Mapping[str, int]:
    """How many people in touch must have each condition."""
    hard = (Strength.HARD, Strength.GATE)
    return Counter(
        key for _, needs in everybody_in_touch(session) for key, value, strength in needs
        if strength in hard and is_a_need(value)
    )  # fmt: skip


def _used(session: Session, today: date) -> frozenset[str]:
    """Hosts somebody has visited, tried or used within a year."""
    since = datetime.combine(today - YEAR, time(), UTC)
    base = select(Opening.host_id).join(Placement, Placement.opening_id == Opening.id)
    moved = base.join(PlacementMove, PlacementMove.placement_id == Placement.id).where(
        PlacementMove.to_step.in_(BEEN_THERE), PlacementMove.at >= since
    )
    there = base.where(Placement.step.in_(BEEN_THERE))
    return frozenset(session.scalars(moved.union(there)))


def _unknown(loaded: LoadedCatalogue, here: list[OpeningFacts], wanted: Mapping[str, int]) -> tuple[UnknownRow, ...]:
    rows = [
        UnknownRow(each.label, sum(each.key not in opening.values for opening in here), len(here), wanted.get(each.key, 0))
        for each in _answerable(loaded)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.people * row.unknown, -row.unknown, row.label)))[:SHOWN]


def _calls(
    loaded: LoadedCatalogue, hosts: Sequence[Host], here: list[OpeningFacts], wanted: Mapping[str, int], today: date
) -> tuple[CallRow, ...]:
    """First the hosts whose unknown conditions most people must have; a stale word counts like one more question."""
    by_host: dict[str, list[OpeningFacts]] = defaultdict(list)
    for opening in here:
        by_host[opening.host_id].append(opening)
    found = []
    for host in hosts:
        asked = _questions(loaded, by_host[host.id], wanted)
        oldest = min((each.confirmed_on for each in by_host[host.id] if each.confirmed_on), default=None)
        stale = not by_host[host.id] or oldest is None or oldest < today - timedelta(days=STALE_DAYS)
        worth = sum(wanted.get(each.key, 0) for each in asked) + (1 + max(wanted.values(), default=0) if stale else 0)
        if worth and by_host[host.id]:
            words = "・".join(each.label for each in asked[:ASKED_OF_US])
            said = f"{'今も変わりないか' if stale else ''}{'、' if stale and words else ''}{words}"
            fresh = (freshness_of(oldest, today), say_confirmed(oldest, today))
            found.append((-worth, host.sort_key, CallRow(host.id, host.name, host.phone, fresh, said)))
    return tuple(row for _, _, row in sorted(found, key=lambda each: each[:2])[:CALLS])


def _answerable(loaded: LoadedCatalogue) -> list[Attribute]:
    """Conditions a host answers in a word; hours, the way there and the like are known by other means."""
    return [each for each in loaded.vocabulary.asked_of_host if each.kind.is_generic]


def _questions(loaded: LoadedCatalogue, openings: list[OpeningFacts], wanted: Mapping[str, int]) -> list[Attribute]:
    unknown = [
        each for each in _answerable(loaded)
        if wanted.get(each.key) and any(each.key not in opening.values for opening in openings)
    ]  # fmt: skip
    return sorted(unknown, key=lambda each: (-wanted[each.key], each.key))


def _soundings(session: Session, today: date) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...], int]:
    since = datetime.combine(today - YEAR, time(), UTC)
    query = select(Sounding.state, Sounding.answer, Sounding.reason, func.count()).where(Sounding.asked_at >= since)
    answers: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    waiting = 0
    for state, answer, reason, count in session.execute(query.group_by(Sounding.state, Sounding.answer, Sounding.reason)):
        if state == ANSWERED:
            answers[answer] += count
            reasons[reason] += count if reason else 0
        waiting += count if state == OPEN else 0
    ladder = current_ladder(session)
    named = {each.key: each.label for each in ladder.declines}
    said = tuple((label, answers[key]) for key, label in ANSWERS.items())
    return said, tuple((named.get(key, key), count) for key, count in reasons.most_common() if count), waiting
