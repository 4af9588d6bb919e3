"""What changed from one plan to another, person by person, and why where that can be known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

Session = tuple[int, int, int, int]
"""Weekday (−1 = none), start, end in minutes, half units a week."""
Places = Mapping[str, frozenset[Session]]
"""Openings by id, with the sessions somebody has there."""


class Change(StrEnum):
    """What happened to one person."""

    NEW = "new"
    MOVED = "moved"
    OTHER_TIME = "other_time"
    LEFT = "left"
    GONE = "gone"
    ACCEPTED = "accepted"
    SAME = "same"


class Cause(StrEnum):
    """Why, as far as it can be known; `TAKEN` says who is there now without claiming that this is why."""

    PINNED = "pinned"
    PLACE_GONE = "place_gone"
    NO_LONGER_FITS = "no_longer_fits"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NOT_ASKED = "not_asked"
    LONGER_WAITING = "longer_waiting"
    PLACE_FREED = "place_freed"
    NEW_PERSON = "new_person"
    TAKEN = "taken"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Known:
    """What is known besides the two plans: ids, and days of waiting by person.

    `people` are all of the later run; `pinned` (person, opening) were decided or undecided since the earlier one; `gone`
    openings cannot be used by anybody any more, `unfit` (person, opening) not by this person; `roomy` openings still have
    room; `withdrawn` people have taken back their consent; `newcomers` were not in the earlier run; `accepted` (person,
    opening) of the earlier plan are settled. Who has no days of `waiting` is never said to wait longer.
    """

    people: Collection[str] = ()
    pinned: Collection[tuple[str, str]] = ()
    gone: Collection[str] = ()
    unfit: Collection[tuple[str, str]] = ()
    roomy: Collection[str] = ()
    withdrawn: Collection[str] = ()
    newcomers: Collection[str] = ()
    accepted: Collection[tuple[str, str]] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """One person: where before, where now, and why; `others` are those who have what the person had, or gave it up."""

    person: str
    change: Change
    before: tuple[str, ...]
    after: tuple[str, ...]
    cause: Cause = Cause.UNKNOWN
    others: tuple[str, ...] = ()


def difference(before: Mapping[str, Places], after: Mapping[str, Places], known: Known) -> tuple[Changed, ...]:
    """Everybody of either plan, by id; those with no place in both are left out."""
    both = _Plans(before, _with_accepted(before, after, known), known)
    everybody = sorted(person for person in before.keys() | after.keys() if before.get(person) or after.get(person))
    return tuple(both.changed(person) for person in everybody)


def _with_accepted(before: Mapping[str, Places], after: Mapping[str, Places], known: Known) -> Mapping[str, Places]:
    """The later plan with what is settled meanwhile, which no plan proposes again."""
    now = {person: dict(places) for person, places in after.items()}
    for person, opening in known.accepted:
        if opening in before.get(person, {}):
            now.setdefault(person, {}).setdefault(opening, before[person][opening])
    return now


@dataclass(frozen=True)
class _Plans:
    """Two plans side by side."""

    before: Mapping[str, Places]
    after: Mapping[str, Places]
    known: Known

    def changed(self, person: str) -> Changed:
        """What happened to one person, and why."""
        was, now = self.before.get(person, {}), self.after.get(person, {})
        change = self._kind(person, was, now)
        found = Changed(person, change, tuple(sorted(was)), tuple(sorted(now)))
        if change in (Change.SAME, Change.OTHER_TIME, Change.ACCEPTED):
            return found
        cause, others = self._cause(person, change, sorted(was.keys() - now.keys()), sorted(now.keys() - was.keys()))
        return replace(found, cause=cause, others=others)

    def _kind(self, person: str, was: Places, now: Places) -> Change:
        if not was:
            return Change.NEW
        if not now:
            return Change.LEFT if person in self.known.people else Change.GONE
        if was.keys() != now.keys():
            return Change.MOVED
        if all((person, opening) in self.known.accepted for opening in was):
            return Change.ACCEPTED
        return Change.SAME if dict(was) == dict(now) else Change.OTHER_TIME

    def _cause(
        self, person: str, change: Change, given_up: Sequence[str], taken: Sequence[str]
    ) -> tuple[Cause, tuple[str, ...]]:
        """What somebody decided goes first, then what is gone, then who has it now or gave it up."""
        if found := self._own_cause(person, change, given_up, taken):
            return found, ()
        came = self._came(given_up)
        if put := _people(other for other, opening in came if (other, opening) in self.known.pinned):
            return Cause.PINNED, put
        mine = self.known.waiting.get(person, 0)
        if ahead := _people(other for other, _ in came if self.known.waiting.get(other, 0) > mine):
            return Cause.LONGER_WAITING, ahead
        if person in self.known.newcomers:
            return Cause.NEW_PERSON, ()
        if freed := _people(other for other in self.before for opening in taken if self._gave_up(other, opening)):
            return Cause.PLACE_FREED, freed
        there = _people(other for other, _ in came)
        return (Cause.TAKEN, there) if there else (Cause.UNKNOWN, ())

    def _own_cause(self, person: str, change: Change, given_up: Sequence[str], taken: Sequence[str]) -> Cause | None:
        """A cause that lies with the person or the place alone."""
        if person in self.known.withdrawn:
            return Cause.CONSENT_WITHDRAWN
        if any((person, opening) in self.known.pinned for opening in (*given_up, *taken)):
            return Cause.PINNED
        if change is Change.GONE:
            return Cause.NOT_ASKED
        if any(opening in self.known.gone for opening in given_up):
            return Cause.PLACE_GONE
        return Cause.NO_LONGER_FITS if any((person, each) in self.known.unfit for each in given_up) else None

    def _came(self, given_up: Sequence[str]) -> list[tuple[str, str]]:
        """(person, opening): who has come to what somebody gave up; where there is room left, nobody was in the way."""
        return [
            (other, opening)
            for opening in given_up
            if opening not in self.known.roomy
            for other in self.after
            if opening in self.after[other] and opening not in self.before.get(other, {})
        ]

    def _gave_up(self, other: str, opening: str) -> bool:
        return opening in self.before[other] and opening not in self.after.get(other, {})


def _people(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))
