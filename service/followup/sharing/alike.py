"""How many people of the town an anonymous text could mean: in a small town few words are enough to know who."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from service.cases.placements import everybody_in_touch
from service.kernel.dates import age_on
from service.kernel.vocab import Strength, Vocabulary
from service.matching.facts import Need, PersonFacts
from service.matching.sounding import sentences_for


def people_alike(session: Session, vocabulary: Vocabulary, sentences: Sequence[str], today: date) -> int:
    """How many people with an open case, whoever's it is, the same sentences could be said of; a count and nothing else."""
    said = set(sentences)
    return sum(said <= set(_sentences(vocabulary, *each, today)) for each in everybody_in_touch(session))


def _sentences(
    vocabulary: Vocabulary, birth_on: date | None, answers: Sequence[tuple[str, object, str]], today: date
) -> tuple[str, ...]:
    needs = {key: Need(value, Strength(strength)) for key, value, strength in answers if key in vocabulary}
    return sentences_for(vocabulary, age_on(birth_on, today) if birth_on else None, PersonFacts(consented=True, needs=needs))
