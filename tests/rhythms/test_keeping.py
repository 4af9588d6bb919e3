"""Follow-ups as rows: made once, brought up to date while nobody has touched them, never lost."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Consent, Placement, PlacementMove, PlacementSession, SupportCase
from service.followup.closing.models import AfterCare
from service.followup.rhythms.keeping import CHANGED, cancel_open, keep_all, keep_case, keep_placement
from service.followup.rhythms.rule import AT_HOST
from service.followup.tasks.models import CANCELLED, CONFIRMED, DONE, MISSED, PLANNED, FollowUp
from tests.cast import NOW, World

START = date(2026, 6, 22)


def at(day: date) -> datetime:
    """Noon in Japan of a day."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


@pytest.fixture
def attending(town_with_a_case: World) -> World:
    """佐倉 has begun at 海の台所 on the scenario's day, on Mondays and Wednesdays."""
    with town_with_a_case.writing() as session:
        placement = Placement(
            person_id=town_with_a_case.ids["佐倉"], opening_id=town_with_a_case.ids["枠"], step="started", since=START,
            started_on=START, recorded_by="青木",
            sessions=[PlacementSession(weekday=day, start_min=780, end_min=960) for day in (0, 2)],
        )  # fmt: skip
        session.add(placement)
        session.flush()
        town_with_a_case.ids["利用"] = placement.id
    return town_with_a_case


def placement_in(session: Session, world: World) -> Placement:
    return session.get_one(Placement, world.ids["利用"])


def case_in(session: Session) -> SupportCase:
    return session.scalars(select(SupportCase)).one()


def keep(world: World, day: date = START) -> int:
    with world.writing() as session:
        return keep_placement(session, placement_in(session, world), at(day))


def rows(world: World, *states: str) -> Sequence[FollowUp]:
    with world.reading() as session:
        query = select(FollowUp).order_by(FollowUp.raw_on, FollowUp.due_on)
        return session.scalars(query.where(FollowUp.state.in_(states)) if states else query).all()


def told(found: Sequence[FollowUp]) -> list[tuple[str, str, str]]:
    return [(row.rule, f"{row.raw_on:%m-%d}", f"{row.due_on:%m-%d}") for row in found]


def test_what_the_rhythm_asks_for_is_made_once_however_often_it_is_asked(attending: World) -> None:
    assert keep(attending) == 3
    assert told(rows(attending)) == [
        ("first_contact", "06-29", "06-29"),
        ("first_visit", "07-06", "07-06"),
        ("visit", "07-22", "07-22"),
    ]
    assert keep(attending) == 0
    assert {row.staff_id for row in rows(attending)} == {attending.ids["青木"]}


def test_the_weeks_ahead_fill_as_time_goes_on_and_nothing_done_comes_back(attending: World) -> None:
    keep(attending)
    with attending.writing() as session:
        for row in session.scalars(select(FollowUp)):
            row.state, row.done_on = DONE, row.due_on + timedelta(days=9)
    keep(attending, date(2026, 9, 1))
    assert told(rows(attending, PLANNED)) == [("visit", "08-22", "08-24"), ("visit", "09-22", "09-28")]


def test_a_late_visit_does_not_shift_the_next_one(attending: World) -> None:
    keep(attending)
    with attending.writing() as session:
        visit = session.scalars(select(FollowUp).where(FollowUp.raw_on == date(2026, 7, 22))).one()
        visit.state, visit.done_on = DONE, date(2026, 8, 19)
    keep(attending, date(2026, 8, 20))
    assert ("visit", "08-22", "08-24") in told(rows(attending, PLANNED))


def test_another_start_date_moves_only_what_nobody_has_touched(attending: World) -> None:
    keep(attending)
    with attending.writing() as session:
        first, second, third = session.scalars(select(FollowUp).order_by(FollowUp.raw_on))
        first.state, second.state = DONE, CONFIRMED
        placement_in(session, attending).started_on = START + timedelta(days=7)
    keep(attending)
    assert told(rows(attending)) == [
        ("first_contact", "06-29", "06-29"),
        ("first_visit", "07-06", "07-06"),
        ("visit", "07-29", "07-29"),
    ]
    assert third.key == rows(attending)[-1].key


def test_a_missed_one_stays_missed(attending: World) -> None:
    keep(attending)
    with attending.writing() as session:
        session.scalars(select(FollowUp).order_by(FollowUp.raw_on)).first().state = MISSED  # type: ignore[union-attr]
        placement_in(session, attending).started_on = START + timedelta(days=90)
    keep(attending, START + timedelta(days=90))
    assert ("first_contact", "06-29", "06-29") in told(rows(attending, MISSED))


def test_other_days_of_attendance_move_the_visits(attending: World) -> None:
    keep(attending)
    with attending.writing() as session:
        placement = session.scalars(select(PlacementSession)).all()
        for each in placement:
            each.weekday = 4
    keep(attending)
    assert {row.due_on.weekday() for row in rows(attending, PLANNED) if row.kind in AT_HOST} == {4}


