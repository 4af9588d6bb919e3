"""The one number of a town about its figures: how few are too few to leave the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from service.reports.figures import LEAST
from service.resources.policies import newest

REPORTS: Final = "reports"
LOWEST, HIGHEST = 3, 20


@dataclass(frozen=True)
class Fewest:
    """Numbers smaller than `few` do not leave; `version` is 0 while the shipped one holds."""

    few: int
    version: int


def fewest(session: Session) -> Fewest:
    """The number in force."""
    row = newest(session, REPORTS)
    return Fewest(int(row.body["few"]), row.seq) if row else Fewest(LEAST, 0)
