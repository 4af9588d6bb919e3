"""Somebody's days as an iCalendar feed (RFC 5545). Pure: no name and no address is ever given to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from icalendar import Calendar, Event

from service.kernel.clock import TOKYO

TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"
PRODUCT: Final = "-//Tsunagi//Follow-up//JA"
REFRESH: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One thing on a day; without a start (minutes from midnight) it takes the whole day of the calendar."""

    uid: str
    """The same as long as the thing is the same, wherever it moves."""
    sequence: int
    """Rises with every change."""
    title: str
    """What is done and the number of the case: never a name, an address or a host."""
    on: date
    start_min: int | None
    minutes: int
    status: str
    changed_at: datetime


def write_feed(entries: Iterable[Entry], name: str) -> bytes:
    """The calendar as a file, with the time zone it speaks of; entries come out in the order given."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("summary", entry.title)
    event.add("class", "PRIVATE")
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT" if entry.start_min is None or entry.status == CANCELLED else "OPAQUE")
    if entry.start_min is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        return event
    start = datetime.combine(entry.on, time(), TOKYO) + timedelta(minutes=entry.start_min)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=entry.minutes))
    return event