def rest(session: Session, world: World, day: date) -> None:
    placement = placement_in(session, world)
    placement.step, placement.before_hold, placement.since = "on_hold", "started", day
    session.add(
        PlacementMove(
            placement_id=placement.id, at=at(day), by="青木", from_step="started", to_step="on_hold", label="お休み中"
        )
    )


def test_a_rest_is_looked_after_and_the_visits_come_back_after_it(attending: World) -> None:
    keep(attending)
    with attending.writing() as session:
        rest(session, attending, date(2026, 7, 8))
    keep(attending, date(2026, 7, 8))
    planned = rows(attending, PLANNED)
    assert not [row for row in planned if row.kind in AT_HOST and row.due_on >= date(2026, 7, 8)]
    assert ("pause", "07-22", "07-22") in told(planned)
    with attending.writing() as session:
        placement = placement_in(session, attending)
        placement.step, placement.before_hold = "started", ""
        session.add(
            PlacementMove(
                placement_id=placement.id,
                at=at(date(2026, 8, 3)),
                by="青木",
                from_step="on_hold",
                to_step="started",
                label="再開",
            )
        )
    keep(attending, date(2026, 8, 3))
    planned = rows(attending, PLANNED)
    assert ("resume", "08-03", "08-03") in told(planned)
    assert ("visit", "08-22", "08-24") in told(planned)
    cancelled = told(rows(attending, CANCELLED))
    assert ("visit", "07-22", "07-22") in cancelled


def test_nothing_is_planned_once_the_application_is_taken_back(attending: World) -> None:
    keep(attending)
    with attending.writing() as session:
        session.add(
            Consent(
                person_id=attending.ids["佐倉"], scope="service", state="withdrawn", decided_on=START, recorded_at=NOW + timedelta(days=1),
                recorded_by="青木",
            )
        )  # fmt: skip
        cancel_open(session, "同意の撤回", at(START), person_id=attending.ids["佐倉"])
    keep(attending, START + timedelta(days=30))
    assert rows(attending, PLANNED) == []
    assert {row.state_reason for row in rows(attending)} == {"同意の撤回"}


def test_the_plan_of_the_case_brings_monitoring_and_its_review(attending: World) -> None:
    with attending.writing() as session:
        case = case_in(session)
        case.plan_start_on = START
        keep_case(session, case, at(date(2026, 8, 10)))
    assert told(rows(attending)) == [("monitoring", "09-22", "09-24"), ("review", "12-22", "12-22")]


@pytest.mark.parametrize(("is_agreed", "expected"), [(True, ["01-22", "03-23"]), (False, [])])
def test_after_closing_only_what_was_agreed_is_planned(attending: World, is_agreed: bool, expected: list[str]) -> None:
    closed = date(2026, 12, 22)
    with attending.writing() as session:
        case = case_in(session)
        case.status, case.closed_on = "closed", closed
        session.add(
            AfterCare(
                case_id=case.id, person_id=attending.ids["佐倉"], closed_on=closed, contact_name="石井", is_agreed=is_agreed,
                offsets=["1m", "3m"], made_at=at(closed), made_by="青木",
            )
        )  # fmt: skip
        session.flush()
        keep_case(session, case, at(closed))
    assert [f"{row.due_on:%m-%d}" for row in rows(attending)] == expected


def test_a_tie_taken_in_late_does_not_begin_with_a_year_of_missed_visits(attending: World) -> None:
    keep(attending, date(2027, 6, 1))
    assert min(row.raw_on for row in rows(attending)) >= date(2027, 4, 2)


def test_the_night_keeps_every_tie(attending: World) -> None:
    with attending.writing() as session:
        case_in(session).plan_start_on = START
        assert keep_all(session, at(START)) > 4
        assert keep_all(session, at(START)) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["start", "edit", "done", "confirm", "miss", "night"]), st.integers(0, 120)), max_size=8
    )
)
def test_whatever_happens_touched_rows_stay_and_no_key_is_there_twice(
    attending: World, happenings: list[tuple[str, int]]
) -> None:
    touched: dict[str, tuple[str, date]] = {}
    with attending.writing() as session:
        for row in session.scalars(select(FollowUp)):
            session.delete(row)
        placement_in(session, attending).started_on = START
    for what, number in happenings:
        day = START + timedelta(days=number)
        with attending.writing() as session:
            found = list(session.scalars(select(FollowUp).where(FollowUp.state == PLANNED).order_by(FollowUp.key)))
            if what == "start":
                placement_in(session, attending).started_on = START + timedelta(days=number % 20)
            elif what != "night" and found:
                row = found[number % len(found)]
                row.is_edited = what == "edit"
                row.state = {"done": DONE, "confirm": CONFIRMED, "miss": MISSED}.get(what, PLANNED)
                touched[row.key] = (row.state, row.due_on)
            session.flush()
            keep_placement(session, placement_in(session, attending), at(day))
    by_key = {row.key: row for row in rows(attending)}
    assert len(by_key) == len(rows(attending))
    assert {key: (by_key[key].state, by_key[key].due_on) for key in touched} == touched
    assert {row.state_reason for row in by_key.values() if row.state == CANCELLED} <= {CHANGED}
