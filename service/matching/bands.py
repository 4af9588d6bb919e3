"""Three bands, and the order in which a coordinator reads the places inside them."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

INDEX_BITS: Final = 20
SCORE_BITS: Final = 18
MINUTE_BITS: Final = 11
COUNT_BITS: Final = 6
# A travel time nobody can tell sorts after every other.
NO_MINUTES: Final = (1 << MINUTE_BITS) - 1


class Band(IntEnum):
    """適合 / 要確認 / 不適合."""

    FITS = 0
    NEEDS_CHECK = 1
    EXCLUDED = 2

    @property
    def label(self) -> str:
        return ("適合", "要確認", "不適合")[self.value]


def band_of(violated: NDArray[np.uint8], unknown: NDArray[np.uint8]) -> NDArray[np.int8]:
    """int8[N] of Band from the number of violated and of unknown hard needs: violation goes before unknown."""
    bands: NDArray[np.int8] = (unknown != 0).view(np.int8)
    np.copyto(bands, Band.EXCLUDED, where=violated != 0)
    return bands


def order(
    bands: NDArray[np.int8],
    violated: NDArray[np.uint8],
    unknown: NDArray[np.uint8],
    score: NDArray[np.int32],
    minutes: NDArray[np.int16],
) -> NDArray[np.intp]:
    """Positions, best first: band; fewest violations; fewest unknown; most points; least travel; id.

    `score` in hundredths of a point (±1,310 points count), `minutes` −1 where not known. The arrays are sorted by
    id, so the position settles what is left. Everything is packed into one word per opening, because sorting
    words is several times faster than sorting by five keys. ValueError beyond 1,048,576 openings.
    """
    if len(bands) > 1 << INDEX_BITS:
        raise ValueError("more openings than an ordering word can hold")
    most, half = (1 << COUNT_BITS) - 1, 1 << (SCORE_BITS - 1)
    tier = bands.astype(np.int16) << (2 * COUNT_BITS)
    tier |= np.minimum(violated, np.uint8(most)).astype(np.int16) << COUNT_BITS
    tier |= np.minimum(unknown, np.uint8(most))
    inside = (half - np.clip(score, 1 - half, half)) << MINUTE_BITS
    # −1, not known, is the largest of all as an unsigned number.
    inside |= np.minimum(minutes.view(np.uint16), np.uint16(NO_MINUTES))
    word = tier.astype(np.int64) << (SCORE_BITS + MINUTE_BITS)
    word |= inside
    word <<= INDEX_BITS
    word |= np.arange(len(bands))
    word.sort()
    return word & ((1 << INDEX_BITS) - 1)
