"""Many clients in several processes who all want the last place: the town they meet in, and what each of them does."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.cases.models import Placement, PlacementSession
from service.followup.placements.ladders import current_ladder, keep_ladder
from service.followup.placements.models import Sounding
from service.followup.placements.moving import StepRefused
from service.followup.placements.offering import show_offer
from service.kernel.audit import Signature
from service.kernel.db import new_id
from service.kernel.queue.working import AWAY
from service.matching.gather import warm_up
from service.resources.models import Opening, OpeningSlot
from service.settings import read_settings
from tests.cast import NOW, TODAY, World, add_host, open_case

TRIES = 20
SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Crowd:
    """So many openings, each wanted by so many clients spread over so many processes."""

    openings: int
    clients: int
    processes: int


def room_of(number: int) -> int:
    """How many places opening `number` has: one, two or three."""
    return 1 + number % 3


def gather_crowd(world: World, crowd: Crowd) -> None:
    """Every client is a candidate at every opening, on its Monday, and the host has said yes to each."""
    with world.writing() as session:
        no_limit = replace(current_ladder(session), offers_at_once=10_000)
        version = keep_ladder(session, world.actor("青木"), no_limit, NOW).version
        people = [open_case(session, world.ids["青木"], f"利用者 {at:03}").id for at in range(crowd.clients)]
        openings = [_opening(session, number) for number in range(crowd.openings)]
        _candidates(session, people, openings, version)


def _opening(session: Session, number: int) -> tuple[str, str]:
    """A host with one opening; odd ones count their places by weekday slot, even ones in all."""
    host, opening = add_host(session, f"枠 {number:04}")
    room = room_of(number)
    opening.free = 99 if number % 2 else room
    for slot in session.scalars(select(OpeningSlot).where(OpeningSlot.opening_id == opening.id, OpeningSlot.weekday == 0)):
        slot.free = room if number % 2 else None
    return host.id, opening.id


def _candidates(session: Session, people: list[str], openings: list[tuple[str, str]], version: int) -> None:
    made = [(new_id(), person, *where) for where in openings for person in people]
    session.execute(insert(Placement), [
        {"id": id_, "person_id": person, "opening_id": opening, "step": "sounded", "since": TODAY, "reason": "近い",
         "recorded_by": "青木", "ladder_version": version} for id_, person, _, opening in made
    ])  # fmt: skip
    session.execute(insert(PlacementSession), [
        {"id": new_id(), "placement_id": id_, "weekday": 0, "start_min": 780, "end_min": 960, "half": 2}
        for id_, _, _, _ in made
    ])  # fmt: skip
    session.execute(insert(Sounding), [
        {"id": new_id(), "placement_id": id_, "host_id": host, "opening_id": opening, "text": "20代の方です。",
         "asked_at": NOW, "asked_by": "青木", "deadline_on": TODAY, "state": "answered", "answer": "yes", "answered_at": NOW}
        for id_, _, host, opening in made
    ])  # fmt: skip


def until_answered(ask: Callable[[], None]) -> None:
    """As a person does who is told that there is too much going on: again, and not for ever. Everything was rolled back before."""
    for _ in range(TRIES - 1):
        try:
            return ask()
        except AWAY:
            continue
    return ask()


def offer_to_everybody(folder: Path, share: list[list[str]], actor_id: str, together: Barrier) -> None:
    """One process: a thread for each of its clients, all beginning when the last process is there.

    It ends with a fault unless every client was answered at every opening.
    """
    settings = read_settings(folder)
    town = settings.open_town(settings.entry())
    with town.database.read() as session:
        actor = session.get_one(User, actor_id).as_actor()
    # As the service does when it starts: whoever builds the catalogue inside a change keeps all other writers waiting.
    warm_up(town)

    def offer(id_: str) -> None:
        with town.database.write(signature=Signature(actor.id, actor.label, NOW, town.key)) as session:
            show_offer(session, town, actor, id_, session.get_one(Placement, id_).version, NOW)

    def client(placements: list[str]) -> None:
        for id_ in placements:
            try:
                until_answered(partial(offer, id_))
            except StepRefused as refusal:
                if not refusal.is_full:
                    raise

    together.wait(120)
    with ThreadPoolExecutor(len(share)) as pool:
        clients = [pool.submit(client, placements) for placements in share]
    town.database.close()
    for each in clients:
        each.result()


def let_them_race(world: World, crowd: Crowd) -> None:
    """All clients at once; each tries every opening in the same order, so that they meet at each."""
    with world.reading() as session:
        rows = session.execute(select(Placement.person_id, Placement.id).join(Opening).order_by(Opening.title))
        by_client: dict[str, list[str]] = {}
        for person, id_ in rows:
            by_client.setdefault(person, []).append(id_)
    clients = list(by_client.values())
    together = SPAWN.Barrier(crowd.processes)
    arguments = [
        (world.settings.data, clients[at :: crowd.processes], world.ids["青木"], together) for at in range(crowd.processes)
    ]
    processes = [SPAWN.Process(target=offer_to_everybody, args=each) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join(3_000)
    assert [process.exitcode for process in processes] == [0] * crowd.processes


def offered_at(session: Session) -> list[tuple[int, int]]:
    """(room, people who were offered it) for every opening of the crowd."""
    query = (
        select(Opening.title, func.count(Placement.id))
        .outerjoin(Placement, (Placement.opening_id == Opening.id) & (Placement.step == "offered"))
        .where(Opening.title.startswith("枠 "))
        .group_by(Opening.title)
    )
    return [(room_of(int(title.split()[1])), count) for title, count in session.execute(query)]
