"""Conditions that stand between people and openings as bits, and the smallest sets of them that would open a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.matching.engine.problem import Ints

Bits = NDArray[np.uint64]
MOST_SETS: Final = 3
MOST_CODES: Final = 64


@dataclass(frozen=True)
class Blocks:
    """Row r is what keeps person[r] from each opening: bit b of `violated` and `unknown` (uint64[rows, openings]) is codes[b].

    `suggestable` codes may be proposed to be dropped, `locked` ones never; `full` ones say that there is no free place.
    """

    codes: tuple[str, ...]
    person: Ints
    violated: Bits
    unknown: Bits
    suggestable: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if len(self.codes) > MOST_CODES:
            raise ValueError("more codes than bits")

    def bits(self, codes: frozenset[str]) -> np.uint64:
        """The word in which these codes' bits are set."""
        return np.uint64(sum(1 << place for place, code in enumerate(self.codes) if code in codes))

    def codes_in(self, word: int) -> tuple[str, ...]:
        """The codes of a word, in their own order."""
        return tuple(code for place, code in enumerate(self.codes) if word >> place & 1)

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Row by person."""
        return {person: row for row, person in enumerate(self.person.tolist())}


@dataclass(frozen=True)
class ConditionSet:
    """Codes that, dropped together, would open these openings; none of them alone would.

    `may_suggest`: all of them are the person's own to loosen; `is_locked`: one of them never is.
    """

    codes: tuple[str, ...]
    openings: tuple[int, ...]
    may_suggest: bool
    is_locked: bool


def condition_sets(blocks: Blocks, person: int, most: int = MOST_SETS) -> tuple[ConditionSet, ...]:
    """The smallest sets first, those that may be suggested before others of their size; locked ones only for want of others.

    Every opening's violated codes open it when dropped, so the minimal sets are those that hold no other.
    """
    row = blocks.violated[blocks.row_of[person]]
    locked = blocks.bits(blocks.locked)
    open_to_change = (row & locked) == 0
    found = list(_minimal(blocks, np.where(open_to_change, row, np.uint64(0))))
    if not found:
        found = list(_minimal(blocks, row))
    return tuple(sorted(found, key=lambda each: (len(each.codes), not each.may_suggest, -len(each.openings), each.codes)))[
        :most
    ]


def _minimal(blocks: Blocks, row: Bits) -> Iterator[ConditionSet]:
    words = [int(word) for word in np.unique(row) if word]
    suggestable, locked = int(blocks.bits(blocks.suggestable)), int(blocks.bits(blocks.locked))
    for word in words:
        if any(other & word == other != word for other in words):
            continue
        openings = np.flatnonzero((row != 0) & ((row & ~np.uint64(word)) == 0)).tolist()
        yield ConditionSet(blocks.codes_in(word), tuple(openings), word & ~suggestable == 0, word & locked != 0)
