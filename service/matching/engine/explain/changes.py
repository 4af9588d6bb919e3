"""What could be changed so that somebody left finds a place: one more of something, or one condition less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What would be changed."""

    PLACE = "place"
    HIGH_SUPPORT = "high_support"
    RESOURCE = "resource"
    NEW_START = "new_start"
    COORDINATOR = "coordinator"
    ACCOMPANY = "accompany"
    CONDITION = "condition"
    QUESTION = "question"
    OPENING = "opening"


@dataclass(frozen=True)
class Change:
    """One change and whom of those left it could help, at most `places` of them.

    `thing` is the position of the opening (PLACE, HIGH_SUPPORT, RESOURCE, CONDITION, QUESTION), host, coordinator or
    half-day of the week (weekday × 2, +1 in the afternoon); for a new OPENING it is (cell, half-day, activity).
    `code` is the condition; `may_suggest` False where it is not for us to propose it, only to know it.
    """

    kind: Kind
    thing: int | tuple[int, int, int]
    people: tuple[int, ...]
    places: int = 1
    code: str = ""
    may_suggest: bool = True

    @property
    def gain(self) -> int:
        """How many of those left it could help at once."""
        return min(len(self.people), self.places)


@dataclass(frozen=True)
class BestSet:
    """Changes in the order of what each adds, the people each would help, and how many no set of as many could pass."""

    changes: tuple[Change, ...]
    helped: tuple[tuple[int, ...], ...]
    bound: int
    is_proven: bool

    @property
    def people(self) -> int:
        """How many of those left have a place in prospect."""
        return sum(map(len, self.helped))


def ranked(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Most people helped first; then what most could use, then what may be suggested."""
    return tuple(
        sorted(
            changes,
            key=lambda each: (-each.gain, -len(each.people), not each.may_suggest, each.kind, str(each.thing), each.code),
        )
    )
