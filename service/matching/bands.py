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
    half = 1 << (SCORE_BITS - 1)
    word = bands.astype(np.int64)
    for part, bits in (
        (np.minimum(violated, (1 << COUNT_BITS) - 1), COUNT_BITS),
        (np.minimum(unknown, (1 << COUNT_BITS) - 1), COUNT_BITS),
        (half - np.clip(score, 1 - half, half), SCORE_BITS),
        (np.where(minutes < 0, NO_MINUTES, np.minimum(minutes, NO_MINUTES)), MINUTE_BITS),
        (np.arange(len(bands)), INDEX_BITS),
    ):
        word <<= bits
        word |= part
    word.sort()
    return word & ((1 << INDEX_BITS) - 1)
