"""From a filled-in form to the verb it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from service.followup.placements.acts import STEP_OF, Act
from service.followup.placements.answering import Answer
from service.followup.placements.asking import answer_by_staff, sound_out
from service.followup.placements.capacity import slots_with_room
from service.followup.placements.choices import times_from
from service.followup.placements.contacting import Contact, record_contact
from service.followup.placements.forms_steps import RESTS
from service.followup.placements.gathering import take_in_hand
from service.followup.placements.moving import Move, move_placement
from service.followup.placements.offering import answer_offer, show_offer
from service.followup.placements.stalls import answer_question
from service.kernel.clock import day_in_japan
from service.kernel.dates import parse_date
from service.kernel.digits import whole
from service.matching.service import ask_for, match
from service.matching.sounding import word_sounding
from service.web.actor import Actor, Town
from service.web.forms import Form


@dataclass(frozen=True)
class Doing:
    """Who does what about which placement, and what was filled in."""

    session: Session
    town: Town
    actor: Actor
    placement_id: str
    version: int
    act: Act
    form: Form
    now: datetime

    def text(self, name: str) -> str:
        """What was typed, without the spaces around it; nothing where the form does not ask."""
        return str(self.form[name].data or "").strip() if name in self.form else ""

    def ticks(self) -> dict[str, bool]:
        """The boxes that were ticked."""
        return {field.name: True for field in self.form if field.type == "BooleanField" and field.data}


def do(doing: Doing) -> None:
    """Carry out what a valid form says; raises whatever the verb refuses with."""
    _DOES.get(doing.act, _move)(doing)


def _move(doing: Doing, **more: Any) -> None:
    move = Move(STEP_OF[doing.act], doing.text("note"), on=_day(doing), **{"facts": _facts(doing), **more})
    _carry(doing, move)


def _carry(doing: Doing, move: Move) -> None:
    move_placement(doing.session, doing.town, doing.actor, doing.placement_id, doing.version, move, doing.now)


def _facts(doing: Doing) -> dict[str, Any]:
    typed = {name: text for name in ("accompanied", "days", "tasks", "adjustments") if (text := doing.text(name))}
    day = _day(doing)
    return {**({"on": day.isoformat()} if day else {}), **typed, **doing.ticks()}


def _day(doing: Doing, name: str = "on") -> date | None:
    return parse_date(doing.text(name)) if doing.text(name) else None


def _sound(doing: Doing) -> None:
    hand = take_in_hand(doing.session, doing.town, doing.actor, doing.placement_id)
    text = word_sounding(match(ask_for(doing.session, doing.town, doing.actor, hand.person.id, doing.now))).text
    sound_out(
        doing.session, doing.town, doing.actor, doing.placement_id, doing.version, text, doing.text("channel"), doing.now
    )  # fmt: skip


def _answer(doing: Doing) -> None:
    take_in_hand(doing.session, doing.town, doing.actor, doing.placement_id).placement.expect(doing.version)
    answer = Answer(doing.text("answer"), doing.text("conditions"), doing.text("reason"))
    answer_by_staff(
        doing.session, doing.town, doing.actor, doing.placement_id, answer, doing.text("answered_by"), doing.now
    )  # fmt: skip


def _offer(doing: Doing) -> None:
    show_offer(
        doing.session, doing.town, doing.actor, doing.placement_id, doing.version, doing.now, doing.text("note")
    )  # fmt: skip


def _reply(doing: Doing) -> None:
    answer_offer(
        doing.session, doing.town, doing.actor, doing.placement_id, doing.version, doing.text("said"),
        doing.text("words"), doing.text("reason"), doing.now, _day(doing),
    )  # fmt: skip


def _start(doing: Doing) -> None:
    hand = take_in_hand(doing.session, doing.town, doing.actor, doing.placement_id)
    slots = slots_with_room(hand.opening, hand.placement, hand.standings, day_in_japan(doing.now))
    _move(doing, times=times_from(doing.form, slots) if slots else None)


def _contact(doing: Doing) -> None:
    form = doing.form
    contact = Contact(
        done_on=_day(doing, "done_on") or day_in_japan(doing.now),
        person_says=doing.text("person_says"),
        host_says=doing.text("host_says"),
        has_problem=bool(form["has_problem"].data),
        person_face=_face(doing.text("person_face")),
        host_face=_face(doing.text("host_face")),
        note=doing.text("note"),
        adjustment=doing.text("adjustment"),
    )
    record_contact(doing.session, doing.town, doing.actor, doing.placement_id, contact, doing.now)


def _face(text: str) -> int | None:
    return whole(text, 99)


def _hold(doing: Doing) -> None:
    why, word = RESTS[doing.text("why")], doing.text("note")
    _carry(doing, Move(STEP_OF[Act.HOLD], f"{why}　{word}" if word else "", facts={"why": doing.text("why")}))


def _resume(doing: Doing) -> None:
    hand = take_in_hand(doing.session, doing.town, doing.actor, doing.placement_id)
    _carry(doing, Move(hand.placement.before_hold, doing.text("note")))


def _back(doing: Doing) -> None:
    _carry(doing, Move(doing.text("to"), doing.text("note")))


def _decline(doing: Doing) -> None:
    hand = take_in_hand(doing.session, doing.town, doing.actor, doing.placement_id)
    reason = hand.ladder.decline(doing.text("reason"))
    _move(doing, reason=doing.text("reason"), side=reason.side if reason else "")


def _end(doing: Doing) -> None:
    _move(doing, reason=doing.text("reason"), was_hard=bool(doing.form["was_hard"].data))


def _going(doing: Doing) -> None:
    answer_question(
        doing.session, doing.town, doing.actor, doing.placement_id, doing.text("going"), doing.text("note"), doing.now
    )  # fmt: skip


_DOES: Final[Mapping[Act, Callable[[Doing], None]]] = {
    Act.SOUND: _sound,
    Act.ANSWER: _answer,
    Act.OFFER: _offer,
    Act.REPLY: _reply,
    Act.START: _start,
    Act.CONTACT: _contact,
    Act.HOLD: _hold,
    Act.RESUME: _resume,
    Act.BACK: _back,
    Act.DECLINE: _decline,
    Act.END: _end,
    Act.GOING: _going,
}
