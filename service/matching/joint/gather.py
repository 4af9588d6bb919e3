"""From the database to one joint run: who, where, how much room, and what binds them — read once, in few questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.models import Person, SupportCase
from service.cases.placements import LIVE, SessionTime, Standing, avoid_pairs, live_placements, people_with_need
from service.cases.resting import resting_pairs
from service.kernel.errors import DomainError
from service.matching.engine.problem import Problem
from service.matching.gather import LoadedCatalogue, load_catalogue, person_facts, similarity_of, wish_text
from service.matching.joint.asking import JointAsk, Pin, PinKind
from service.matching.joint.bonds import bonds_of
from service.matching.joint.candidates import Candidate, SlotRoom, Stay
from service.matching.joint.instance import Built, build_problem
from service.matching.joint.people import Chosen, choose_people, waiting_since
from service.matching.joint.rooms import Occupied, chosen_openings, rooms_of, slot_limits
from service.matching.joint.sizes import Sizes, current_sizes
from service.resources.models import Site, VocabularyEntry
from service.web.actor import Actor, Town


@dataclass(frozen=True)
class Versions:
    """Which vocabulary, catalogue and sizes a run speaks of."""

    vocabulary: int
    catalogue: int
    sizes: int


@dataclass(frozen=True)
class Gathered:
    """A joint run ready to be solved, and what its pages need beside it."""

    built: Built
    chosen: Chosen
    loaded: LoadedCatalogue
    versions: Versions
    sizes: Sizes

    @property
    def problem(self) -> Problem:
        """The arrays."""
        return self.built.problem

    def check_pairs(self) -> None:
        """The second gate of a page: how many pairs are possible at all."""
        pairs = len(self.problem.pairs)
        if pairs > self.sizes.page_pairs:
            raise too_large(len(self.problem.people), len(self.problem.openings), self.sizes, pairs)


@dataclass(frozen=True)
class Proposed:
    """A line of an earlier run, held so that as little as possible changes."""

    person_id: str
    opening_id: str
    times: tuple[SessionTime, ...]


@dataclass(frozen=True)
class Scope:
    """Whom and where a run would be about, before anything is computed."""

    chosen: Chosen
    openings: tuple[int, ...]
    standings: tuple[Standing, ...]
    loaded: LoadedCatalogue
    sizes: Sizes


def scope_of(session: Session, town: Town, actor: Actor, ask: JointAsk, today: date) -> Scope:
    """The people and openings the filters mean; what a page shows before the run is asked for."""
    loaded, standings = load_catalogue(session, town), live_placements(session)
    placed = {standing.person_id for standing in standings}
    chosen = choose_people(session, town, actor, ask.people, placed, today)
    return scope_for(session, ask, chosen, loaded, standings)


def scope_for(
    session: Session, ask: JointAsk, chosen: Chosen, loaded: LoadedCatalogue, standings: Sequence[Standing]
) -> Scope:
    """The openings for people who have been read already, among everybody who is at a place."""
    inside = {person.id for _, person in chosen.people}
    used = {standing.opening_id for standing in standings if standing.person_id in inside}
    used |= {pin.opening_id for pin in ask.pins if pin.kind == PinKind.FORCED}
    records = [loaded.record(place) for place in range(len(loaded.catalogue))]
    districts = _districts(session) if ask.openings.districts else {}
    openings = chosen_openings(records, ask.openings, used, districts)
    return Scope(chosen, tuple(openings), tuple(standings), loaded, current_sizes(session))


def gather(
    session: Session,
    town: Town,
    actor: Actor,
    ask: JointAsk,
    today: date,
    proposed: Sequence[Proposed] = (),
    loads: Mapping[str, int] | None = None,
) -> Gathered:
    """Everything a run needs, as of now; a person whose case the actor may not read is never part of it."""
    scope = scope_of(session, town, actor, ask, today)
    built = build(session, scope, ask, today, proposed, loads)
    versions = versions_now(session, scope.loaded.version, scope.sizes.version)
    return Gathered(built, scope.chosen, scope.loaded, versions, scope.sizes)


def build(
    session: Session,
    scope: Scope,
    ask: JointAsk,
    today: date,
    proposed: Sequence[Proposed] = (),
    loads: Mapping[str, int] | None = None,
) -> Built:
    """The problem of people and openings that are known already."""
    check_scope(scope)
    people = {person.id: (case, person) for case, person in scope.chosen.people}
    seen = _occupied(session, scope, frozenset(people))
    rooms = rooms_of(scope.loaded.catalogue, scope.openings, slot_limits(session), seen, scope.sizes)
    pairs = avoid_pairs(session, people)
    resting = [(each.person_id, each.opening_id) for each in resting_pairs(session, people, today)]
    bonds = bonds_of(scope.loaded.catalogue, scope.openings, people, seen, pairs, ask, scope.sizes, today, resting)
    candidates = [_candidate(scope, *each, ask, today, loads or {}) for each in people.values()]
    stays = [*_stays(seen, ask.pins), *_held_again(proposed, people, ask.pins, seen)]
    return build_problem(scope.loaded.catalogue, candidates, rooms, stays, bonds, today=today)


def versions_now(session: Session, catalogue: int, sizes: int) -> Versions:
    """The versions in force."""
    return Versions(session.scalar(select(func.max(VocabularyEntry.seq))) or 0, catalogue, sizes)


def check_scope(scope: Scope) -> None:
    """A run without anybody or without a place is refused with what to widen."""
    if not scope.chosen.people:
        raise DomainError(
            "この条件に当てはまる人がいません。",
            "同意とアセスメントのある人がいるか、人のしぼり込みを広げられるかを確かめてください。", "no-people", 422,
        )  # fmt: skip
    if not scope.openings:
        raise DomainError(
            "この条件に当てはまる受け入れ先がありません。", "受け入れ先のしぼり込みを広げてください。", "no-openings", 422
        )


def check_page_size(scope: Scope) -> None:
    """A page takes no run larger than it can show; the command line takes any."""
    people, openings, sizes = len(scope.chosen.people), len(scope.openings), scope.sizes
    if people > sizes.page_people or openings > sizes.page_openings:
        raise too_large(people, openings, sizes)


def too_large(people: int, openings: int, sizes: Sizes, pairs: int | None = None) -> DomainError:
    """Refused by the town's own sizes, with what to narrow; pairs are known only once they have been put together."""
    found = f"{people:,}人・{openings:,}枠" + ("" if pairs is None else f"・組み合わせ{pairs:,}")
    return DomainError(
        f"画面で計算できる大きさ（{sizes.page_people:,}人・{sizes.page_openings:,}枠・組み合わせ{sizes.page_pairs:,}まで）を"
        f"超えています（{found}）。",
        "担当・地区・待っている日数などで人を、種類・テーマなどで受け入れ先をしぼってください。"
        "町全体は、命令 tsunagi joint run で計算できます。", "too-large", 422,
    )  # fmt: skip


