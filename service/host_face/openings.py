"""A host keeps its own openings: days, free places and pauses, never below what it has promised already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.cases.promises import check_room, taken_at
from service.host_face.own import Own
from service.kernel.errors import NotFound
from service.resources.models import Opening, OpeningSlot
from service.resources.openings import confirm_opening, keep_opening
from service.resources.timing import Hours
from service.resources.words import slot_text

MOST: Final = 999
PAUSE_REASONS: Final = {
    "busy": "忙しい時期のため",
    "hands": "人手が足りないため",
    "works": "改装・修理のため",
    "health": "体調のため",
    "full": "いまいる方で手いっぱいのため",
    "other": "都合により",
}


def own_openings(session: Session, host_id: str, *, lock: bool = False) -> list[Opening]:
    """What a host offers, in its order; what has ended is left out."""
    query = (
        select(Opening)
        .where(Opening.host_id == host_id, Opening.status != "ended")
        .options(selectinload(Opening.slots))
        .order_by(Opening.position, Opening.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query.with_for_update() if lock else query))


def own_opening(session: Session, host_id: str, opening_id: str, *, lock: bool = False) -> Opening:
    """One of them; another host's does not exist."""
    query = (
        select(Opening)
        .where(Opening.id == opening_id, Opening.host_id == host_id, Opening.status != "ended")
        .options(selectinload(Opening.slots))
        .execution_options(populate_existing=True)
    )
    opening = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if opening is None:
        raise NotFound()
    return opening


def confirm_all(session: Session, own: Own) -> int:
    """「変更なし」 for everything the host offers, in one tap; how many openings that were."""
    openings = own_openings(session, own.host_id, lock=True)
    for opening in openings:
        confirm_opening(opening, opening.version, "", own.actor, own.today)
    return len(openings)


def change_opening(
    session: Session,
    own: Own,
    opening: Opening,
    version: int,
    values: Mapping[str, Any],
    hours: Sequence[Hours] | None = None,
) -> None:
    """Take over what the host says of its own opening, and count it as confirmed today; raises like `check_change`."""
    kept, slots = check_change(session, own, opening, version, values, hours)
    keep_opening(opening, version, kept, slots, "", own.actor, own.today)


def check_change(
    session: Session,
    own: Own,
    opening: Opening,
    version: int,
    values: Mapping[str, Any],
    hours: Sequence[Hours] | None = None,
) -> tuple[dict[str, Any], tuple[Hours, ...]]:
    """What would be kept. Nothing is written yet.

    Conflict when it moved meanwhile, DomainError when it would take away what somebody has been promised.
    """
    opening.expect(version)
    kept = {name: getattr(opening, name) for name in ("status", "paused_until", "pause_reason")} | dict(values)
    if kept["status"] == "full" and (kept.get("free") or 0) > 0:
        kept["status"] = "open"
    slots = tuple(hours) if hours is not None else hours_of(opening)
    if hours is not None or kept.keys() & {"free", "capacity"}:
        check_room(opening, kept, slots, taken_at(session, opening, own.today))
    return kept, slots


def hours_of(opening: Opening) -> tuple[Hours, ...]:
    """The weekly hours as they stand."""
    return tuple(Hours(slot_text(slot), slot.free) for slot in opening.slots)


def stepped(free: int | None, step: int) -> int:
    """One place more or fewer; where nobody has counted yet, the count begins at none."""
    return min(max((free or 0) + step, 0), MOST)


def with_slot_step(opening: Opening, slot: OpeningSlot, step: int) -> tuple[Hours, ...]:
    """The hours with one place more or fewer on one of them."""
    return tuple(
        Hours(slot_text(each), stepped(each.free, step) if each.id == slot.id else each.free) for each in opening.slots
    )


def slot_of(opening: Opening, slot_id: str) -> OpeningSlot:
    """A slot of this opening; any other is NotFound."""
    found = next((slot for slot in opening.slots if slot.id == slot_id), None)
    if found is None:
        raise NotFound()
    return found
