"""Who comes to a host, read in one place: what was agreed for it, as of this moment, and nothing else of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from service.cases.models import Consent, Need, Person, Placement, PlacementMove, PlacementSession
from service.cases.sharing import HOST_SHARE, Share, consents_of, share_with
from service.followup.placements.ladder import UPWARD, Step
from service.followup.sharing.card import HostCard, Told, host_card
from service.kernel.errors import NotFound
from service.kernel.timetable import SlotText, format_slots
from service.kernel.vocab import Strength
from service.matching.facts import Need as NeedFact
from service.matching.facts import PersonFacts
from service.matching.sounding import sentences_for
from service.resources.models import Opening
from service.resources.vocabulary import current_vocabulary

COMING: Final = UPWARD[3:]
"""From 見学 on the person is known to the host; before that there is a question without a name."""
AGREED_FACTS: Final = {"tasks": "活動", "adjustments": "調整"}
FORTNIGHTLY: Final = "（隔週）"


@dataclass(frozen=True)
class Coming:
    """One time of the week; no weekday = not fixed."""

    weekday: int | None
    time: str


@dataclass(frozen=True)
class Agreed:
    """The card of one person, and the times of the week where those may be told."""

    card: HostCard
    times: tuple[Coming, ...]
    is_resting: bool


@dataclass(frozen=True)
class AgreedHere:
    """Everybody a host may know of today, and of how many it may know nothing more."""

    people: tuple[Agreed, ...]
    withdrawn: int

    def of(self, placement_id: str) -> Agreed:
        """One of them; anybody else is NotFound."""
        return next((each for each in self.people if each.card.placement_id == placement_id), None) or _absent()


def agreed_placements(session: Session, host_id: str, today: date, *, in_short: bool = False) -> AgreedHere:
    """The people of one host by its consents in force: placement, consent and card out of one transaction.

    In short, for lists: the cards without the texts that are made elsewhere.
    """
    placed = _placed(session, host_id)
    consents = consents_of(session, {person.id for _, person in placed})
    shared = [(*pair, share_with(consents[pair[1].id], host_id, today)) for pair in placed]
    known = [(placement, person, share) for placement, person, share in shared if share is not None]
    whole = () if in_short else known
    conditions = _conditions(session, [person.id for _, person, share in whole if "conditions" in share.items])
    facts = _agreed_facts(session, [placement.id for placement, _, share in whole if "agreed" in share.items])
    people = tuple(
        _agreed(placement, person, share, conditions.get(person.id, ""), facts.get(placement.id, ""), today)
        for placement, person, share in known
    )
    lost = [person for _, person, share in shared if share is None and _was_given(consents[person.id], host_id)]
    return AgreedHere(people, len(lost))


def _placed(session: Session, host_id: str) -> Sequence[tuple[Placement, Person]]:
    resting = (Placement.step == Step.ON_HOLD) & Placement.before_hold.in_(COMING)
    query = (
        select(Placement, Person)
        .join(Opening, Placement.opening_id == Opening.id)
        .join(Person, Placement.person_id == Person.id)
        .where(Opening.host_id == host_id, or_(Placement.step.in_(COMING), resting))
        .options(selectinload(Placement.sessions))
        .order_by(Placement.id)
        .execution_options(populate_existing=True)
    )
    return [(placement, person) for placement, person in session.execute(query)]


def _was_given(consents: Iterable[Consent], host_id: str) -> bool:
    return any(each.scope == HOST_SHARE and each.host_id == host_id and each.state == "given" for each in consents)


def _agreed(placement: Placement, person: Person, share: Share, conditions: str, agreed: str, today: date) -> Agreed:
    told = Told(days=_say_days(placement.sessions), conditions=conditions, agreed=agreed)
    times = tuple(Coming(each.weekday, _say_time(each)) for each in placement.sessions)
    return Agreed(
        host_card(person, placement, share, told, today),
        times if "days" in share.items else (),
        placement.step == Step.ON_HOLD,
    )


def _say_days(sessions: Iterable[PlacementSession]) -> str:
    said = [
        f"{format_slots([SlotText(each.weekday, each.start_min, each.end_min)])}{FORTNIGHTLY if each.half == 1 else ''}"
        for each in sessions
        if each.weekday is not None
    ]
    return "、".join(said) or "曜日は決めていません"


def _say_time(each: PlacementSession) -> str:
    hours = format_slots([SlotText(each.weekday or 0, each.start_min, each.end_min)]).partition(" ")[2]
    return f"{hours}{FORTNIGHTLY if each.half == 1 else ''}"


def _conditions(session: Session, people: Sequence[str]) -> Mapping[str, str]:
    """What to mind for each of these people, in the words a sounding would use and in no other."""
    if not people:
        return {}
    vocabulary = current_vocabulary(session)
    needs: dict[str, dict[str, NeedFact]] = {person: {} for person in people}
    query = select(Need.person_id, Need.attribute, Need.value, Need.strength).where(Need.person_id.in_(people))
    for person_id, attribute, value, strength in session.execute(query):
        if attribute in vocabulary:
            needs[person_id][attribute] = NeedFact(value, Strength(strength))
    return {
        person: "".join(sentences_for(vocabulary, None, PersonFacts(consented=True, needs=known))[1:])
        for person, known in needs.items()
    }


def _agreed_facts(session: Session, placements: Sequence[str]) -> Mapping[str, str]:
    """What staff wrote down as agreed with the host; the newest step that says anything counts."""
    if not placements:
        return {}
    query = select(PlacementMove.placement_id, PlacementMove.facts).where(
        PlacementMove.placement_id.in_(placements), PlacementMove.to_step.in_(COMING)
    )
    said = [(placement, _say_facts(facts)) for placement, facts in session.execute(query.order_by(PlacementMove.at))]
    return {placement: text for placement, text in said if text}


def _say_facts(facts: Mapping[str, Any]) -> str:
    said = {label: facts.get(key) for key, label in AGREED_FACTS.items()}
    texts = {label: "、".join(map(str, each)) if isinstance(each, list) else str(each or "") for label, each in said.items()}
    return "／".join(f"{label}：{text}" for label, text in texts.items() if text.strip())


def _absent() -> Any:
    raise NotFound()
