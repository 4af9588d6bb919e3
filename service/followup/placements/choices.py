"""What the forms of one placement offer to choose from: its weekly slots with their room, the reasons of its ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.cases.placements import SIDES, SessionTime
from service.followup.placements.acts import Act
from service.followup.placements.forms_steps import FORMS, NoteForm
from service.followup.placements.ladder import Ladder, Side, Step
from service.kernel.dates import format_wareki_short
from service.kernel.timetable import format_time, weekday_label
from service.resources.models import OpeningSlot
from service.web.forms import Form, Posted, choices_of


@dataclass(frozen=True)
class Offered:
    """What the forms of one placement offer to choose from, and what they begin with."""

    ladder: Ladder
    slots: Sequence[tuple[OpeningSlot, int | None]]
    chosen: Sequence[tuple[int | None, int | None]]
    back: Sequence[Step]
    ticked: Mapping[str, bool]
    today: date
    channel: str
    """How the host is usually asked."""


def form_for(act: Act, offered: Offered, posted: Posted | None = None) -> Form:
    """The form of an act, as posted or fresh."""
    began: dict[str, Any] = {"on": format_wareki_short(offered.today), "done_on": format_wareki_short(offered.today)}
    began |= {**offered.ticked, "slots": [slot_key(*each) for each in offered.chosen], "channel": offered.channel}
    form = FORMS.get(act, NoteForm)(posted, data=None if posted is not None else began)
    if "slots" in form:
        _let_choose(
            form, "slots", {slot_key(slot.weekday, slot.start_min): say_slot(slot, left) for slot, left in offered.slots}
        )
    if "reason" in form and act is not Act.END:
        _let_choose(form, "reason", _reasons(act, offered.ladder))
    if "to" in form:
        _let_choose(form, "to", {str(step): offered.ladder.label(step) for step in offered.back})
    return form


def _let_choose(form: Form, name: str, choices: Mapping[str, str]) -> None:
    field: Any = form[name]
    field.choices = choices_of(choices)


def slot_key(weekday: int | None, start_min: int | None) -> str:
    """A weekly time as a form sends it."""
    return ":".join("" if each is None else str(each) for each in (weekday, start_min))


def say_slot(slot: OpeningSlot, left: int | None) -> str:
    """月曜日 13:00–16:00（空き 2）."""
    hours = "" if slot.start_min is None else f" {format_time(slot.start_min)}–{format_time(slot.end_min or slot.start_min)}"
    room = "" if left is None else "（空きなし）" if left < 1 else f"（空き {left}）"
    return f"{weekday_label(slot.weekday, tuple(slot.nth or ()))}{hours}{room}"


def times_from(form: Form, slots: Sequence[tuple[OpeningSlot, int | None]]) -> tuple[SessionTime, ...]:
    """The weekly times that were ticked, as far as the opening has them."""
    ticked = set(form["slots"].data or ())
    return tuple(
        SessionTime(slot.weekday, slot.start_min, slot.end_min, 1 if slot.nth else 2)
        for slot, _ in slots
        if slot_key(slot.weekday, slot.start_min) in ticked
    )


def _reasons(act: Act, ladder: Ladder) -> Mapping[str, str]:
    if act is Act.DECLINE:
        return {reason.key: f"{word}：{reason.label}" for side, word in SIDES.items() for reason in ladder.reasons_of(side)}
    side = Side.PERSON if act is Act.REPLY else Side.HOST
    return {"": "選んでください", **{reason.key: reason.label for reason in ladder.reasons_of(side)}}
