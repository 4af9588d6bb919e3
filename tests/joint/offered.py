"""海の台所 with two places, a run that proposes it to 佐倉 and 原, and what may happen before somebody accepts."""

from sqlalchemy.orm import Session

from service.cases.placements import SessionTime, place_candidate
from service.matching.joint.accepting import Accepted, accept_line
from service.matching.joint.asking import JointAsk, PeopleFilter
from tests.cast import NOW, TODAY, World
from tests.joint.cast import add_person, add_place, line_of, run_now


def offered(world: World) -> World:
    """海の台所 with two places, and a run that proposes it to 佐倉 (青木's) and 原 (石井's)."""
    with world.writing() as session:
        world.ids["海の台所"] = add_place(session, "海の台所", free=2).id
        for name, by in (("佐倉", "青木"), ("原", "石井"), ("森", "青木")):
            add_person(session, world, name, by)
    world.ids["案"] = run_now(world, JointAsk(PeopleFilter(people=(world.ids["佐倉"], world.ids["原"]))))
    return world


def accept(world: World, name: str, by: str = "青木", run: str = "案") -> Accepted:
    line = line_of(world, world.ids[run], name)
    with world.writing(by) as session:
        return accept_line(session, world.town, world.actor(by), line.id, NOW)


def place(world: World, session: Session, name: str, day: int, step: str = "candidate") -> None:
    times = (SessionTime(day, 780, 960),)
    placement = place_candidate(session, world.ids[name], world.ids["海の台所"], times, since=TODAY, recorded_by="石井")
    placement.step = step


def others_take_all(world: World, session: Session) -> None:
    for name in ("原", "森"):
        place(world, session, name, 4)
