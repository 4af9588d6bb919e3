"""A small town for joint runs: hosts with few places, people of 青木 and 石井, and running one to its end at once."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.models import Household, Person, Placement, SupportCase
from service.cases.placements import SessionTime, place_candidate
from service.kernel.queue.working import Save
from service.matching.engine.solve import solve
from service.matching.joint.asking import JointAsk, Pin
from service.matching.joint.models import JointLine
from service.matching.joint.running import Solver, execute_run
from service.matching.joint.service import RunView, read_run, rerun, start_run
from service.resources.models import Opening
from tests.cast import NOW, TODAY, World, add_host, open_case

ANY_TIME = [[day, 480, 1080] for day in range(7)]


def add_place(session: Session, name: str, free: int = 1, **conditions: Any) -> Opening:
    """A host with one opening, 月水金 13:00–16:00, so many free places, for people of every age."""
    _, opening = add_host(session, name, **{"age": [0, 99], "gender": "any", **conditions})
    opening.free = free
    session.flush()
    return opening


def add_person(session: Session, world: World, name: str, by: str = "青木", **needs: Any) -> Person:
    """Somebody who may be placed: agreed, and asked at least when they have time (any time, unless said otherwise)."""
    options = {key: needs.pop(key) for key in ("locked", "consent") if key in needs}
    told = {key: value for key, value in {"time": ANY_TIME, **needs}.items() if value is not None}
    person = open_case(session, world.ids[by], name, **options, **told)
    world.ids[name] = person.id
    return person


def case_of(session: Session, person_id: str) -> SupportCase:
    household = session.get_one(Person, person_id).household_id
    return session.query(SupportCase).filter_by(household_id=household).one()


def household_of(session: Session, person_id: str) -> Household:
    return session.get_one(Household, session.get_one(Person, person_id).household_id)


def ask_for_run(world: World, ask: JointAsk | None = None, by: str = "青木", **options: Any) -> str:
    """Put a run down, and nothing more."""
    with world.writing(by) as session:
        return start_run(session, world.town, world.actor(by), ask or JointAsk(), NOW, **options).id


def finish(world: World, run_id: str, solver: Solver = solve, by: str = "青木") -> Save:
    """Compute a run in this process and save it."""
    save = execute_run(world.town, run_id, solver=solver)
    with world.writing(by) as session:
        save(session)
    return save


def run_now(world: World, ask: JointAsk | None = None, by: str = "青木", **options: Any) -> str:
    """A run from the question to its saved result."""
    run_id = ask_for_run(world, ask, by, **options)
    finish(world, run_id)
    return run_id


def run_again(world: World, run_id: str, pins: Sequence[Pin], by: str = "青木") -> str:
    with world.writing(by) as session:
        again = rerun(session, world.town, world.actor(by), run_id, pins, NOW).id
    finish(world, again)
    return again


def view(world: World, run_id: str, by: str = "青木") -> RunView:
    with world.reading() as session:
        return read_run(session, world.town, world.actor(by), run_id)


def placed(world: World, run_id: str, by: str = "青木") -> dict[str, str]:
    """Who goes where, by ids."""
    return {line.person_id: line.opening_id for line in view(world, run_id, by).lines}


def line_of(world: World, run_id: str, name: str) -> JointLine:
    return next(line for line in view(world, run_id).lines if line.person_id == world.ids[name])


def changing(world: World, change: Callable[[Session], None]) -> None:
    """Something that happens in town between a run and its acceptance."""
    with world.writing() as session:
        change(session)


def put(world: World, session: Session, name: str, place: str, step: str = "candidate", day: int = 0) -> Placement:
    """Somebody who is at a place, or on the way there."""
    times = (SessionTime(day, 780, 960),)
    placement = place_candidate(session, world.ids[name], world.ids[place], times, since=TODAY, recorded_by="青木")
    placement.step = step
    return placement


def count(world: World, model: type) -> int:
    """How many rows of a table there are."""
    with world.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0
