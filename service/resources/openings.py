"""Keeping openings up to date: the telephone call in one step, and 「変更なし」 in one tap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.kernel.errors import DomainError
from service.kernel.vocab import Choice
from service.resources.catalogue import index_host
from service.resources.hosts import assign
from service.resources.models import Host, Opening, OpeningSlot
from service.resources.timing import Hours
from service.resources.words import slot_text
from service.web.actor import Actor


def save_opening(
    host: Host, opening: Opening, version: int, values: Mapping[str, Any], hours: Sequence[Hours],
    told_by: str, actor: Actor, today: date, activities: Iterable[Choice],
) -> None:  # fmt: skip
    """Take over what was said on the telephone and count it as confirmed today; Conflict when it moved meanwhile."""
    keep_opening(opening, version, values, hours, told_by, actor, today)
    index_host(host, activities)


def keep_opening(
    opening: Opening,
    version: int,
    values: Mapping[str, Any],
    hours: Sequence[Hours],
    told_by: str,
    actor: Actor,
    today: date,
) -> None:
    """The same where nothing is changed that hosts are found by: days, places and pauses."""
    opening.expect(version)
    paused = values["status"] in ("paused", "full")
    kept = dict(values)
    kept["paused_until"] = values["paused_until"] if paused else None
    kept["pause_reason"] = values["pause_reason"] if paused else ""
    assign(opening, kept)
    keep_hours(opening, hours)
    _confirm(opening, told_by, actor, today)


def confirm_opening(opening: Opening, version: int, told_by: str, actor: Actor, today: date) -> None:
    """Nothing has changed, says the host: only the day of confirming moves."""
    opening.expect(version)
    _confirm(opening, told_by, actor, today)


def _confirm(opening: Opening, told_by: str, actor: Actor, today: date) -> None:
    by = f"{told_by}（{actor.label}）" if told_by else actor.label
    assign(opening, {"confirmed_on": today, "confirmed_by": by})


def keep_hours(opening: Opening, hours: Sequence[Hours]) -> None:
    """Bring the weekly slots in line; a slot that stays keeps its row."""
    wanted = {each.when: each for each in hours}
    for slot in list(opening.slots):
        each = wanted.pop(slot_text(slot), None)
        if each is None:
            opening.slots.remove(slot)
        else:
            assign(slot, {"free": each.free})
    for each in wanted.values():
        opening.slots.append(_new_slot(opening, each))


def _new_slot(opening: Opening, hours: Hours) -> OpeningSlot:
    when = hours.when
    return OpeningSlot(
        host_id=opening.host_id, weekday=when.weekday, start_min=when.start_min, end_min=when.end_min,
        nth=list(when.nth), free=hours.free,
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a host lets us know in a few ticks; None = nothing said about it.

    `free_at` is the places at single weekday slots, by slot id; `weekdays` are those of its days that go on; `status` is
    "paused" with an end and a reason, or "open" to go on.
    """

    free: int | None = None
    free_at: Mapping[str, int] = field(default_factory=dict)
    weekdays: frozenset[int] | None = None
    status: str = ""
    paused_until: date | None = None
    pause_reason: str = ""


def tell_opening(opening: Opening, version: int, told: Told, told_by: str, actor: Actor, today: date) -> None:
    """Take over what was ticked and count it as confirmed today; Conflict when the opening moved meanwhile.

    DomainError when no day would be left: that is a pause, and has to be said as one.
    """
    opening.expect(version)
    if told.free is not None:
        assign(opening, {"free": told.free})
    for slot in opening.slots:
        if slot.id in told.free_at:
            assign(slot, {"free": told.free_at[slot.id]})
    if told.weekdays is not None:
        _keep_days(opening, told.weekdays)
    if told.status:
        paused = told.status == "paused"
        assign(
            opening,
            {
                "status": told.status,
                "paused_until": told.paused_until if paused else None,
                "pause_reason": told.pause_reason if paused else "",
            },
        )
    _confirm(opening, told_by, actor, today)


def _keep_days(opening: Opening, weekdays: frozenset[int]) -> None:
    if opening.slots and not any(slot.weekday in weekdays for slot in opening.slots):
        raise DomainError(
            f"「{opening.title}」の曜日が一つも残りません。",
            "しばらく受けないときは「休止」を選んでください。",
            "no-days",
            422,
        )
    for slot in [slot for slot in opening.slots if slot.weekday not in weekdays]:
        opening.slots.remove(slot)
