"""What keeps one person from each opening of a run, as it was matched when the run was gathered: codes and numbers, no name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.kernel.vocab import Vocabulary
from service.matching.engine.explain.relaxing import MOST_CODES, Bits, Blocks
from service.matching.rules import UNKNOWN, VIOLATED
from service.matching.verdict import Verdicts

FULL: Final = frozenset({"R-CAPACITY"})


@dataclass(frozen=True)
class Hindrances:
    """Opening o meets words[at[o]]: bit b of its (violated, unknown) is codes[b].

    Many openings share one word, so a whole town's are held as one small number each.
    """

    codes: tuple[str, ...]
    words: tuple[tuple[int, int], ...]
    at: NDArray[np.uint16]

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the run."""
        return {"codes": list(self.codes), "words": [list(word) for word in self.words], "at": self.at.tolist()}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Hindrances | None:
        """As it was kept; None for a run that was kept before these were."""
        if "words" not in kept:
            return None
        words = tuple((int(violated), int(unknown)) for violated, unknown in kept["words"])
        return cls(tuple(kept["codes"]), words, np.array(kept["at"], np.uint16))

    def in_codes(self, codes: tuple[str, ...]) -> tuple[Bits, Bits]:
        """(violated, unknown) uint64[openings] with the bits of these codes; other codes are dropped."""
        place = {at: codes.index(code) for at, code in enumerate(self.codes) if code in codes}
        moved = [[sum(1 << to for at, to in place.items() if word >> at & 1) for word in both] for both in self.words]
        words = np.array(moved, np.uint64).reshape(len(moved), 2)[self.at]
        return words[:, 0], words[:, 1]


def hindrances_of(verdicts: Verdicts, places: NDArray[np.intp]) -> Hindrances:
    """What the match of one person says of these places, as far as it decides."""
    deciding = [row for row, need in enumerate(verdicts.asked) if need.strength.decides]
    codes = tuple(dict.fromkeys(verdicts.asked[row].attribute.code for row in deciding))[:MOST_CODES]
    words = np.zeros((len(places), 2), np.uint64)
    for row in deciding:
        if (code := verdicts.asked[row].attribute.code) in codes:
            bit, findings = np.uint64(1 << codes.index(code)), verdicts.findings[row, places]
            words[findings == VIOLATED, 0] |= bit
            words[findings == UNKNOWN, 1] |= bit
    known: dict[tuple[int, int], int] = {}
    at = [known.setdefault((violated, unknown), len(known)) for violated, unknown in words.tolist()]
    return Hindrances(codes, tuple(known), np.array(at, np.uint16))


def blocks_of(found: Mapping[int, Hindrances], openings: int, vocabulary: Vocabulary) -> Blocks:
    """The same for several people by position, in one set of codes; what may be proposed is as the vocabulary says today."""
    codes = tuple(dict.fromkeys(code for each in found.values() for code in each.codes))[:MOST_CODES]
    words = np.zeros((2, len(found), openings), np.uint64)
    for row, each in enumerate(found.values()):
        words[:, row] = each.in_codes(codes)
    return Blocks(
        codes,
        np.array(list(found), np.int32),
        words[0],
        words[1],
        frozenset(vocabulary.suggestable_codes) & frozenset(codes),
        frozenset(code for code in codes if all(attribute.locked for attribute in vocabulary.of_code(code))),
        FULL & frozenset(codes),
    )
