"""The scenarios' town and people, and small made-up ones, as the matching tests use them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from service.kernel.vocab import Strength, Vocabulary, load_vocabulary
from service.matching.facts import Need, OpeningFacts, PersonFacts
from service.matching.instance import Catalogue
from service.matching.scenario_file import read_host, read_person
from service.matching.scenarios import SCENARIO_DAY
from service.matching.verdict import Verdicts, evaluate

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "scenarios.json"
TODAY = SCENARIO_DAY


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def scenarios() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(SCENARIOS.read_text("utf-8"))
    return content


@cache
def openings() -> tuple[OpeningFacts, ...]:
    hosts = scenarios()["hosts"]
    return tuple(read_host(host, place, vocabulary(), TODAY) for place, host in enumerate(hosts))


@cache
def catalogue() -> Catalogue:
    return Catalogue.build(openings(), vocabulary())


def person(id_: str, **needs: Any) -> PersonFacts:
    """A scenario's participant, with further needs as 必須 (or as given)."""
    facts = read_person(scenarios()["participants"][id_], id_, vocabulary())
    return with_needs(facts, needs)


def with_needs(facts: PersonFacts, needs: Mapping[str, Any]) -> PersonFacts:
    given = {key: need if isinstance(need, Need) else Need(need, Strength.HARD) for key, need in needs.items()}
    return replace(facts, needs={**facts.needs, **given})


def anybody(**needs: Any) -> PersonFacts:
    """A person with just these needs."""
    return with_needs(PersonFacts(consented=True), needs)


def place(id_: str = "P", **facts: Any) -> OpeningFacts:
    """An open, confirmed opening of which nothing else is known."""
    known: dict[str, Any] = {"id": id_, "host_id": f"host-{id_}", "free": 1, "confirmed_on": TODAY, **facts}
    return OpeningFacts(**known)


def judge(facts: PersonFacts, *places: OpeningFacts, **options: Any) -> Verdicts:
    return evaluate(Catalogue.build(places, vocabulary()), facts, today=TODAY, **options)


def finding(facts: PersonFacts, opening: OpeningFacts, code: str) -> int | None:
    """The finding of a code for one pair; None when it was not asked."""
    found = [value for asked, value in judge(facts, opening).of(0) if asked.attribute.code == code]
    return max(found, default=None)
