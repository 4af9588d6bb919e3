"""What else fits the person now: for whoever finds the last place taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from service.cases.placements import Standing, live_placements
from service.cases.resting import resting_pairs
from service.matching.bands import Band
from service.matching.cards import own_title, say_facts
from service.matching.facts import ConsentMissing
from service.matching.service import Ask, ask_for, match
from service.resources.facts import OpeningRecord
from service.web.actor import Actor, Town

MOST: Final = 3


@dataclass(frozen=True)
class Elsewhere:
    """An opening that fits and has room."""

    opening_id: str
    host_id: str
    name: str
    facts: str


def fits_elsewhere(session: Session, town: Town, actor: Actor, person_id: str, now: datetime) -> tuple[Elsewhere, ...]:
    """The best openings of this moment's match that have room, where the person is neither placed nor resting."""
    ask = ask_for(session, town, actor, person_id, now)
    try:
        verdicts = match(ask)
    except ConsentMissing:
        return ()
    standings = live_placements(session)
    known = {each.opening_id for each in standings if each.person_id == person_id}
    known |= {each.opening_id for each in resting_pairs(session, [person_id], ask.today)}
    # What a telephone call would settle comes after what fits, and says so.
    near = [(band, place) for band in (Band.FITS, Band.NEEDS_CHECK) for place in verdicts.in_band(band).tolist()]
    free = [
        (band, record)
        for band, place in near
        if (record := ask.loaded.record(place)).id not in known and _has_room(record, standings, ask.today)
    ]
    return tuple(_say(ask, *each) for each in free[:MOST])


def _has_room(record: OpeningRecord, standings: Iterable[Standing], today: date) -> bool:
    reserved = sum(each.opening_id == record.id and each.reserves(today) for each in standings)
    return record.free is None or record.free > reserved


def _say(ask: Ask, band: Band, record: OpeningRecord) -> Elsewhere:
    name = "　".join(part for part in (record.name, own_title(record)) if part)
    asks = "要確認　" if band is Band.NEEDS_CHECK else ""
    return Elsewhere(record.id, record.host_id, name, f"{asks}{say_facts(ask.loaded, record)}")
