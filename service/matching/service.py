"""The use cases of a match, readable aloud: ask, keep the result, keep the change, tell a gap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from service.cases.access import change_person, read_for_match
from service.cases.assessment import NeedAnswer, allowed_strength, need_of, save_need
from service.cases.models import Person, SupportCase, TravelTime
from service.cases.resting import resting_pairs
from service.kernel.clock import day_in_japan
from service.kernel.dates import age_on
from service.kernel.db import new_id
from service.kernel.errors import DomainError, NotFound
from service.kernel.vocab import Vocabulary
from service.matching.bands import Band
from service.matching.facts import PersonFacts
from service.matching.gather import LoadedCatalogue, load_catalogue, person_facts, similarity_of, wish_text
from service.matching.models import MatchRun
from service.matching.relax import relaxations
from service.matching.verdict import Verdicts, evaluate
from service.matching.whatif import OFF, WhatIf, imagine
from service.resources.gaps import record_gap
from service.web.actor import Actor, Town

KEPT_PLACES = 200


@dataclass(frozen=True)
class Ask:
    """One person before the catalogue of this moment, as recorded and as imagined."""

    case: SupportCase
    person: Person
    loaded: LoadedCatalogue
    stored: PersonFacts
    facts: PersonFacts
    what_if: WhatIf
    today: date
    resting: Mapping[str, str] = field(default_factory=dict)
    """Openings that were declined and are left in peace for now, with until when, in words."""

    @cached_property
    def wishes(self) -> str:
        """What the person likes and is good at, for the text fit alone."""
        return wish_text(self.facts, self.vocabulary)

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary the match speaks in."""
        return self.loaded.vocabulary


def ask_for(session: Session, town: Town, actor: Actor, person_id: str, now: datetime) -> Ask:
    """Whom the match is for; looking is recorded with the case."""
    case, person = read_for_match(session, town, actor, person_id)
    loaded, today = load_catalogue(session, town), day_in_japan(now)
    facts = person_facts(person, loaded.vocabulary, today)
    resting = {each.opening_id: each.said for each in reversed(resting_pairs(session, [person.id], today))}
    return Ask(case, person, loaded, facts, facts, WhatIf(), today, resting)


def under(ask: Ask, what_if: WhatIf) -> Ask:
    """The same question with some needs changed."""
    imagined = imagine(ask.stored, what_if, ask.vocabulary)
    return Ask(ask.case, ask.person, ask.loaded, ask.stored, imagined, what_if, ask.today, ask.resting)


def match(ask: Ask) -> Verdicts:
    """Every opening's verdict; ConsentMissing before anything is computed without consent."""
    similarity = similarity_of(ask.loaded, ask.wishes) if ask.facts.consented else None
    return evaluate(ask.loaded.catalogue, ask.facts, today=ask.today, similarity=similarity)


def keep_run(session: Session, town: Town, actor: Actor, ask: Ask, reason: str, now: datetime) -> MatchRun:
    """Keep what was asked and what it said, because somebody of the case asked for it."""
    change_person(session, town, actor, ask.person.id)
    verdicts = match(ask)
    places = [verdicts.in_band(band, KEPT_PLACES).tolist() for band in Band]
    run = MatchRun(
        id=new_id(),
        person_id=ask.person.id,
        at=now,
        author=actor.label,
        asked={"strengths": dict(ask.what_if.strengths), "values": dict(ask.what_if.values), "reason": reason},
        catalogue_version=ask.loaded.version,
        result={
            "counts": {band.label: verdicts.counts[band] for band in Band},
            "openings": {band.label: [ask.loaded.catalogue.openings[p].id for p in places[band]] for band in Band},
        },
    )
    session.add(run)
    return run


def keep_change(session: Session, town: Town, actor: Actor, ask: Ask) -> int:
    """Write the imagined change into the assessment; answers how many needs changed."""
    change_person(session, town, actor, ask.person.id)
    changed = 0
    for key in sorted(set(ask.what_if.strengths) | set(ask.what_if.values)):
        attribute, need = ask.vocabulary[key], need_of(ask.person, key)
        wanted = ask.facts.needs.get(key)
        said = ask.what_if.strengths.get(key)
        strength = allowed_strength(attribute, "" if said == OFF else str(wanted.strength if wanted else ""))
        answer = NeedAnswer(None if said == OFF else wanted and wanted.value, strength, need.why if need else "")
        save_need(session, ask.person, attribute, answer, need.version if need else 0)
        changed += 1
    return changed


def tell_gap(session: Session, actor: Actor, ask: Ask, code: str, now: datetime) -> None:
    """Record what the town lacks for this person, without naming them."""
    attributes = ask.vocabulary.of_code(code)
    if not attributes:
        raise NotFound()
    opened = next((r for r in relaxations(match(ask)) if r.code == code), None)
    summary = (
        f"{attributes[0].label}が合う受け入れ先が足りません（ほかの条件は合う所が{len(opened.opens) if opened else 0}か所）"
    )
    age = age_on(ask.person.birth_on, ask.today) if ask.person.birth_on else None
    band = f"{age // 20 * 20}〜{age // 20 * 20 + 19}歳" if age is not None else "年齢 未確認"
    district = "" if ask.case.locked else ask.case.household.district
    record_gap(session, actor, now, code, summary, band, district)


def keep_travel_time(session: Session, town: Town, actor: Actor, ask: Ask, site_id: str, minutes: int) -> None:
    """Keep the minutes the way really takes; 0 takes an earlier figure back."""
    change_person(session, town, actor, ask.person.id)
    if not any(record.site_id == site_id for record in ask.loaded.records.values()):
        raise NotFound()
    if not 0 <= minutes <= 600:
        raise DomainError("分を読めませんでした。", "0〜600の数字で入れてください。", "minutes", 422)
    for time in [time for time in ask.person.travel_times if time.site_id == site_id]:
        session.delete(time)
    if minutes:
        session.add(TravelTime(person_id=ask.person.id, site_id=site_id, minutes=minutes, recorded_by=actor.label))
