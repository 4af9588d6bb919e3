"""From the database to plain facts: the catalogue as columns, loaded once per version, and one person's facts."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from service.cases.consent import state_of
from service.cases.models import AvoidRule, Person
from service.kernel.dates import age_on
from service.kernel.vocab import SEED_FOLDER, Strength, Vocabulary
from service.matching.facts import UNKNOWN, Area, Need, OpeningFacts, PersonFacts, Status
from service.matching.instance import Catalogue
from service.matching.scoring.text import TextIndex, join_parts
from service.matching.scoring.thesaurus import Thesaurus
from service.resources.facts import OpeningRecord, catalogue_rows
from service.resources.models import CatalogueState
from service.resources.vocabulary import current_vocabulary
from service.web.actor import Town

WISHES = ("interests", "strengths")


@dataclass(frozen=True)
class LoadedCatalogue:
    """A town's catalogue ready for matching; position i is the same opening in every part."""

    version: int
    vocabulary: Vocabulary
    catalogue: Catalogue
    records: Mapping[str, OpeningRecord]
    texts: tuple[str, ...]
    index: TextIndex

    def record(self, place: int) -> OpeningRecord:
        """The opening at a position, with the words a page shows."""
        return self.records[self.catalogue.openings[place].id]


_loaded: dict[str, LoadedCatalogue] = {}
_loading = threading.Lock()


def load_catalogue(session: Session, town: Town) -> LoadedCatalogue:
    """The catalogue of this moment: built anew only after something in it was changed."""
    state = session.get(CatalogueState, 1)
    version, key = (state.version if state else 0), str(town.database.reading.url)
    held = _loaded.get(key)
    if held is not None and held.version == version:
        return held
    with _loading:
        held = _loaded.get(key)
        if held is None or held.version != version:
            held = _loaded[key] = _build(session, version, held)
    return held


def warm_up(town: Town) -> None:
    """Load the catalogue before the first person asks: the learner's library alone takes seconds to import."""
    with town.database.read() as session:
        load_catalogue(session, town)


def _build(session: Session, version: int, before: LoadedCatalogue | None) -> LoadedCatalogue:
    vocabulary = current_vocabulary(session)
    records = catalogue_rows(session)
    catalogue = Catalogue.build((opening_facts(record, vocabulary) for record in records), vocabulary)
    texts = tuple(opening.text for opening in catalogue.openings)
    # Reading the texts is the slow part, and most changes (free places, a confirmation) leave them alone.
    index = before.index if before and before.texts == texts else TextIndex.build(texts, _thesaurus())
    return LoadedCatalogue(version, vocabulary, catalogue, {r.id: r for r in records}, texts, index)


def _thesaurus() -> Thesaurus:
    return Thesaurus.load(SEED_FOLDER / "thesaurus.toml")


def opening_facts(record: OpeningRecord, vocabulary: Vocabulary) -> OpeningFacts:
    """A catalogue record as the match sees it."""
    tags = [choice.label for choice in vocabulary.activities if choice.key in record.tags]
    return OpeningFacts(
        id=record.id,
        host_id=record.host_id,
        name=record.name,
        kind=record.kind,
        values=record.values,
        slots=record.slots,
        lat=record.lat,
        lon=record.lon,
        free=record.free,
        status=cast(Status, record.status),
        paused_until=record.paused_until,
        waiting=record.waiting,
        confirmed_on=record.confirmed_on,
        linked=record.linked,
        negotiable=record.negotiable,
        text=join_parts(record.name, record.title, record.text, *tags),
        site_id=record.site_id,
    )


def person_facts(person: Person, vocabulary: Vocabulary, today: date) -> PersonFacts:
    """A loaded person as the match sees them: conditions and places, no name, no free text, no diagnosis."""
    rules = person.avoid_rules
    return PersonFacts(
        consented=state_of(person.consents, today) == "given",
        age=age_on(person.birth_on, today) if person.birth_on else UNKNOWN,
        birth_on=person.birth_on,
        gender=person.gender or UNKNOWN,
        lat=person.lat,
        lon=person.lon,
        needs={n.attribute: Need(n.value, Strength(n.strength)) for n in person.needs if n.attribute in vocabulary},
        avoid_persons=frozenset(rule.host_person_id for rule in rules if rule.host_person_id),
        avoid_hosts=frozenset(rule.host_id for rule in rules if rule.host_id),
        avoid_areas=_areas(rules),
        travel_minutes={time.site_id: time.minutes for time in person.travel_times},
    )


def _areas(rules: Sequence[AvoidRule]) -> tuple[Area, ...]:
    return tuple(
        Area(rule.lat, rule.lon, rule.radius_km)
        for rule in rules
        if rule.lat is not None and rule.lon is not None and rule.radius_km is not None
    )


def wish_text(person: PersonFacts, vocabulary: Vocabulary) -> str:
    """The wishes and strengths in words, for the text fit alone."""
    parts = []
    for key in WISHES:
        need, attribute = person.need(key), vocabulary.get(key)
        if need is not None and attribute is not None:
            parts += [attribute.person.label(tag) for tag in need.value["tags"]] + [need.value["text"]]
    return join_parts(*parts)


def similarity_of(loaded: LoadedCatalogue, wishes: str) -> NDArray[np.float32] | None:
    """Closeness of each opening's activity to the wishes, or None where nothing is wished."""
    return loaded.index.similarity(wishes) if wishes else None
