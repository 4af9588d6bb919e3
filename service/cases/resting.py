"""Pairs that are left in peace for a while because one side declined."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.cases.models import Placement
from service.cases.placements import DECLINED, SIDES


@dataclass(frozen=True)
class Resting:
    """A pair that was declined and is left in peace: until a day, or until the person is assessed again."""

    person_id: str
    opening_id: str
    until: date | None
    until_reassessed: bool
    closing: str
    closed_by: str

    @property
    def said(self) -> str:
        """前回見送り（受け入れ先・12月1日まで）: never that a place was full."""
        until = f"{self.until.month}月{self.until.day}日まで" if self.until else "次のアセスメントまで"
        return f"前回見送り（{SIDES.get(self.closed_by, '担当')}・{until}）"


def resting_pairs(session: Session, people: Collection[str], today: date) -> list[Resting]:
    """Pairs of these people that are not proposed today because one side declined; ids and reasons, no name."""
    still = or_(Placement.rests_until >= today, Placement.until_reassessed)
    query = (
        select(Placement)
        .where(Placement.person_id.in_(sorted(people)), Placement.step == DECLINED, still)
        .order_by(Placement.since.desc(), Placement.id)
    )
    return [
        Resting(row.person_id, row.opening_id, row.rests_until, row.until_reassessed, row.closing, row.closed_by)
        for row in session.scalars(query)
    ]


def reassessed(session: Session, person_id: str) -> None:
    """The person's needs were looked at again: pairs that waited for it may be proposed anew."""
    query = select(Placement).where(Placement.person_id == person_id, Placement.until_reassessed)
    for placement in session.scalars(query):
        placement.until_reassessed = False
