"""What changed from one plan to another, person by person, and why where that can be known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
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
    SAME = "same"


class Cause(StrEnum):
    """Why, as far as it can be known."""

    PINNED = "pinned"
    PLACE_GONE = "place_gone"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NOT_ASKED = "not_asked"
    LONGER_WAITING = "longer_waiting"
    PLACE_FREED = "place_freed"
    NEW_PERSON = "new_person"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Known:
    """What is known besides the two plans: ids, and days of waiting by person.

    `people` are all of the later run; `pinned` (person, opening) were forced, forbidden or released; `gone` openings
    cannot be used any more; `withdrawn` people have taken back their consent; `newcomers` were not in the earlier run.
    """

    people: Collection[str] = ()
    pinned: Collection[tuple[str, str]] = ()
    gone: Collection[str] = ()
    withdrawn: Collection[str] = ()
    newcomers: Collection[str] = ()
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
    everybody = sorted(person for person in before.keys() | after.keys() if before.get(person) or after.get(person))
    return tuple(_changed(person, before, after, known) for person in everybody)


def _changed(person: str, before: Mapping[str, Places], after: Mapping[str, Places], known: Known) -> Changed:
    was, now = before.get(person, {}), after.get(person, {})
    given_up, taken = tuple(sorted(was.keys() - now.keys())), tuple(sorted(now.keys() - was.keys()))
    change = _kind(person, was, now, known)
    if change in (Change.SAME, Change.OTHER_TIME):
        return Changed(person, change, tuple(sorted(was)), tuple(sorted(now)))
    cause, others = _cause(person, change, given_up, taken, before, after, known)
    return Changed(person, change, tuple(sorted(was)), tuple(sorted(now)), cause, others)


def _kind(person: str, was: Places, now: Places, known: Known) -> Change:
    if not was:
        return Change.NEW
    if not now:
        return Change.LEFT if person in known.people else Change.GONE
    if was.keys() != now.keys():
        return Change.MOVED
    return Change.SAME if dict(was) == dict(now) else Change.OTHER_TIME


def _cause(
    person: str,
    change: Change,
    given_up: Iterable[str],
    taken: Iterable[str],
    before: Mapping[str, Places],
    after: Mapping[str, Places],
    known: Known,
) -> tuple[Cause, tuple[str, ...]]:
    """What somebody decided goes first, then what is gone, then who has it now or gave it up."""
    if person in known.withdrawn:
        return Cause.CONSENT_WITHDRAWN, ()
    if any((person, opening) in known.pinned for opening in (*given_up, *taken)):
        return Cause.PINNED, ()
    if change is Change.GONE:
        return Cause.NOT_ASKED, ()
    if any(opening in known.gone for opening in given_up):
        return Cause.PLACE_GONE, ()
    came = _came(given_up, before, after)
    if put := tuple(sorted({other for other, opening in came if (other, opening) in known.pinned})):
        return Cause.PINNED, put
    mine = known.waiting.get(person, 0)
    if ahead := tuple(sorted({other for other, _ in came if known.waiting.get(other, 0) > mine})):
        return Cause.LONGER_WAITING, ahead
    if person in known.newcomers:
        return Cause.NEW_PERSON, ()
    freed = tuple(sorted(other for other in before for opening in taken if _gave_up(other, opening, before, after)))
    return (Cause.PLACE_FREED, freed) if freed else (Cause.UNKNOWN, ())


def _came(given_up: Iterable[str], before: Mapping[str, Places], after: Mapping[str, Places]) -> list[tuple[str, str]]:
    """(person, opening): who has come to what somebody gave up."""
    return [
        (other, opening)
        for opening in given_up
        for other in after
        if opening in after[other] and opening not in before.get(other, {})
    ]


def _gave_up(other: str, opening: str, before: Mapping[str, Places], after: Mapping[str, Places]) -> bool:
    return opening in before[other] and opening not in after.get(other, {})
