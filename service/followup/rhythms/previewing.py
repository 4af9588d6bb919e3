"""What another rhythm would change, found by doing it and taking it back; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.followup.policies import RHYTHM
from service.followup.rhythms.keeping import keep_all
from service.followup.rhythms.rule import KIND_LABELS, Kind, Rhythm
from service.followup.tasks.models import CANCELLED, FollowUp
from service.kernel.audit import attempt
from service.resources.policies import keep
from service.web.actor import Actor

SHOWN = 20
State = tuple[str, date, str]


@dataclass(frozen=True)
class Difference:
    """One follow-up before and after: what is done and on which day; empty where it is not there."""

    kind: str
    before: date | None
    after: date | None


@dataclass(frozen=True)
class Preview:
    """How many would be added, moved and cancelled, and the first of them; nobody is named."""

    added: int
    moved: int
    cancelled: int
    first: tuple[Difference, ...]


class _TakenBack(Exception):
    """The trial is over."""


def preview(session: Session, actor: Actor, rhythm: Rhythm, now: datetime) -> Preview:
    """Try the rhythm on every tie and take it back. Writes nothing, not even into the log."""
    before = _standing(session)
    after: dict[str, State] = {}
    try:
        with attempt(session):
            keep(session, actor, RHYTHM, rhythm.to_json(), now)
            keep_all(session, now)
            after = _standing(session)
            raise _TakenBack
    except _TakenBack:
        session.expire_all()
    return _compare(before, after)


def _standing(session: Session) -> dict[str, State]:
    query = select(FollowUp.key, FollowUp.kind, FollowUp.due_on, FollowUp.state)
    return {key: (kind, due_on, state) for key, kind, due_on, state in session.execute(query)}


def _compare(before: Mapping[str, State], after: Mapping[str, State]) -> Preview:
    added, moved, cancelled = [], [], []
    for key, (kind, due_on, state) in sorted(after.items(), key=lambda each: (each[1][1], each[0])):
        was = before.get(key)
        label = KIND_LABELS[Kind(kind)]
        if was is None or (was[2] == CANCELLED and state != CANCELLED):
            added.append(Difference(label, None, due_on))
        elif state == CANCELLED and was[2] != CANCELLED:
            cancelled.append(Difference(label, was[1], None))
        elif was[:2] != (kind, due_on):
            moved.append(Difference(label, was[1], due_on))
    return Preview(len(added), len(moved), len(cancelled), tuple([*moved, *added, *cancelled][:SHOWN]))
