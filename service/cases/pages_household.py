"""What the page of a person says of the household: how to reach it, who belongs to it, and what is to be avoided."""

from dataclasses import dataclass

from service.cases.models import Person, SupportCase
from service.cases.togetherness import SEATINGS


@dataclass(frozen=True)
class Reach:
    """Where the person lives and how to reach them, and which agency leads."""

    address: str
    phone: str
    note: str
    agency: str


@dataclass(frozen=True)
class Home:
    """The household: who belongs to it, where they are to go, what is known of its days and of how it is."""

    members: tuple[tuple[str, str, bool], ...]
    seating: str
    seatings: tuple[tuple[str, str], ...]
    timing_note: str
    situation: str


@dataclass(frozen=True)
class Avoidance:
    """What is to be avoided; in words for those named on the case alone (None for others), and who is kept apart."""

    rules: tuple[tuple[str, str], ...] | None
    count: int
    aparts: tuple[tuple[str, str], ...]


def reach_of(case: SupportCase, person: Person, *, hidden: bool) -> Reach:
    """Address and telephone, unless they are hidden."""
    address, phone = ("非開示", "非開示") if hidden else (person.address, person.phone)
    return Reach(address, phone, person.contact_note, case.lead_agency)


def home_of(case: SupportCase, person: Person) -> Home:
    """Who lives together, and where they are to go."""
    household = case.household
    members = tuple((m.id, f"{m.name}（{m.relation}）", m.id == person.id) for m in household.people)
    return Home(members, household.seating, tuple(SEATINGS.items()), household.timing_note, person.situation)


def avoid_lines(person: Person) -> tuple[tuple[str, str], ...]:
    """The rules of avoidance in words, for those named on the case."""
    words = {"host": "受け入れ先を避ける", "person": "そこにいる人を避ける", "area": "区域を避ける"}
    return tuple(
        (
            rule.id,
            "・".join(p for p in (words[rule.kind], f"半径{rule.radius_km:g}km" if rule.radius_km else "", rule.note) if p),
        )
        for rule in person.avoid_rules
    )
