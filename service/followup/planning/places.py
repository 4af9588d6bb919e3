"""Where the planner's places are: each with a number, the minutes between them, and what is known of an opening's days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.followup.planner.instance import OFFICE
from service.followup.planning.numbers import Numbers
from service.followup.tasks.reading import Known
from service.kernel.geo.distance import distance_km
from service.kernel.geo.travel_legs import Legs
from service.kernel.slots import SlotText
from service.resources.models import Host, Opening, Site
from service.resources.timing import date_slot
from service.resources.words import slot_text

Point = tuple[float, float]


class Places:
    """Locations by their number; the office is the first, and stands in for a place nobody has put on the map."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.points: list[Point | None] = [
            (numbers.office_lat, numbers.office_lon)
            if numbers.office_lat is not None and numbers.office_lon is not None
            else None
        ]
        self.known: dict[Point, int] = {}

    def at(self, lat: float | None, lon: float | None) -> int:
        """The number of a place."""
        if lat is None or lon is None:
            return OFFICE
        point = (round(lat, 6), round(lon, 6))
        if point not in self.known:
            self.known[point] = len(self.points)
            self.points.append(point)
        return self.known[point]

    def travel(self) -> NDArray[np.int32]:
        """Minutes between all of them; the office is in the middle of them where nobody has said where it is."""
        told = [point for point in self.points if point is not None]
        middle = (float(np.mean([p[0] for p in told])), float(np.mean([p[1] for p in told]))) if told else (0.0, 0.0)
        points = np.array([point or middle for point in self.points], dtype=np.float64)
        km = np.stack([distance_km(lat, lon, points[:, 0].copy(), points[:, 1].copy()) for lat, lon in points])
        return Legs(self.numbers.road_factor, self.numbers.speed_kmh, self.numbers.leg_min).minutes(km)


@dataclass(frozen=True)
class Spot:
    """Where an opening is, until when it rests, and which hours of which days it has told; both empty: not known."""

    lat: float | None
    lon: float | None
    rests_until: date | None
    weekly: tuple[SlotText, ...] = ()
    dated: tuple[tuple[date, SlotText], ...] = ()


def spots_of(session: Session, rows: Sequence[Known]) -> dict[str, Spot]:
    """The openings that follow-ups lead to, by their id."""
    openings: Iterable[str] = {known.placement.opening_id for known in rows if known.placement is not None}
    query = (
        select(Opening, Host, Site)
        .join(Host, Opening.host_id == Host.id)
        .join(Site, Opening.site_id == Site.id)
        .where(Opening.id.in_(sorted(openings)))
        .options(selectinload(Opening.slots))
    )
    return {opening.id: _spot(opening, host, site) for opening, host, site in session.execute(query)}


def _spot(opening: Opening, host: Host, site: Site) -> Spot:
    weekly = tuple(slot_text(slot) for slot in opening.slots)
    return Spot(site.lat, site.lon, _rests(opening, host), weekly, tuple(map(date_slot, opening.dates)))


def _rests(opening: Opening, host: Host) -> date | None:
    """Until when nobody comes there; without a day told, for good."""
    paused = [row.paused_until or date.max for row in (opening, host) if row.status == "paused"]
    return max(paused, default=None)
