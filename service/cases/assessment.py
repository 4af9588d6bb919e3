"""The assessment: one answer at a time, saved as it is given, each with its strength and the reason in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Need, Person
from service.cases.resting import reassessed
from service.kernel.audit import FieldChange
from service.kernel.dates import say_instant
from service.kernel.errors import Conflict
from service.kernel.vocab import Attribute, Strength, Vocabulary, say_value
from service.web.answers import UNANSWERED

STRENGTHS = (Strength.HARD, Strength.WISH, Strength.NICE)


@dataclass(frozen=True)
class NeedAnswer:
    """What was typed for one attribute: UNANSWERED, None (特になし) or a value, how strongly, and why."""

    value: Any
    strength: Strength
    why: str


def need_of(person: Person, key: str) -> Need | None:
    """The stored need of an attribute."""
    return next((need for need in person.needs if need.attribute == key), None)


def answer_of(need: Need | None) -> Any:
    """The stored answer as a form shows it."""
    return UNANSWERED if need is None else need.value


def save_need(session: Session, person: Person, attribute: Attribute, answer: NeedAnswer, version: int) -> Need | None:
    """Keep one answer; 0 is the version of an attribute that had none. Raises Conflict when it moved since."""
    need = need_of(person, attribute.key)
    if says_the_same(need, answer):
        return need
    if version != (need.version if need else 0):
        raise Conflict()
    # Whatever was declined 「次のアセスメントまで」 may be proposed anew from here on.
    reassessed(session, person.id)
    if answer.value is UNANSWERED:
        if need is not None:
            person.needs.remove(need)
            session.delete(need)
        return None
    if need is None:
        need = Need(person_id=person.id, attribute=attribute.key, strength=answer.strength)
        person.needs.append(need)
    need.value, need.strength, need.why = answer.value, str(answer.strength), answer.why
    session.flush()
    return need


def says_the_same(need: Need | None, answer: NeedAnswer) -> bool:
    """Whether saving would change nothing."""
    if need is None or answer.value is UNANSWERED:
        return need is None and answer.value is UNANSWERED
    return need.value == answer.value and need.strength == answer.strength and need.why == answer.why


def allowed_strength(attribute: Attribute, typed: str) -> Strength:
    """The strength a coordinator chose; a 🔒 attribute keeps its own."""
    if attribute.locked or typed not in set(STRENGTHS):
        return attribute.strength if attribute.locked else default_strength(attribute)
    return Strength(typed)


def default_strength(attribute: Attribute) -> Strength:
    """What a new need starts with."""
    return attribute.strength if attribute.strength in STRENGTHS else Strength.HARD


def answered_core(vocabulary: Vocabulary, needs: Iterable[Need]) -> tuple[int, int]:
    """How many of the core questions have an answer, and how many there are."""
    given = {need.attribute for need in needs}
    return sum(attribute.key in given for attribute in vocabulary.core), len(vocabulary.core)


def history_of(session: Session, person_id: str, vocabulary: Vocabulary) -> list[tuple[str, str, str]]:
    """Which condition was changed when, by whom and from what to what, newest first."""
    query = (
        select(FieldChange)
        .where(FieldChange.subject_id == person_id, FieldChange.object_type == "need", FieldChange.field.in_(("value",)))
        .order_by(FieldChange.at.desc())
        .limit(50)
    )
    changes = session.scalars(query).all()
    names = dict(session.execute(select(Need.id, Need.attribute).where(Need.person_id == person_id)).all())
    return [(say_instant(c.at), c.actor_label, _said(vocabulary.get(names.get(c.object_id, "")), c)) for c in changes]


def _said(attribute: Attribute | None, change: FieldChange) -> str:
    if attribute is None:
        return "取り消した条件"
    before, after = (("—" if v is None else say_value(attribute.person, v)) for v in (change.before, change.after))
    return f"{attribute.label}: {before} → {after}"
