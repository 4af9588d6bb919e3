"""Keeping openings up to date: the telephone call in one step, and 「変更なし」 in one tap."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

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
    opening.expect(version)
    paused = values["status"] in ("paused", "full")
    kept = dict(values)
    kept["paused_until"] = values["paused_until"] if paused else None
    kept["pause_reason"] = values["pause_reason"] if paused else ""
    assign(opening, kept)
    keep_hours(opening, hours)
    _confirm(opening, told_by, actor, today)
    index_host(host, activities)


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
