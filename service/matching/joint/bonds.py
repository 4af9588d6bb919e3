"""What binds the people of a run to each other and to those already placed, gathered from the day's facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

import numpy as np

from service.cases.models import Person, SupportCase
from service.matching.engine.problem import NOON, Ints
from service.matching.instance import Catalogue
from service.matching.joint.asking import JointAsk, PinKind
from service.matching.joint.candidates import Bonds
from service.matching.joint.rooms import Occupied, new_starts_of
from service.matching.joint.sizes import Sizes

People = Mapping[str, tuple[SupportCase, Person]]
TOGETHER, APART = "together", "apart"


def bonds_of(
    catalogue: Catalogue,
    places: Sequence[int],
    people: People,
    seen: Occupied,
    pairs: Sequence[tuple[str, str]],
    ask: JointAsk,
    sizes: Sizes,
    today: date,
    resting: Iterable[tuple[str, str]] = (),
) -> Bonds:
    """Every bond of a run, by ids."""
    forced = [pin for pin in ask.pins if pin.kind == PinKind.FORCED]
    ids = [catalogue.ids[place] for place in places]
    return Bonds(
        apart=tuple(pair for pair in pairs if pair[0] in people and pair[1] in people),
        together_households=_households(people, TOGETHER),
        apart_households=_households(people, APART),
        forced=tuple((pin.person_id, pin.opening_id) for pin in forced),
        forced_times={
            (pin.person_id, pin.opening_id): (pin.weekday, pin.start_min) for pin in forced if pin.weekday is not None
        },
        forbidden=frozenset(chain(_forbidden(ask), _resting(resting, ask), _household_elsewhere(people, seen, ids))),
        closed=frozenset(_closed(pairs, people, seen)),
        new_starts=new_starts_of(catalogue, places, seen, sizes, today),
        accompany=_supporters_left(sizes.accompany, seen),
        new_per_coordinator=_introductions(people, seen, sizes),
        gap_min=sizes.gap_min,
        gap_min_per_km=sizes.gap_min_per_km,
    )


def _households(people: People, rule: str) -> frozenset[str]:
    return frozenset(case.household_id for case, _ in people.values() if case.household.seating == rule)


def _introductions(people: People, seen: Occupied, sizes: Sizes) -> dict[str, int]:
    """How many more people each coordinator can introduce, by id: their limit less those still on the way to a place."""
    of = {case.assigned_id: case.assigned.login_name for case, _ in people.values()}
    on_the_way = Counter(each.coordinator_id for each in seen.standings if each.holds)
    return {
        id_: max(sizes.coordinators[name] - on_the_way[id_], 0) for id_, name in of.items() if name in sizes.coordinators
    }


def _forbidden(ask: JointAsk) -> Iterable[tuple[str, str]]:
    return ((pin.person_id, pin.opening_id) for pin in ask.pins if pin.kind == PinKind.FORBIDDEN)


def _resting(resting: Iterable[tuple[str, str]], ask: JointAsk) -> Iterable[tuple[str, str]]:
    """Declined pairs are left in peace for as long as was said, unless somebody asks for one by name."""
    asked = {(pin.person_id, pin.opening_id) for pin in ask.pins if pin.kind == PinKind.FORCED}
    return (pair for pair in resting if pair not in asked)


def _household_elsewhere(people: People, seen: Occupied, openings: Sequence[str]) -> Iterable[tuple[str, str]]:
    """A member who is placed already and not part of the run still counts for a household's wish."""
    there: dict[str, set[str]] = defaultdict(set)
    for each in seen.standings:
        if each.person_id not in seen.inside:
            there[each.household_id].add(each.opening_id)
    for case, person in people.values():
        taken, rule = there.get(case.household_id), case.household.seating
        if taken and rule == APART:
            yield from ((person.id, opening) for opening in taken)
        elif taken and rule == TOGETHER:
            yield from ((person.id, opening) for opening in openings if opening not in taken)


def _closed(pairs: Sequence[tuple[str, str]], people: People, seen: Occupied) -> Iterable[tuple[str, str, int | None]]:
    """Days at a host that are closed to somebody because of a person who is there already and not part of the run."""
    for one, other in chain(pairs, ((second, first) for first, second in pairs)):
        if one in people and other not in people:
            for each in seen.standings:
                if each.person_id == other:
                    yield from ((one, each.host_id, day) for day in each.weekdays)


def _supporters_left(accompany: Ints | None, seen: Occupied) -> Ints | None:
    """Who can still go along per half-day, less those who already go along with somebody on the way to a place."""
    if accompany is None:
        return None
    left = accompany.copy()
    for each in seen.standings:
        if each.holds and each.person_id in seen.accompanied:
            for time in each.sessions:
                if time.weekday is not None:
                    left[time.weekday, int((time.start_min or 0) >= NOON)] -= 1
    return np.maximum(left, 0)
