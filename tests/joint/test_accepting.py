"""Accepting a line looks again first: what has changed is said, and a line is accepted once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import AvoidPair, Consent, Need, Placement, PlacementMove
from service.cases.placements import SessionTime, place_candidate
from service.followup.placements.ladder import ladder_of
from service.followup.placements.ladders import keep_ladder, seed_ladder
from service.kernel.audit import AuditEntry
from service.kernel.errors import DomainError, Forbidden, NotFound
from service.matching.joint.accepting import accept_line, accept_lines, take_back
from service.matching.joint.asking import JointAsk, PeopleFilter
from service.matching.joint.models import JointLine
from service.resources.models import Condition, Host, Opening
from tests.cast import NOW, TODAY, World
from tests.joint.cast import add_place, case_of, changing, line_of, run_now, view
from tests.joint.offered import accept, offered, others_take_all, place


@pytest.fixture
def town(world: World) -> World:
    return offered(world)


def test_an_accepted_line_is_a_candidate_with_its_times_and_where_it_came_from(town: World) -> None:
    line = line_of(town, town.ids["案"], "佐倉")
    accepted = accept(town, "佐倉")
    assert accepted.changes == ()
    with town.reading() as session:
        placement = session.scalars(select(Placement)).one()
        kept = session.get_one(JointLine, line.id)
    assert (placement.step, placement.origin, placement.opening_id) == ("candidate", line.id, town.ids["海の台所"])
    assert [(each.weekday, each.start_min) for each in accepted.placement.sessions] == [tuple(line.sessions[0][:2])]
    assert (kept.accepted_at, kept.accepted_by, kept.placement_id) == (NOW, "青木", placement.id)


def test_an_accepted_line_opens_the_log_of_its_placement(town: World) -> None:
    accepted = accept(town, "佐倉")
    with town.reading() as session:
        first = session.scalars(select(PlacementMove)).one()
    assert (first.placement_id, first.at, first.by) == (accepted.placement.id, NOW, "青木")
    assert (first.from_step, first.to_step, first.label, first.note) == ("", "candidate", "候補", "合同照合の案から")


def test_an_accepted_line_has_the_deadline_of_the_towns_ladder(town: World) -> None:
    with town.writing("北条") as session:
        body = seed_ladder().to_json()
        body["steps"] = [step | ({"deadline_days": 9} if step["key"] == "candidate" else {}) for step in body["steps"]]
        keep_ladder(session, town.actor("北条"), ladder_of(1, body), NOW)
    placement = accept(town, "佐倉").placement
    assert (placement.ladder_version, placement.deadline_on) == (1, placement.since + timedelta(days=9))


def test_an_acceptance_and_its_placement_are_on_record_together(town: World) -> None:
    placement = accept(town, "佐倉").placement
    with town.reading() as session:
        acts = {(e.action, e.object_type, e.object_id) for e in session.scalars(select(AuditEntry))}
    assert {
        ("create", "placement", placement.id),
        ("change", "joint_line", line_of(town, town.ids["案"], "佐倉").id),
    } <= acts


def test_a_line_is_accepted_once(town: World) -> None:
    accept(town, "佐倉")
    with pytest.raises(DomainError, match="青木が候補に決めています"):
        accept(town, "佐倉")


def test_a_colleagues_person_is_accepted_by_the_colleague_alone(town: World) -> None:
    with pytest.raises(DomainError, match="担当は石井"):
        accept(town, "原")
    accept(town, "原", "石井")
    with pytest.raises(Forbidden):
        accept(town, "佐倉", "北条")


def test_a_line_nobody_knows_is_not_found(town: World) -> None:
    with pytest.raises(NotFound), town.writing() as session:
        accept_line(session, town.town, town.actor("青木"), "0" * 32, NOW)


def withdraw(world: World, session: Session) -> None:
    session.add(Consent(person_id=world.ids["佐倉"], scope="service", state="withdrawn", decided_on=TODAY,
                        recorded_at=NOW.replace(hour=2), recorded_by="青木"))  # fmt: skip


def close_case(world: World, session: Session) -> None:
    case_of(session, world.ids["佐倉"]).status = "suspended"


def end_opening(world: World, session: Session) -> None:
    session.get_one(Opening, world.ids["海の台所"]).status = "ended"


def pause_host(world: World, session: Session) -> None:
    session.get_one(Host, session.get_one(Opening, world.ids["海の台所"]).host_id).status = "paused"


def fill_up(world: World, session: Session) -> None:
    session.get_one(Opening, world.ids["海の台所"]).free = 0


def change_hours(world: World, session: Session) -> None:
    need = session.scalars(select(Need).where(Need.person_id == world.ids["佐倉"], Need.attribute == "time")).one()
    need.value = [[6, 480, 1080]]


def meet_somebody(world: World, session: Session) -> None:
    first, second = sorted((world.ids["佐倉"], world.ids["森"]))
    session.add(AvoidPair(first_id=first, second_id=second))
    for day in (0, 2, 4):
        place(world, session, "森", day, "started")


def already_there(world: World, session: Session) -> None:
    place(world, session, "佐倉", 4)


def no_new_starts(world: World, session: Session) -> None:
    host_id = session.get_one(Opening, world.ids["海の台所"]).host_id
    session.add(Condition(host_id=host_id, attribute="new_starts", value=1))
    place(world, session, "森", 4)


def fewer_days(world: World, session: Session) -> None:
    session.add(Need(person_id=world.ids["佐倉"], attribute="frequency", value=1, strength="hard"))
    opening = add_place(session, "丘の畑")
    times = (SessionTime(6, 780, 960),)
    place_candidate(session, world.ids["佐倉"], opening.id, times, since=TODAY, recorded_by="石井")


def same_time_elsewhere(world: World, session: Session) -> None:
    day, start, end, _ = line_of(world, world.ids["案"], "佐倉").sessions[0]
    opening = add_place(session, "丘の畑")
    times = (SessionTime(day, start + 30, end + 30),)
    place_candidate(session, world.ids["佐倉"], opening.id, times, since=TODAY, recorded_by="石井")


def other_weekdays(world: World, session: Session) -> None:
    from sqlalchemy.orm import selectinload

    query = select(Opening).where(Opening.id == world.ids["海の台所"]).options(selectinload(Opening.slots))
    for slot in session.scalars(query).one().slots:
        slot.weekday = 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (withdraw, "撤回"),
        (close_case, "中断"),
        (end_opening, "終了"),
        (pause_host, "休止"),
        (fill_up, "空きがありません"),
        (others_take_all, "空きがなくなって"),
        (change_hours, "重なりません"),
        (meet_somebody, "同席を避ける設定"),
        (already_there, "もう決まっています"),
        (no_new_starts, "新しい人の数"),
        (fewer_days, "週の日数の上限"),
        (same_time_elsewhere, "時間が重なるか"),
        (other_weekdays, "曜日・時間が"),
    ],
)
def test_what_changed_since_the_run_is_said_and_nothing_is_written(
    town: World, change: Callable[[World, Session], None], said: str
) -> None:
    changing(town, lambda session: change(town, session))
    with town.reading() as session:
        before = len(session.scalars(select(Placement.id)).all())
    with pytest.raises(DomainError, match=said) as refusal:
        accept(town, "佐倉")
    assert (refusal.value.code, refusal.value.status) == ("joint-changed", 409)
    assert "計算し直す" in refusal.value.remedy
    assert "森" not in refusal.value.message
    with town.reading() as session:
        assert len(session.scalars(select(Placement.id)).all()) == before
        assert session.get_one(JointLine, line_of(town, town.ids["案"], "佐倉").id).accepted_at is None


def test_changes_that_do_not_matter_are_told_with_the_acceptance(town: World) -> None:
    changing(town, lambda session: place(town, session, "森", 4))
    assert accept(town, "佐倉").changes == ("空きが、計算のときの2人から1人に変わっています（まだ入れます）",)


def test_a_place_with_its_own_limit_for_a_time_is_full_at_that_time(town: World) -> None:
    from service.resources.models import OpeningSlot

    day = line_of(town, town.ids["案"], "佐倉").sessions[0][0]
    query = select(OpeningSlot).where(OpeningSlot.opening_id == town.ids["海の台所"], OpeningSlot.weekday == day)

    def one_at_that_time(session: Session) -> None:
        session.scalars(query).one().free = 1
        place(town, session, "森", day)

    changing(town, one_at_that_time)
    with pytest.raises(DomainError, match="曜日の枠の人数"):
        accept(town, "佐倉")


def test_several_lines_are_accepted_one_after_the_other_each_seeing_the_ones_before(town: World) -> None:
    changing(town, lambda session: setattr(session.get_one(Opening, town.ids["海の台所"]), "free", 1))
    everybody = JointAsk(PeopleFilter(people=(town.ids["佐倉"], town.ids["森"])))
    changing(town, lambda session: setattr(session.get_one(Opening, town.ids["海の台所"]), "free", 2))
    lines = [line.id for line in view(town, run_now(town, everybody)).lines]
    changing(town, lambda session: setattr(session.get_one(Opening, town.ids["海の台所"]), "free", 1))
    with town.writing() as session:
        outcomes = accept_lines(session, town.town, town.actor("青木"), [*lines, lines[0]], NOW)
    assert [outcome.line_id for outcome in outcomes] == lines
    assert [outcome.accepted is not None for outcome in outcomes] == [True, False]
    assert "空きがなくなって" in str(outcomes[1].refusal)


def test_an_acceptance_can_be_taken_back_while_it_is_a_candidate(town: World) -> None:
    placement = accept(town, "佐倉").placement
    line = line_of(town, town.ids["案"], "佐倉")
    with town.writing() as session:
        take_back(session, town.town, town.actor("青木"), line.id, NOW)
    with town.reading() as session:
        assert session.get_one(Placement, placement.id).step == "declined"
    accept(town, "佐倉")
    changing(town, lambda session: setattr(session.scalars(select(Placement).where(Placement.step == "candidate")).one(),
                                           "step", "sounded"))  # fmt: skip
    with pytest.raises(DomainError, match="候補ではありません"), town.writing() as session:
        take_back(session, town.town, town.actor("青木"), line.id, NOW)
