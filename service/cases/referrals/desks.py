"""The desks a つなぐシート may come from: the directory, as whoever fills a sheet in chooses from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.kernel.kana import fold_text, sort_key
from service.resources.agencies.models import Agency


@dataclass(frozen=True)
class Desk:
    """One agency, by the words that stand in the box; its telephone and address fill what was left empty."""

    id: str
    label: str
    phone: str
    email: str


@dataclass(frozen=True)
class Desks:
    """Every desk in use, in 五十音 order."""

    desks: tuple[Desk, ...] = ()

    def find(self, typed: str) -> Desk | None:
        """The desk somebody meant, in any spelling; None for a neighbour, or a desk nobody has entered yet."""
        folded = fold_text(typed)
        return next((desk for desk in self.desks if fold_text(desk.label) == folded), None) if folded else None

    def label_of(self, agency_id: str | None) -> str:
        """The words of a desk; nothing for one that is not in use any more."""
        return next((desk.label for desk in self.desks if desk.id == agency_id), "")


NO_DESKS: Final = Desks()


def desks_of(session: Session) -> Desks:
    """The directory as it may be chosen from; where two have one name, their 担当課 tells them apart."""
    rows = sorted(
        session.scalars(select(Agency).where(Agency.active)), key=lambda each: (sort_key(each.kana or each.name), each.id)
    )
    names = Counter(fold_text(row.name) for row in rows)
    return Desks(tuple(
        Desk(row.id, f"{row.name}（{row.section}）" if names[fold_text(row.name)] > 1 and row.section else row.name, row.phone,
             row.email)
        for row in rows
    ))  # fmt: skip
