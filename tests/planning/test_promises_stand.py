"""Whatever a plan proposes and whichever lines are taken, what is promised stays on its day, at its hour, with whoever goes."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.followup.planning import accepting
from service.followup.planning.accepting import apply_plan
from service.followup.planning.differing import Change, Slot, to_json
from service.followup.planning.models import PlanRun
from service.followup.planning.running import changes_in, start_plan
from service.followup.tasks.models import CONFIRMED, MISSED, PLANNED, FollowUp
from service.kernel.calendar import Calendar, published_until
from service.kernel.errors import DomainError
from tests.cast import NOW, TODAY, World
from tests.planning.asking import STOP, rows
from tests.security.house import kept_as_it_was

NAMES, STAFF = tuple(f"予定{at}" for at in range(6)), ("青木", "石井")
OPEN_DAYS = Calendar(published_until(TODAY))
Where = tuple[str, str, int, int, bool]
"""State, who, how many open days ahead, the minute it begins, and whether it was put there by hand."""
WHERE = st.tuples(
    st.sampled_from([CONFIRMED, CONFIRMED, PLANNED, MISSED]), st.sampled_from(STAFF), st.integers(1, 12),
    st.sampled_from(range(540, 960, 15)), st.booleans(),
)  # fmt: skip
CALENDARS = st.lists(WHERE, min_size=len(NAMES), max_size=len(NAMES))
CHOICES = st.sets(st.sampled_from(NAMES), min_size=1)


def lay_out(world: World, calendar: Sequence[Where]) -> None:
    with world.writing() as session:
        for name, (state, who, ahead, start_min, is_pinned) in zip(NAMES, calendar, strict=True):
            row = session.get_one(FollowUp, world.ids[name])
            row.state, row.staff_id, row.on, row.start_min = (
                state,
                world.ids[who],
                OPEN_DAYS.add_open_days(TODAY, ahead),
                start_min,
            )
            row.is_pinned = is_pinned


def ask(world: World, forged: Sequence[Where] | None) -> str:
    """A plan: the planner's own, or one with these lines about all six as they stand; its id."""
    with world.writing() as session:
        run = start_plan(session, world.town, world.actor("青木"), NOW, STOP)
        if forged is not None:
            run.plan = {**run.plan, "changes": to_json(_lines(world, forged))}
        session.flush()
        return run.id


def _lines(world: World, forged: Sequence[Where]) -> list[Change]:
    with world.reading() as session:
        found = {name: session.get_one(FollowUp, world.ids[name]) for name in NAMES}
    return [
        Change(found[name].id, found[name].version, "moved", None,
               Slot(world.ids[who], OPEN_DAYS.add_open_days(TODAY, ahead), start_min))
        for name, (_, who, ahead, start_min, _) in zip(NAMES, forged, strict=True)
    ]  # fmt: skip


def promised(world: World) -> dict[str, Any]:
    return {
        row.id: (row.on, row.start_min, row.staff_id, row.second_id, row.state, row.version)
        for row in rows(world)
        if row.state == CONFIRMED
    }


def check(world: World, calendar: Sequence[Where], chosen: set[str], forged: Sequence[Where] | None) -> int:
    """Whether promises stand after the plan; how many lines were written."""
    with kept_as_it_was(world):
        lay_out(world, calendar)
        before, written = promised(world), 0
        run_id = ask(world, forged)
        assert promised(world) == before
        with suppress(DomainError), world.writing() as session:
            run = session.get_one(PlanRun, run_id)
            proposed = {change.follow_up_id for change in changes_in(run)}
            assert forged is not None or not proposed & before.keys()
            chosen_ids = [world.ids[name] for name in sorted(chosen)]
            written, _ = apply_plan(session, world.town, world.actor("青木"), run, chosen_ids, NOW + timedelta(minutes=1))
        assert promised(world) == before
    return written


def tried(world: World, examples: int) -> int:
    """Many calendars, plans and choices; how many lines were written in all."""
    written = 0

    @settings(max_examples=examples, derandomize=True, deadline=None, database=None, phases=(Phase.generate,),
              suppress_health_check=list(HealthCheck), print_blob=False)  # fmt: skip
    @given(CALENDARS, CHOICES, st.one_of(st.none(), CALENDARS))
    def holds(calendar: list[Where], chosen: set[str], forged: list[Where] | None) -> None:
        nonlocal written
        written += check(world, calendar, chosen, forged)

    holds()
    return written


def test_no_plan_moves_a_promise_whichever_lines_are_taken(busy: World) -> None:
    assert tried(busy, 6 if busy.on_postgresql else 12) > 0


@pytest.mark.deep
def test_no_plan_of_many_moves_a_promise(busy: World) -> None:
    assert tried(busy, 100) > 0


def test_an_acceptance_that_forgets_what_is_fixed_is_found_out(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "_still_stands", lambda row, change, gathered: True)
    monkeypatch.setattr(accepting, "clashes_of", lambda gathered, lines: [])
    calendar = [(CONFIRMED, "青木", 3 + at, 600, False) for at in range(len(NAMES))]
    moved = [(CONFIRMED, "石井", 4 + at, 660, False) for at in range(len(NAMES))]
    with pytest.raises(AssertionError):
        check(busy, calendar, {"予定0"}, moved)
