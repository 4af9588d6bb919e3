"""What an opening has promised: who attends and who is on the way, so that no number typed takes their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.placements import Standing, live_placements
from service.kernel.errors import DomainError
from service.resources.models import Opening
from service.resources.openings import Told
from service.resources.timing import Hours
from service.resources.words import slot_text

CALL_US: Final = "担当者にお電話ください。"
LET_GO_FIRST: Final = "先に「打診・紹介」の画面で、押さえている方を見送りにしてください。"


@dataclass(frozen=True)
class Taken:
    """Who has a place at an opening, as numbers: attending, and promised but not there yet."""

    attending: int
    promised: int
    promised_at: Mapping[tuple[int | None, int | None], int]


def taken_at(session: Session, opening: Opening, today: date) -> Taken:
    """How many have a place here, as the ladder counts them."""
    here = [each for each in live_placements(session, opening.host_id) if each.opening_id == opening.id]
    promised = [each for each in here if each.reserves(today)]
    return Taken(sum(each.attends for each in here), len(promised), _by_time(promised))


def check_room(
    opening: Opening, values: Mapping[str, Any], hours: Sequence[Hours], taken: Taken, remedy: str = CALL_US
) -> None:
    """Nobody who was accepted loses a place by a number that was typed; `remedy` says how fewer is reached all the same."""
    capacity, free = values.get("capacity", opening.capacity), values.get("free", opening.free)
    if capacity is not None and capacity < taken.attending:
        raise _refused(f"いま{taken.attending}人が利用しています。", f"定員は{taken.attending}人より少なくできません。")
    if capacity is not None and free is not None and free + taken.attending > capacity:
        raise _refused(
            f"定員は{capacity}人で、いま{taken.attending}人が利用しています。",
            f"空きは{capacity - taken.attending}人までです。もっと受けられるときは、定員を先に直してください。",
        )
    if free is not None and free < taken.promised:
        raise _refused(*_promised(taken.promised, remedy))
    for each in hours:
        promised = taken.promised_at.get((each.when.weekday, each.when.start_min), 0)
        if each.free is not None and each.free < promised:
            raise _refused(*_promised(promised, remedy))


def check_told(session: Session, opening: Opening, told: Told, today: date) -> None:
    """The same for what a host ticked on a sheet and one of us types: DomainError when it goes below what is promised."""
    if told.free is None and told.weekdays is None:
        return
    session.execute(select(Opening.id).where(Opening.id == opening.id).with_for_update()).all()
    stays = [slot for slot in opening.slots if told.weekdays is None or slot.weekday in told.weekdays]
    hours = [Hours(slot_text(slot), told.free_at.get(slot.id, slot.free)) for slot in stays]
    values = {} if told.free is None else {"free": told.free}
    check_room(opening, values, hours, taken_at(session, opening, today), LET_GO_FIRST)


def _promised(number: int, remedy: str) -> tuple[str, str]:
    return f"受け入れのお返事をいただいた方が{number}人います。", f"空きを{number}より少なくするときは、{remedy}"


def _refused(message: str, remedy: str) -> DomainError:
    return DomainError(message, remedy, "promised", 422)


def _by_time(promised: Sequence[Standing]) -> Mapping[tuple[int | None, int | None], int]:
    found: dict[tuple[int | None, int | None], int] = {}
    for each in promised:
        for time in each.sessions:
            key = (time.weekday, time.start_min)
            found[key] = found.get(key, 0) + 1
    return found
