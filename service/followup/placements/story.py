"""The time line of a placement: steps, questions, answers and talks in one order, each with who and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement, PlacementMove
from service.cases.placements import SIDES
from service.followup.placements.contacting import HOST_SAYS, PERSON_SAYS
from service.followup.placements.forms_steps import CHANNELS, GOING
from service.followup.placements.gathering import contacts_of
from service.followup.placements.ladder import ENDINGS, FINAL, Ladder, Step
from service.followup.placements.models import (
    ANSWERS,
    FACES,
    VOID,
    ContactWithBoth,
    HostWord,
    Offer,
    Sounding,
    StallQuestion,
)
from service.followup.placements.offering import SAID
from service.kernel.dates import format_wareki, say_instant

_FACTS: Final = {
    "on": "日にち",
    "accompanied": "同行",
    "days": "日と回数",
    "tasks": "活動",
    "adjustments": "調整",
    "insured_here": "保険を確かめた",
    "has_emergency_contact": "緊急の連絡先を聞いた",
    "costs_explained": "費用と謝礼を説明した",
    "person_wants": "本人は「やってみたい」",
    "host_accepts": "受け入れ先は「お願いします」",
    "band": "照合",
    "points": "",
}
_WORDS: Final = {"face": "受け入れ先のようす", "worry": "受け入れ先の心配", "absence": "お休みの連絡"}


@dataclass(frozen=True)
class Past:
    """All that has been recorded about one placement."""

    moves: Sequence[PlacementMove]
    soundings: Sequence[Sounding]
    offers: Sequence[Offer]
    contacts: Sequence[ContactWithBoth]
    words: Sequence[HostWord]
    questions: Sequence[StallQuestion]


Event = tuple[datetime, str, str]


def read_past(session: Session, placement_id: str) -> Past:
    """Everything recorded about a placement that the filter has given."""
    id_, of = placement_id, session.scalars
    return Past(
        of(select(PlacementMove).where(PlacementMove.placement_id == id_).order_by(PlacementMove.at)).all(),
        of(select(Sounding).where(Sounding.placement_id == id_).order_by(Sounding.asked_at)).all(),
        of(select(Offer).where(Offer.placement_id == id_).order_by(Offer.shown_on)).all(),
        contacts_of(session, id_),
        of(select(HostWord).where(HostWord.placement_id == id_).order_by(HostWord.at)).all(),
        of(select(StallQuestion).where(StallQuestion.placement_id == id_).order_by(StallQuestion.asked_at)).all(),
    )


def tell(placement: Placement, past: Past, ladder: Ladder) -> tuple[tuple[str, str, str], ...]:
    """The time line, newest first, as (when, who, what)."""
    events = [
        *_begun(placement, past, ladder),
        *(_move(placement, move, ladder) for move in past.moves),
        *_soundings(past, ladder),
        *_offers(past),
        *(_contact(each) for each in past.contacts),
        *(_word(each) for each in past.words),
        *_questions(past),
    ]
    return tuple((say_instant(at), who, text) for at, who, text in sorted(events, key=lambda event: event[0], reverse=True))


def _begun(placement: Placement, past: Past, ladder: Ladder) -> Iterator[Event]:
    if not any(move.from_step == "" for move in past.moves):
        first = min((move.at for move in past.moves), default=_noon(placement.since))
        step = Step.CANDIDATE if past.moves else placement.step
        text = _joined(f"「{ladder.label(step)}」になりました", placement.reason)
        yield first.replace(microsecond=0), placement.recorded_by, text


def _move(placement: Placement, move: PlacementMove, ladder: Ladder) -> Event:
    closing = _say_closing(placement, ladder) if move.to_step in FINAL else ""
    return move.at, move.by, _joined(f"「{move.label}」になりました", closing, *say_facts(move.facts), move.note)


def _say_closing(placement: Placement, ladder: Ladder) -> str:
    reason = ladder.decline(placement.closing)
    if reason is not None:
        return f"{SIDES[reason.side]}：{reason.label}"
    return ENDINGS.get(placement.closing, "")


def say_facts(facts: Mapping[str, Any]) -> Iterator[str]:
    """What a step recorded, in words."""
    for name, label in _FACTS.items():
        value = facts.get(name)
        if value is True:
            yield label
        elif name == "on" and value:
            yield f"{label} {format_wareki(date.fromisoformat(str(value)))}"
        elif value:
            yield f"{label} {value}".strip()


def _soundings(past: Past, ladder: Ladder) -> Iterator[Event]:
    for each in past.soundings:
        yield (
            each.asked_at,
            each.asked_by,
            f"受け入れ先に聞きました（{CHANNELS.get(each.channel, each.channel)}）「{each.text}」",
        )
        if each.answered_at and each.state == VOID:
            yield each.answered_at, each.answered_by, "打診を取り下げました"
        elif each.answered_at:
            reason = ladder.decline(each.reason)
            said = f"受け入れ先の返事は「{ANSWERS[each.answer]}」"
            yield each.answered_at, each.answered_by, _joined(said, reason.label if reason else "", each.conditions)


def _offers(past: Past) -> Iterator[Event]:
    for each in past.offers:
        if each.answer and each.answered_on:
            words = f"「{each.words}」" if each.words else ""
            yield _noon(each.answered_on), "本人", _joined(f"返事は「{SAID[each.answer]}」", words)


def _contact(each: ContactWithBoth) -> Event:
    faces = [
        f"{who}の顔 {FACES[face]}" for who, face in (("本人", each.person_face), ("受け入れ先", each.host_face)) if face
    ]
    text = _joined(
        f"{format_wareki(each.done_on)}に両方に確かめました",
        f"本人「{PERSON_SAYS[each.person_says]}」", f"受け入れ先「{HOST_SAYS[each.host_says]}」", *faces,
        "困りごとあり" if each.has_problem else "", each.note, each.adjustment,
    )  # fmt: skip
    return each.recorded_at, each.recorded_by, text


def _word(each: HostWord) -> Event:
    seen = f"（{each.seen_by}が見ました）" if each.seen_at else ""
    return each.at, each.by, f"{say_word(each)}{seen}"


def say_word(each: HostWord) -> str:
    """What a host let us know: about what, its face, its own words."""
    return _joined(_WORDS.get(each.kind, each.kind), FACES[each.face] if each.face else "", each.text)


def _questions(past: Past) -> Iterator[Event]:
    for each in past.questions:
        yield each.asked_at, "つなぎ", "しばらく動きがないので、「まだ続いていますか」と聞きました"
        if each.answered_at:
            yield (
                each.answered_at,
                each.answered_by,
                _joined(f"「{GOING.get(each.answer, '受け入れ先から返事がありました')}」", each.note),
            )


def _joined(*parts: str) -> str:
    return "　".join(_given(parts))


def _given(parts: Iterable[str]) -> Iterator[str]:
    return (part for part in parts if part)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)
