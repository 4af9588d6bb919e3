"""Why nothing fits somebody: the smallest sets of conditions that, met or dropped, would open a place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.matching.bands import Band
from service.matching.rules import UNKNOWN, VIOLATED
from service.matching.verdict import Verdicts

MOST_SETS: Final = 3


@dataclass(frozen=True)
class Obstacle:
    """Codes that stand in the way together, at how many openings just these do; `asks` = a question would settle it."""

    codes: tuple[str, ...]
    openings: int
    asks: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the run."""
        return {"codes": list(self.codes), "openings": self.openings, "asks": self.asks}


def obstacles_of(verdicts: Verdicts, places: NDArray[np.intp]) -> tuple[Obstacle, ...]:
    """Up to three sets, questions first, then the smallest, then those at most openings; none holds another."""
    found: Counter[tuple[bool, frozenset[str]]] = Counter()
    rows = [row for row, need in enumerate(verdicts.asked) if need.strength.decides]
    codes = [verdicts.asked[row].attribute.code for row in rows]
    findings = verdicts.findings[rows][:, places]
    for column, band in zip(findings.T.tolist(), verdicts.bands[places].tolist(), strict=True):
        asks = band == Band.NEEDS_CHECK
        wanted = UNKNOWN if asks else VIOLATED
        if found_codes := frozenset(code for code, finding in zip(codes, column, strict=True) if finding == wanted):
            found[asks, found_codes] += 1
    return _smallest(found)


def _smallest(found: Counter[tuple[bool, frozenset[str]]]) -> tuple[Obstacle, ...]:
    ordered = sorted(found.items(), key=lambda each: (not each[0][0], len(each[0][1]), -each[1], sorted(each[0][1])))
    chosen: list[Obstacle] = []
    for (asks, codes), count in ordered:
        is_larger = any(set(other.codes) <= codes and other.asks == asks for other in chosen)
        if not is_larger and len(chosen) < MOST_SETS:
            chosen.append(Obstacle(tuple(sorted(codes)), count, asks))
    return tuple(chosen)
