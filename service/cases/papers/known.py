"""What is known of a case, by field ids that stay: sheets name these ids, so that another sheet needs no other code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.consent import TAKEN_BACK, state_of
from service.cases.models import Person, SupportCase
from service.cases.pages import GENDER_LABELS
from service.cases.people import load_person
from service.cases.referrals.models import Referral
from service.kernel.clock import day_in_japan
from service.kernel.dates import age_on, format_wareki
from service.kernel.vocab import Vocabulary, say_need, say_value
from service.resources.vocabulary import current_vocabulary

HIDDEN: Final = "非開示"
NOT_AGREED: Final = "（同意がないため書きません）"
STRENGTHS: Final = {"gate": "必須", "hard": "必須", "wish": "希望", "nice": "できれば"}


@dataclass(frozen=True)
class Known:
    """Texts, ticks and tables by field id; an id that is absent is a blank on the paper."""

    texts: Mapping[str, str]
    ticks: Mapping[str, Collection[str]]
    tables: Mapping[str, Sequence[tuple[str, ...]]]

    def text(self, field: str) -> str:
        """What is known, or nothing."""
        return self.texts.get(field, "")


def known_of(session: Session, case: SupportCase, person: Person, now: datetime) -> Known:
    """Everything the sheets may fill, of a case the filter has given; a locked case keeps its addresses to itself."""
    today, vocabulary = day_in_japan(now), current_vocabulary(session)
    people = [load_person(session, each) for each in case.household.people]
    sheet = sheet_of(session, case)
    full = next(each for each in people if each.id == person.id)
    texts = {
        **_case(case), **_person(case, full, today), **_needs(vocabulary, full), **(_sheet(sheet) if sheet else {}),
    }  # fmt: skip
    ticks = {"sheet.troubles": frozenset(sheet.troubles) if sheet else frozenset()}
    tables: dict[str, Sequence[tuple[str, ...]]] = {
        "household.members": [_member(each, today) for each in people],
        "need.lines": list(_lines(vocabulary, full)),
    }
    return Known({field: text for field, text in texts.items() if text}, ticks, tables)


def sheet_of(session: Session, case: SupportCase) -> Referral | None:
    """The つなぐシート a case of the filter came with, the newest one that was not taken back."""
    query = select(Referral).where(Referral.case_id == case.id, Referral.withdrawn_on.is_(None))
    return session.scalars(query.order_by(Referral.received_at.desc(), Referral.id).limit(1)).first()


def principal_of(case: SupportCase) -> Person:
    """The one the support is about."""
    return next(each for each in case.household.people if each.principal)


def _case(case: SupportCase) -> dict[str, str]:
    return {
        "case.number": case.number, "case.opened_on": format_wareki(case.opened_on), "case.lead_agency": case.lead_agency,
        "case.assigned": case.assigned.name, "household.timing_note": case.household.timing_note,
        "household.district": HIDDEN if case.locked else case.household.district,
    }  # fmt: skip


def _person(case: SupportCase, person: Person, today: date) -> dict[str, str]:
    return {
        "person.name": person.name, "person.kana": person.kana, "person.gender": GENDER_LABELS.get(person.gender or "", ""),
        "person.born": format_wareki(person.birth_on) if person.birth_on else "",
        "person.age": f"{age_on(person.birth_on, today)}歳" if person.birth_on else "",
        "person.address": HIDDEN if case.locked else person.address, "person.phone": HIDDEN if case.locked else person.phone,
        "person.contact_note": person.contact_note, "person.situation": person.situation,
    }  # fmt: skip


def _needs(vocabulary: Vocabulary, person: Person) -> dict[str, str]:
    """Each answered attribute in words, 「特になし」 too, with the person's why."""
    found = {}
    for need in person.needs:
        if need.attribute in vocabulary:
            said = "特になし" if need.value is None else say_need(vocabulary[need.attribute], need.value)
            found[f"need.{need.attribute}"] = f"{said}{f'「{need.why}」' if need.why else ''}"
    return found


def _lines(vocabulary: Vocabulary, person: Person) -> Iterator[tuple[str, ...]]:
    """What the person needs, in the order of the vocabulary; 「特になし」 is not a need."""
    by_key = {need.attribute: need for need in person.needs if need.value is not None}
    for attribute in vocabulary:
        if need := by_key.get(attribute.key):
            yield (attribute.label, say_value(attribute.person, need.value), STRENGTHS[need.strength], need.why)


def _sheet(sheet: Referral) -> dict[str, str]:
    return {
        "sheet.from": "　".join(filter(None, (sheet.from_agency, sheet.from_person))), "sheet.members": sheet.members,
        "sheet.story": sheet.story, "sheet.tried": sheet.tried, "sheet.reach": sheet.reach, "sheet.pressing": sheet.pressing,
    }  # fmt: skip


def _member(person: Person, today: date) -> tuple[str, ...]:
    """A line of the household; of whoever refused or took it back, that there is somebody and no more."""
    if state_of(person.consents, today) in TAKEN_BACK:
        return (person.relation, NOT_AGREED, "", "", "", "")
    age = f"{age_on(person.birth_on, today)}歳" if person.birth_on else ""
    return (person.relation, person.name, age, "", "", "")
