"""週の組み立て: one person's week over several hosts, step by step — the joint engine with one person in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from service.cases.access import change_person
from service.cases.consent import state_of
from service.cases.models import Person, Placement, SupportCase
from service.cases.placements import Entry, SessionTime, live_placements, lock_for_placing, place_candidate
from service.kernel.clock import day_in_japan
from service.kernel.errors import DomainError
from service.matching.engine.explain.standing import Standing
from service.matching.engine.explain.whynobody import WhyNobody, why_nobody
from service.matching.engine.model import build_model
from service.matching.engine.problem import Ints, Placed, Problem
from service.matching.engine.settings import Level, Settings, Term
from service.matching.engine.solution import Plan
from service.matching.engine.solve import solve
from service.matching.engine.verify import check
from service.matching.facts import ConsentMissing
from service.matching.gather import LoadedCatalogue, load_catalogue
from service.matching.instance import Catalogue
from service.matching.joint.accepting import RUN_AGAIN
from service.matching.joint.asking import JointAsk, OpeningFilter, PeopleFilter, RunSettings
from service.matching.joint.candidates import slots_of
from service.matching.joint.gather import build, scope_for
from service.matching.joint.hindrances import blocks_of
from service.matching.joint.instance import Built
from service.matching.joint.people import chosen_person
from service.matching.joint.present import Proposal, look_again
from service.matching.joint.sizes import seed_sizes
from service.matching.joint.stored import Line, plan_lines
from service.web.actor import Actor, Town

ORIGIN: Final = "week"
SECONDS: Final = 3.0
MOST_STEPS: Final = 6
AIMS: Final = (
    Level("場所があること", {Term.PLACED: 1}),
    Level("前の段から変わらないこと", {Term.KEPT: 1}),
    Level("希望に合う点", {Term.POINTS: 1}),
    Level("移動の短さ", {Term.TRAVEL: 1}),
)
"""A person's own order: what they have got used to goes before what would suit them a little better."""


@dataclass(frozen=True)
class WeekAsk:
    """What is wanted: sessions a week step by step, at how many hosts at most, and where."""

    steps: tuple[int, ...] = ()
    most_hosts: int = 3
    include_ask: bool = False
    openings: OpeningFilter = field(default_factory=OpeningFilter)

    def __post_init__(self) -> None:
        grows = all(one < other for one, other in zip(self.steps, self.steps[1:], strict=False))
        if len(self.steps) > MOST_STEPS or not grows or any(not 1 <= step <= 7 for step in self.steps):
            raise DomainError(
                "段取りの回数を読めませんでした。",
                f"週1〜7回で、だんだん増えるように{MOST_STEPS}段までにしてください。",
                "steps",
                422,
            )
        if not 1 <= self.most_hosts <= 7:
            raise DomainError("か所の数を読めませんでした。", "1〜7か所にしてください。", "most-hosts", 422)


@dataclass(frozen=True)
class WeekStep:
    """One step: sessions a week that were wanted and that are possible, the lines, and which of them are new."""

    wanted: int
    lines: tuple[Line, ...]
    kept: tuple[Line, ...]
    points: float
    is_proven: bool
    changed: int

    @property
    def sessions(self) -> int:
        """How many times a week, places of today included."""
        return sum(len(times) for _, _, times in (*self.kept, *self.lines))

    @property
    def is_less(self) -> bool:
        """The step could not be filled."""
        return self.sessions < self.wanted


@dataclass(frozen=True)
class WeekPlan:
    """The steps one after the other; `why` says why there is nothing at all, by position among these openings."""

    person_id: str
    steps: tuple[WeekStep, ...]
    openings: tuple[str, ...]
    why: WhyNobody | None


def week_plan(
    session: Session, case: SupportCase, person: Person, loaded: LoadedCatalogue, ask: WeekAsk, now: datetime
) -> WeekPlan:
    """Every step solved with the one before it held, so that as little as possible changes; nothing is written.

    Case and person come from read_for_match, which asks whether they may be seen.
    """
    if state_of(person.consents, day_in_japan(now)) != "given":
        raise ConsentMissing
    steps = ask.steps or tuple(seed_sizes()["steps"])
    asked = _asked(person.id, ask, max(steps))
    scope = scope_for(session, asked, chosen_person(case, person, day_in_japan(now)), loaded, live_placements(session))
    built = build(session, scope, asked, day_in_japan(now))
    found = tuple(_steps(built.problem, steps, ask.include_ask))
    why = None if any(step.sessions for step in found) else _why_nothing(built, loaded, ask.include_ask)
    return WeekPlan(person.id, found, built.problem.openings.ids, why)


