"""How far a person has come with each host: placements with their steps, for the page of the case."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement, PlacementMove
from service.cases.placements import LIVE
from service.kernel.clock import day_in_japan
from service.resources.models import Host, Opening

FIRST_LABEL = "候補"
UNTOLD: Final = {
    "sounded": "打診", "offered": "本人に提示", "visit": "見学", "trial": "体験", "started": "利用開始",
    "settling": "定着支援中", "stable": "定着", "on_hold": "お休み中", "declined": "見送り", "ended": "終了",
}  # fmt: skip
"""What a step is called where no move has told it: placements brought in from elsewhere."""


@dataclass(frozen=True)
class Way:
    """One placement: where, how far, and the steps with their days, the first first."""

    placement_id: str
    place: str
    label: str
    is_live: bool
    steps: str


def placements_of(session: Session, person_id: str) -> list[tuple[Placement, str, str]]:
    """(placement, host, opening) of a person the filter has given, the newest first."""
    query = (
        select(Placement, Host.name, Opening.title)
        .join(Opening, Placement.opening_id == Opening.id)
        .join(Host, Opening.host_id == Host.id)
        .where(Placement.person_id == person_id)
        .order_by(Placement.since.desc(), Placement.id)
    )
    return [(placement, host, title) for placement, host, title in session.execute(query)]


def ways_of(session: Session, person_id: str) -> tuple[Way, ...]:
    """The placements of a person the filter has given: those on their way first, then the newest."""
    rows = placements_of(session, person_id)
    moves = _moves(session, [placement.id for placement, _, _ in rows])
    ways = [_way(placement, host, title, moves[placement.id]) for placement, host, title in rows]
    return tuple(sorted(ways, key=lambda way: not way.is_live))


def _moves(session: Session, ids: Sequence[str]) -> defaultdict[str, list[PlacementMove]]:
    found: defaultdict[str, list[PlacementMove]] = defaultdict(list)
    query = select(PlacementMove).where(PlacementMove.placement_id.in_(ids)).order_by(PlacementMove.at, PlacementMove.id)
    for move in session.scalars(query):
        found[move.placement_id].append(move)
    return found


def _way(placement: Placement, host: str, title: str, moves: Sequence[PlacementMove]) -> Way:
    now = UNTOLD.get(placement.step, FIRST_LABEL)
    steps = [f"{move.label} {day.month}/{day.day}" for move in moves for day in (day_in_japan(move.at),)]
    if not moves or moves[0].from_step:
        steps.insert(0, FIRST_LABEL if moves else f"{now} {placement.since.month}/{placement.since.day}")
    label = moves[-1].label if moves else now
    place = "　".join(dict.fromkeys((host, title)))
    return Way(placement.id, place, label, placement.step in LIVE, " → ".join(steps))