def _districts(session: Session) -> dict[str, str]:
    return dict(session.execute(select(Site.id, Site.address)).all())


def _occupied(session: Session, scope: Scope, inside: frozenset[str]) -> Occupied:
    there = {standing.person_id for standing in scope.standings}
    supported, along = people_with_need(session, there, scope.sizes.high_support, scope.sizes.accompanied)
    return Occupied(scope.standings, inside, supported, along)


def _candidate(
    scope: Scope, case: SupportCase, person: Person, ask: JointAsk, today: date, loads: Mapping[str, int]
) -> Candidate:
    facts = person_facts(person, scope.loaded.vocabulary, today)
    hard = {need.attribute for need in person.needs if need.value and need.strength in ("hard", "gate")}
    return Candidate(
        id=person.id,
        facts=facts,
        similarity=similarity_of(scope.loaded, wish_text(facts, scope.loaded.vocabulary)),
        waiting_days=max((today - waiting_since(case, person)).days, 0),
        load=loads.get(person.id, ask.settings.load),
        most_hosts=ask.settings.most_hosts,
        household=case.household_id,
        coordinator=case.assigned_id,
        high_support=bool(hard & scope.sizes.high_support),
        accompanied=bool(hard & scope.sizes.accompanied),
    )


def _stays(seen: Occupied, pins: Iterable[Pin]) -> list[Stay]:
    """Where the people of the run are today; a place that was released may change."""
    released = {(pin.person_id, pin.opening_id) for pin in pins if pin.kind == PinKind.RELEASED}
    return [
        Stay(each.person_id, each.opening_id, _slot(time), time.half, (each.person_id, each.opening_id) in released)
        for each in seen.standings
        if each.person_id in seen.inside and each.step in LIVE
        for time in each.sessions
    ]


def _held_again(
    proposed: Iterable[Proposed], people: Mapping[str, object], pins: Iterable[Pin], seen: Occupied
) -> list[Stay]:
    """Lines of the run before this one, for those who are still part of it and have not got the place meanwhile."""
    dropped = {(pin.person_id, pin.opening_id) for pin in pins if pin.kind == PinKind.FORBIDDEN}
    there = {(each.person_id, each.opening_id) for each in seen.standings}
    return [
        Stay(line.person_id, line.opening_id, _slot(time), time.half, is_held=True, is_new=True)
        for line in proposed
        if line.person_id in people and (line.person_id, line.opening_id) not in dropped | there
        for time in line.times
    ]


def _slot(time: SessionTime) -> SlotRoom:
    return SlotRoom(time.weekday, time.start_min, time.end_min)