def accept_week(
    session: Session, town: Town, actor: Actor, person_id: str, chosen: Sequence[tuple[str, Iterable[tuple[int | None, int | None]]]],
    now: datetime, *, may_ask: bool = False,
) -> tuple[Placement, ...]:  # fmt: skip
    """Make the places of one step candidates: all of them, or none with the reason.

    `chosen` holds openings with the (weekday, start) of each time; each is looked at again as of now.
    """
    change_person(session, town, actor, person_id)
    if not chosen:
        raise DomainError("選ばれた場所がありません。", "段を一つ選んでください。", "no-step", 422)
    catalogue = load_catalogue(session, town).catalogue
    return tuple(
        _accept(session, town, actor, Proposal(person_id, opening, _times(catalogue, opening, times), may_ask), now)
        for opening, times in chosen
    )


def _asked(person_id: str, ask: WeekAsk, load: int) -> JointAsk:
    settings = RunSettings(include_ask=ask.include_ask, load=load, most_hosts=ask.most_hosts)
    return JointAsk(PeopleFilter(people=(person_id,)), ask.openings, settings)


def _why_nothing(built: Built, loaded: LoadedCatalogue, include_ask: bool) -> WhyNobody | None:
    """What stands before every place, as for somebody whom a joint run leaves."""
    model = build_model(built.problem, Settings(AIMS, include_ask=include_ask, seconds=SECONDS))
    standing = Standing.within(model, Plan.empty(), is_proven=True)
    kept = {at: built.hindrances[id_] for at, id_ in enumerate(built.problem.people.ids)}
    return next(iter(why_nobody(standing, blocks_of(kept, len(built.problem.openings), loaded.vocabulary))), None)


def _steps(problem: Problem, steps: Iterable[int], include_ask: bool) -> Iterable[WeekStep]:
    settings = Settings(AIMS, include_ask=include_ask, seconds=SECONDS)
    held = problem.held
    for wanted in steps:
        demand = np.minimum(problem.people.demand, 2 * wanted).astype(np.int32)
        here = replace(problem, people=replace(problem.people, demand=_at_least_kept(problem, demand)), held=held)
        solution = solve(here, settings)
        if broken := check(here, settings, solution.plan):
            raise RuntimeError(f"the plan breaks {broken[0].rule}")
        yield WeekStep(
            wanted,
            tuple(plan_lines(here, solution.plan)),
            tuple(_kept_lines(here)),
            next(each.value for each in solution.attained if each.name == AIMS[2].name),
            solution.is_proven,
            _gone(held, solution.plan),
        )
        held = Placed(solution.plan.person, solution.plan.slot, solution.plan.half)


def _at_least_kept(problem: Problem, demand: Ints) -> Ints:
    kept = np.bincount(problem.kept.person, problem.kept.half, len(problem.people))
    return np.maximum(demand, kept).astype(np.int32)


def _kept_lines(problem: Problem) -> list[Line]:
    kept = problem.kept
    return plan_lines(problem, Plan(kept.person, kept.slot, kept.half))


def _gone(held: Placed, plan: Plan) -> int:
    """How many sessions of the step before are not part of this one."""
    return len(set(held.slot.tolist()) - set(plan.slot.tolist()))


def _times(
    catalogue: Catalogue, opening_id: str, wanted: Iterable[tuple[int | None, int | None]]
) -> tuple[SessionTime, ...]:
    """The times in full, as the opening says them; one it does not offer is kept as asked, and refused by the look."""
    place = catalogue.place_of.get(opening_id)
    offered = {} if place is None else {slot.key: slot for slot in slots_of(catalogue.openings[place])}
    return tuple(SessionTime(key[0], key[1], offered[key].end_min if key in offered else None) for key in wanted)


def _accept(session: Session, town: Town, actor: Actor, proposal: Proposal, now: datetime) -> Placement:
    lock_for_placing(session, proposal.person_id, proposal.opening_id)
    today = day_in_japan(now)
    if refusals := look_again(session, town, actor, proposal, today).refusals:
        raise DomainError(f"今の状態では決められませんでした。{'。'.join(refusals)}。", RUN_AGAIN, "joint-changed", 409)
    return place_candidate(
        session, proposal.person_id, proposal.opening_id, proposal.times,
        since=today, recorded_by=actor.label, origin=ORIGIN, reason="週の組み立て",
        entry=Entry(now, "週の組み立て"),
    )  # fmt: skip
