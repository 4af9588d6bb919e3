"""Which follow-ups of the list are wanted: whose, of what kind, in what state, and found by a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_

from service.cases.models import Person, SupportCase
from service.followup.rhythms.rule import KIND_LABELS
from service.followup.tasks.models import CONFIRMED, MISSED, OPEN, PLANNED, FollowUp
from service.followup.tasks.states import STATE_LABELS
from service.kernel.kana import fold_text
from service.resources.models import Host
from service.web.actor import Actor

AHEAD: Final = timedelta(days=7)
MINE, EVERYBODY = "mine", "all"
KINDS: Final = tuple((kind.value, label) for kind, label in KIND_LABELS.items())
STATES: Final = tuple((state, STATE_LABELS[state]) for state in (PLANNED, CONFIRMED, MISSED))


@dataclass(frozen=True)
class Wanted:
    """Which open follow-ups are wanted; the words are those of a posted search, and no address ever holds them."""

    who: str = EVERYBODY
    """mine, all, or the id of a coordinator."""
    kind: str = ""
    state: str = ""
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything besides whose they are has been asked for."""
        return bool(self.kind or self.state or self.words)


def conditions_of(wanted: Wanted, actor: Actor, today: date) -> list[ColumnElement[bool]]:
    """What a follow-up has to meet; whoever looks for a word finds it however far ahead the day is."""
    found: list[ColumnElement[bool]] = [FollowUp.state.in_(OPEN)]
    if wanted.who != EVERYBODY:
        staff_id = actor.id if wanted.who == MINE else wanted.who
        found.append(or_(FollowUp.staff_id == staff_id, FollowUp.second_id == staff_id))
    if wanted.kind:
        found.append(FollowUp.kind == wanted.kind)
    if wanted.state:
        found.append(FollowUp.state == wanted.state)
    if folded := fold_text(wanted.words):
        named = (Person.search_text.contains(folded, autoescape=True), Host.search_text.contains(folded, autoescape=True))
        return [*found, or_(*named, SupportCase.number.icontains(folded, autoescape=True))]
    near = today + AHEAD
    return [*found, or_(FollowUp.on <= near, FollowUp.early_on <= near, FollowUp.late_on < today)]
