"""会議が先: where a town decides in its meeting who gets 参加支援, nobody is sounded out or shown a place before."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.course.moving import note_decision
from service.cases.models import Placement, SupportCase
from service.desk.presets import apply_preset, preset_named
from service.followup.placements.asking import sound_out
from service.followup.placements.models import Sounding
from service.followup.placements.moving import Move, StepRefused, move_placement
from service.resources.town_words import keep_town
from tests.cast import NOW, TODAY, World

AFTER = {"participation_from": "meeting", "juso": "まるごと会議"}


@pytest.fixture
def waiting(candidate: World) -> World:
    """佐倉 is a candidate; the town offers nothing before its まるごと会議 has decided."""
    with candidate.writing("北条") as session:
        keep_town(session, candidate.actor("北条"), AFTER, NOW)
    return candidate


def case_of(session: Session) -> SupportCase:
    return session.scalars(select(SupportCase)).one()


def sound(world: World) -> None:
    with world.writing() as session:
        version = session.get_one(Placement, world.ids["候補"]).version
        sound_out(session, world.town, world.actor("青木"), world.ids["候補"], version, "20代の方です。", "phone", NOW)


def test_where_the_town_waits_for_its_meeting_nobody_is_sounded_out_before(waiting: World) -> None:
    with pytest.raises(StepRefused, match="まるごと会議で決まってから"):
        sound(waiting)
    with waiting.visit() as aoki:
        assert aoki.get(f"/people/{waiting.ids['佐倉']}/match").status_code == 200, "matching is free"
        page = aoki.get(f"/placements/{waiting.ids['候補']}?act=sound").text
        assert "この市では、まるごと会議で決まってから" in page
        assert f"/people/{waiting.ids['佐倉']}/course" in page
        for paper in ("sounding", "sounding.pdf"):
            refused = aoki.get(f"/people/{waiting.ids['佐倉']}/match/{paper}")
            assert refused.status_code == 409
            assert "経過の画面から会議にかけて" in refused.text
    with waiting.reading() as session:
        assert session.scalars(select(Sounding)).all() == []


@pytest.mark.parametrize("step", ["offered", "visit", "trial", "started"])
def test_nobody_steps_over_the_meeting(waiting: World, step: str) -> None:
    id_, move = waiting.ids["候補"], Move(step, note="急ぎ")
    with waiting.writing() as session, pytest.raises(StepRefused) as refused:
        move_placement(session, waiting.town, waiting.actor("青木"), id_, 1, move, NOW)
    assert "meeting" in {each.code for each in refused.value.missing}


@pytest.mark.parametrize(
    ("decision", "facts", "is_open"),
    [
        ("approve", {"by": "juso", "municipal": True}, True),
        ("approve", {"by": "juso", "municipal": False}, False),
        ("approve", {"by": "support", "municipal": True}, False),
        ("reject", {"by": "juso", "municipal": True}, False),
    ],
)
def test_only_the_decision_of_that_meeting_opens_the_way(
    waiting: World, decision: str, facts: dict[str, object], is_open: bool
) -> None:
    with waiting.writing() as session:
        case = case_of(session)
        case.status = "in_review"
        note_decision(session, waiting.actor("青木"), case, decision, "決まった", facts, NOW)
    if is_open:
        return sound(waiting)
    with pytest.raises(StepRefused):
        sound(waiting)
    return None


def test_a_case_whose_plan_has_run_waits_for_no_second_meeting(waiting: World) -> None:
    with waiting.writing() as session:
        case_of(session).plan_start_on = TODAY
    sound(waiting)


def test_the_way_of_the_city_whose_office_decides_brings_the_meeting_first_and_another_takes_it_back(
    candidate: World,
) -> None:
    with candidate.writing("北条") as session:
        apply_preset(session, candidate.actor("北条"), preset_named("jimukyoku"), NOW)
    with pytest.raises(StepRefused, match="重層的支援会議で決まってから"):
        sound(candidate)
    with candidate.writing("北条") as session:
        apply_preset(session, candidate.actor("北条"), preset_named("sheet"), NOW)
    sound(candidate)
