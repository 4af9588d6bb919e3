"""What may leave the circle of those who may read cases: counts of people, none below five."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 5


@dataclass(frozen=True)
class Counted:
    """One row for insiders: what it is about, the larger thing it belongs to, and the people counted."""

    label: str
    group: str
    people: frozenset[int]


@dataclass(frozen=True)
class Shown:
    """One row for everybody: None = fewer than five. `is_rest`: several small rows of a group rolled into one."""

    label: str
    count: int | None
    is_rest: bool = False


def for_outside(rows: Iterable[Counted], fewest: int = FEWEST) -> tuple[Shown, ...]:
    """Rows of five people or more as they are; smaller ones rolled up in their group, and still hidden if too few.

    No total is given, and rows that few people tell apart are told apart no more: where two rows shown differ by fewer
    than five people, the smaller is rolled up as well, so that nothing can be had by subtracting.
    """
    listed = sorted(rows, key=lambda row: (-len(row.people), row.label))
    shown: list[Counted] = []
    small: dict[str, list[Counted]] = {}
    for row in listed:
        if len(row.people) >= fewest and not any(_gives_away(row, other, fewest) for other in shown):
            shown.append(row)
        else:
            small.setdefault(row.group, []).append(row)
    return (*(Shown(row.label, len(row.people)) for row in shown), *_rolled_up(small, shown, fewest))


def _gives_away(row: Counted, other: Counted, fewest: int) -> bool:
    """Whether one holds the other and all but a few of it: the difference would be those few."""
    return row.people < other.people and len(other.people - row.people) < fewest


def _rolled_up(small: Mapping[str, list[Counted]], shown: list[Counted], fewest: int) -> Iterable[Shown]:
    for group, rows in sorted(small.items()):
        together = Counted(group, group, frozenset().union(*(row.people for row in rows)))
        is_safe = len(together.people) >= fewest and not any(
            _gives_away(together, other, fewest) or _gives_away(other, together, fewest) for other in shown
        )
        yield Shown(group, len(together.people) if is_safe else None, is_rest=True)
