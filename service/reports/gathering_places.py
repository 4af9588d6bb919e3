"""The rows about placements and what was heard after a closing; days in Japan, and no name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Placement, PlacementMove
from service.cases.placements import SIDES
from service.followup.closing.models import AfterCare
from service.followup.placements.ladder import ENDINGS, Ladder, Step
from service.followup.placements.ladders import ladders
from service.followup.visits.models import Visit
from service.kernel.clock import day_in_japan
from service.reports.facts import CareFact, PlaceFact, PlaceMove, TieFact
from service.resources.models import Host, Opening


def place_facts(session: Session) -> list[PlaceFact]:
    """Every placement there was."""
    known = ladders(session)
    query = (
        select(
            Placement.id, Placement.person_id, Opening.host_id, Host.kind, Placement.step, Placement.since, Placement.started_on,
            Placement.closing, Placement.closed_by, Placement.ladder_version,
        )
        .join(Opening, Opening.id == Placement.opening_id)
        .join(Host, Host.id == Opening.host_id)
        .order_by(Placement.id)
    )  # fmt: skip
    return [
        PlaceFact(one, person, host, kind, step, since, began, closing, _why(step, closing, side, known.get(version)))
        for one, person, host, kind, step, since, began, closing, side, version in session.execute(query)
    ]


def place_moves(session: Session) -> list[PlaceMove]:
    """Every step of them, in the order they were taken."""
    query = select(PlacementMove.placement_id, PlacementMove.at, PlacementMove.from_step, PlacementMove.to_step)
    rows = session.execute(query.order_by(PlacementMove.at, PlacementMove.id))
    return [PlaceMove(place, day_in_japan(at), before, after) for place, at, before, after in rows]


def ties(session: Session) -> tuple[list[TieFact], list[CareFact]]:
    """What was heard after a closing, and whose case was closed; a record that was corrected speaks by its correction."""
    query = select(Visit.id, Visit.person_id, Visit.done_on, Visit.connected, Visit.replaces_id).where(Visit.connected != "")
    heard = session.execute(query.order_by(Visit.recorded_at, Visit.id)).all()
    replaced = {row.replaces_id for row in heard}
    care = session.execute(
        select(AfterCare.person_id, AfterCare.closed_on, AfterCare.reopened_case_id).order_by(AfterCare.id)
    )
    return (
        [TieFact(row.person_id, row.done_on, row.connected) for row in heard if row.id not in replaced],
        [CareFact(person, on, again is not None) for person, on, again in care],
    )


def _why(step: str, closing: str, side: str, ladder: Ladder | None) -> str:
    if step == Step.ENDED:
        return ENDINGS.get(closing, closing)
    if step != Step.DECLINED:
        return ""
    reasons = {reason.key: reason.label for reason in ladder.declines} if ladder else {}
    said = reasons.get(closing, closing)
    return f"見送り（{SIDES.get(side, '記録なし')}）：{said}" if said else f"見送り（{SIDES.get(side, '記録なし')}）"
