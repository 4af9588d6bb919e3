"""The scenarios' hosts and a joint entry's people as a town in the database: what the file says, as staff would have typed it."""

from datetime import date

from sqlalchemy.orm import Session

from service.cases.models import AvoidPair, Need, Person
from service.kernel.vocab import Strength
from service.matching.facts import OpeningFacts, PersonFacts
from service.matching.scenario_file import read_person
from service.resources.models import Condition, Host, Opening, OpeningSlot, Site
from tests.cast import TODAY, World, open_case
from tests.matching.cast import openings, scenarios, vocabulary


def build_town(session: Session, world: World, key: str) -> None:
    """Every host of the file, and the people of one joint entry as 青木's cases."""
    for facts in openings():
        world.ids[facts.id] = add_opening(session, facts)
    entry = scenarios()["joint"][key]
    for name, row in entry["participants"].items():
        world.ids[name] = add_participant(session, world, name, read_person(row, name, vocabulary()))
    for first, second in entry["avoid_pairs"]:
        session.add(AvoidPair(first_id=world.ids[first], second_id=world.ids[second]))


def add_opening(session: Session, facts: OpeningFacts) -> str:
    """A host with its one opening; answers the opening's id."""
    host = Host(name=facts.name, search_text=facts.name, kind=facts.kind)
    session.add(host)
    session.flush()
    site = Site(host_id=host.id, lat=facts.lat, lon=facts.lon, coordinate_source="file")
    session.add(site)
    session.flush()
    opening = Opening(host_id=host.id, site_id=site.id, title=facts.name, activity=facts.text, free=facts.free,
                      status=facts.status, confirmed_on=facts.confirmed_on or TODAY)  # fmt: skip
    session.add(opening)
    session.flush()
    for slot in facts.slots or ():
        session.add(OpeningSlot(opening_id=opening.id, host_id=host.id, weekday=slot.weekday, start_min=slot.start_min,
                                end_min=slot.end_min))  # fmt: skip
    for attribute, value in facts.values.items():
        session.add(Condition(host_id=host.id, attribute=attribute, value=value))
    return opening.id


def add_participant(session: Session, world: World, name: str, facts: PersonFacts) -> str:
    """A person of the file with their needs."""
    person: Person = open_case(session, world.ids["青木"], name)
    age = facts.age if isinstance(facts.age, int) else 30
    person.lat, person.lon, person.birth_on = facts.lat, facts.lon, date(TODAY.year - age, 1, 1)
    person.gender = facts.gender if facts.gender in ("F", "M") else None
    for attribute, need in facts.needs.items():
        session.add(Need(person_id=person.id, attribute=attribute, value=need.value, strength=str(Strength(need.strength))))
    return person.id
