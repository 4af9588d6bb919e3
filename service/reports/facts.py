"""The plain rows figures are counted from: days and keys, and nobody's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CaseFact:
    """One episode of a household."""

    id: str
    household_id: str
    opened_on: date
    status: str
    closed_on: date | None


@dataclass(frozen=True)
class PersonFact:
    """Somebody of a household."""

    id: str
    household_id: str
    principal: bool
    birth_on: date | None
    gender: str
    relation: str


@dataclass(frozen=True)
class SheetFact:
    """One つなぐシート."""

    case_id: str
    received_on: date
    screening_due_on: date
    source: str
    troubles: tuple[str, ...]
    pressing: str
    is_urgent: bool


@dataclass(frozen=True)
class ScreeningFact:
    """One 該当判断."""

    case_id: str
    on: date
    result: str


@dataclass(frozen=True)
class AnswerFact:
    """One answer to the question of the service consent, in the order they were recorded."""

    person_id: str
    on: date
    state: str


@dataclass(frozen=True)
class CaseMove:
    """One step of a case, in the order they were recorded."""

    case_id: str
    on: date
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class DatedFact:
    """Something that happened on a day and is divided by what is known of it at once."""

    on: date
    values: Mapping[str, str]


@dataclass(frozen=True)
class MeetingFact:
    """One meeting that was held, the sections that sat in it, and the cases it spoke of."""

    on: date
    kind: str
    sections: tuple[str, ...]
    cases: frozenset[str]


@dataclass(frozen=True)
class DueFact:
    """Something with a day it is due, and the last day it is in time."""

    due_on: date
    late_on: date
    done_on: date | None
    is_off: bool
    kind: str


@dataclass(frozen=True)
class PlaceFact:
    """A placement as it stands now."""

    id: str
    person_id: str
    host_id: str
    host_kind: str
    step: str
    since: date
    started_on: date | None
    closing: str
    why: str
    """How it ended or why it was declined, in words; empty while it goes on."""


@dataclass(frozen=True)
class PlaceMove:
    """One step of a placement, by the day in Japan, in the order they were recorded."""

    placement_id: str
    on: date
    before: str
    after: str


@dataclass(frozen=True)
class TieFact:
    """What was said of a tie after the closing."""

    person_id: str
    on: date
    said: str


@dataclass(frozen=True)
class CareFact:
    """A person whose case was closed."""

    person_id: str
    closed_on: date
    is_back: bool


@dataclass(frozen=True)
class OpeningFact:
    """An opening as it stands on the day of counting."""

    free: int | None
    capacity: int | None
    used: int
    confirmed_on: date | None


@dataclass(frozen=True)
class Ground:
    """Everything figures are counted from, of all the years there are."""

    cases: Sequence[CaseFact] = ()
    people: Sequence[PersonFact] = ()
    sheets: Sequence[SheetFact] = ()
    advice: Sequence[DatedFact] = ()
    screenings: Sequence[ScreeningFact] = ()
    answers: Sequence[AnswerFact] = ()
    moves: Sequence[CaseMove] = ()
    plans: Sequence[DatedFact] = ()
    meetings: Sequence[MeetingFact] = ()
    feedback: Sequence[DueFact] = ()
    places: Sequence[PlaceFact] = ()
    steps: Sequence[PlaceMove] = ()
    followups: Sequence[DueFact] = ()
    ties: Sequence[TieFact] = ()
    cared: Sequence[CareFact] = ()
    hosts: Sequence[str] = ()
    """The kind of each host that takes people on the day of counting."""
    themes: Sequence[str] = ()
    """What each of them helps with, one by one."""
    new_hosts: Sequence[DatedFact] = ()
    openings: Sequence[OpeningFact] = ()
    gaps: Sequence[DatedFact] = ()
    counted_on: date | None = None
