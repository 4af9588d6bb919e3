"""匿名事例: a case for training or for finding places — age band, district and troubles, and words written anew for this paper."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Household, Person, SupportCase
from service.cases.referrals.models import Referral
from service.cases.referrals.troubles import TROUBLES
from service.kernel.dates import age_on
from service.kernel.kana import fold_text
from service.web.print.document import Check, Checks, Document, Fact, Facts, Words
from service.web.print.sheets import Letterhead

FEWEST: Final = 5
"""Fewer people than this fit: whoever reads the paper may know who is meant."""
OLDEST: Final = 80
ADDRESSED: Final = ("さん", "様", "氏", "君", "くん", "ちゃん")
NOTE: Final = (
    "この用紙には、名前・住所・日付・機関の名前がありません。だれのことかを、読む人どうしで当てようとしないでください。"
)


@dataclass(frozen=True)
class Profile:
    """What the paper says of somebody; whatever is empty is not told."""

    age_band: str = ""
    district: str = ""
    troubles: Collection[str] = ()
    words: str = ""


def band_of(birth_on: date | None, today: date) -> str:
    """20代, 80代以上; nothing where the day of birth is not known."""
    if birth_on is None:
        return ""
    band = age_on(birth_on, today) // 10 * 10
    return f"{OLDEST}代以上" if band >= OLDEST else f"{band}代" if band else "10歳未満"


def people_alike(session: Session, profile: Profile, today: date) -> int:
    """How many people with an open case the same could be said of, whoever's they are; a count and nothing else."""
    return sum(_fits(profile, each, today) for each in _everybody(session))


def names_in(words: str, people: Sequence[Person], case: SupportCase) -> list[str]:
    """What of the household stands in a text: names, readings, numbers, addresses — as it is written in the record."""
    folded = fold_text(words)
    return sorted({told for told in _telling(people, case) if _stands_in(told, folded)})


def anonymous_paper(profile: Profile, head: Letterhead) -> Document:
    """The paper: three facts, and what was typed for it."""
    facts = Facts((Fact("年代", profile.age_band), Fact("地区", profile.district)))
    troubles = Checks(tuple(Check(TROUBLES[key], True) for key in TROUBLES if key in profile.troubles), "課題", 3)
    return Document(head, (facts, troubles, Words((profile.words or "　",), "添える言葉"), Words((NOTE,))))


def _everybody(session: Session) -> list[tuple[date | None, str, frozenset[str]]]:
    query = (
        select(Person.birth_on, Household.district, Referral.troubles, SupportCase.id)
        .join(Household, Person.household_id == Household.id)
        .join(SupportCase, SupportCase.household_id == Household.id)
        .outerjoin(Referral, Referral.case_id == SupportCase.id)
        .where(SupportCase.status != "closed", Person.principal)
    )
    found: dict[str, tuple[date | None, str, frozenset[str]]] = {}
    for birth_on, district, troubles, case_id in session.execute(query):
        before = found.get(case_id, (birth_on, district, frozenset()))[2]
        found[case_id] = (birth_on, district, before | frozenset(troubles or ()))
    return list(found.values())


def _fits(profile: Profile, other: tuple[date | None, str, frozenset[str]], today: date) -> bool:
    birth_on, district, troubles = other
    same_age = profile.age_band in ("", band_of(birth_on, today))
    return same_age and profile.district in ("", district) and troubles.issuperset(profile.troubles)


def _telling(people: Sequence[Person], case: SupportCase) -> Iterator[str]:
    yield case.number
    for person in people:
        for text in (person.name, person.kana):
            yield from (text, *text.replace("　", " ").split())
        yield from (person.phone, person.address)


def _stands_in(told: str, folded: str) -> bool:
    """A single letter is a name only where somebody is addressed by it."""
    key = fold_text(told)
    if len(key) == 1:
        return any(f"{key}{fold_text(word)}" in folded for word in ADDRESSED)
    return bool(key) and key in folded
