"""A joint run from the question to its kept result: who takes part, what is refused, and what is never half written."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from service.cases.models import AvoidPair, Consent, Placement
from service.cases.placements import SessionTime, place_candidate
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.errors import DomainError, Forbidden, NotFound
from service.kernel.queue.jobs import Job
from service.kernel.queue.working import Stopped
from service.matching.engine.fence import solve_fenced
from service.matching.engine.problem import Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan, Solution
from service.matching.engine.solve import solve
from service.matching.joint import gather as gathering
from service.matching.joint.asking import JointAsk, OpeningFilter, PeopleFilter, Pin, PinKind, RunSettings
from service.matching.joint.gather import gather
from service.matching.joint.models import JointLeft, JointLine, JointRun, JointSetting
from service.matching.joint.running import execute_run
from service.matching.joint.service import (
    cancel_run,
    difference,
    list_runs,
    note_print,
    preview,
    read_run,
    run_of,
    start_run,
)
from service.matching.joint.sizes import ACCOMPANY, COORDINATORS, save_size
from service.resources.models import Opening
from tests.cast import NOW, TODAY, World
from tests.joint.cast import (
    add_person,
    add_place,
    ask_for_run,
    case_of,
    changing,
    finish,
    household_of,
    placed,
    run_again,
    run_now,
    view,
)
from tests.sql import counted_queries


@pytest.fixture
def town(world: World) -> World:
    """海の台所 and 丘の畑 with one place each; 佐倉 and 森 are 青木's, 原 is 石井's."""
    with world.writing() as session:
        world.ids["海の台所"] = add_place(session, "海の台所").id
        world.ids["丘の畑"] = add_place(session, "丘の畑").id
        for name, by in (("佐倉", "青木"), ("森", "青木"), ("原", "石井")):
            add_person(session, world, name, by)
    return world


def count(world: World, model: type) -> int:
    with world.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_as_many_people_are_placed_as_there_are_places_and_the_last_is_told_why(town: World) -> None:
    run = view(town, run_now(town))
    assert (run.state, run.run.is_proven) == ("done", True)
    assert len(run.lines) == 2
    assert {line.opening_id for line in run.lines} == {town.ids["海の台所"], town.ids["丘の畑"]}
    (left,) = run.left
    assert {place["opening"] for place in left.why["taken"]} == {town.ids["海の台所"], town.ids["丘の畑"]}
    assert all(place["rules"] == ["free"] and len(place["there"]) == 1 for place in left.why["taken"])


def test_nobody_is_placed_before_a_line_is_accepted(town: World) -> None:
    run_now(town)
    assert count(town, Placement) == 0


def test_a_run_and_its_job_are_put_down_together_or_not_at_all(town: World) -> None:
    def fails_afterwards() -> None:
        with town.writing() as session:
            start_run(session, town.town, town.actor("青木"), JointAsk(), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_afterwards()
    assert (count(town, JointRun), count(town, Job)) == (0, 0)
    ask_for_run(town)
    assert (count(town, JointRun), count(town, Job)) == (1, 1)


def test_the_job_and_the_instance_name_nobody(town: World) -> None:
    run_id = run_now(town)
    with town.reading() as session:
        job = session.scalars(select(Job)).one()
        run = session.get_one(JointRun, run_id)
        kept = json.dumps([job.argument, job.progress, run.instance, run.counts, run.filters], ensure_ascii=False)
    assert json.loads(json.dumps(job.argument)) == {"run": run_id}
    assert not any(name in kept for name in ("佐倉", "森", "原", "海の台所", "岡本"))


@pytest.mark.parametrize("who", ["北条", "遠野"])
def test_only_coordinators_ask_for_runs(town: World, who: str) -> None:
    with pytest.raises(Forbidden), town.writing(who) as session:
        start_run(session, town.town, town.actor(who), JointAsk(), NOW)


def test_a_locked_case_takes_part_only_when_its_own_staff_ask(town: World) -> None:
    with town.writing() as session:
        locked = add_person(session, town, "田中", locked=True).id
    everybody = JointAsk(PeopleFilter(people=(locked, town.ids["原"])))
    assert locked in placed(town, run_now(town, everybody))
    others = run_now(town, everybody, by="石井")
    assert locked not in {line.person_id for line in view(town, others, "石井").lines}
    with town.reading() as session:
        people = session.get_one(JointRun, others).instance["people"]
    assert [row["id"] for row in people] == [town.ids["原"]]


def test_lines_of_a_locked_case_are_hidden_from_colleagues(town: World) -> None:
    with town.writing() as session:
        locked = add_person(session, town, "田中", locked=True).id
    run_id = run_now(town, JointAsk(PeopleFilter(people=(locked,))))
    seen = view(town, run_id, "石井")
    assert (seen.lines, seen.left, seen.hidden) == ((), (), 1)


def test_people_who_have_not_agreed_or_told_nothing_are_counted_and_left_out(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "今", consent=False)
        add_person(session, town, "辻", time=None)
    counts = view(town, run_now(town)).run.counts
    assert (counts["people"], counts["without_consent"], counts["not_assessed"]) == (3, 1, 1)


@pytest.mark.parametrize(
    ("narrowed", "has_place", "expected"),
    [
        (lambda ids: PeopleFilter(coordinator_ids=(ids["石井"],)), False, {"原"}),
        (lambda ids: PeopleFilter(districts=("岡本",)), False, {"佐倉", "森", "原"}),
        (lambda ids: PeopleFilter(districts=("腰越",)), False, set()),
        (lambda ids: PeopleFilter(age_from=20, age_to=29), False, {"佐倉", "森", "原"}),
        (lambda ids: PeopleFilter(age_from=30), False, set()),
        (lambda ids: PeopleFilter(waiting_least=10), False, {"森"}),
        (lambda ids: PeopleFilter(people=(ids["佐倉"], ids["原"])), False, {"佐倉", "原"}),
        (lambda ids: PeopleFilter(without_place=True), True, {"佐倉", "森"}),
        (lambda ids: PeopleFilter(without_place=False), True, {"佐倉", "森", "原"}),
    ],
)
def test_the_people_of_a_run_are_those_the_filter_means(
    town: World, narrowed: Any, has_place: bool, expected: set[str]
) -> None:
    with town.writing() as session:
        consent = session.scalars(select(Consent).where(Consent.person_id == town.ids["森"])).one()
        consent.decided_on = TODAY - timedelta(days=30)
        if "without_place" in repr(narrowed(town.ids)) and expected != {"佐倉", "森", "原"} and len(expected) == 2:
            put(town, session, "原", "丘の畑") if narrowed(town.ids).without_place and not narrowed(
                town.ids
            ).people else None
    ask = JointAsk(narrowed(town.ids))
    with town.reading() as session:
        scope = gathering.scope_of(session, town.town, town.actor("青木"), ask, TODAY)
    assert {name for name, id_ in town.ids.items() if id_ in {p.id for _, p in scope.chosen.people}} == expected


def put(world: World, session: Any, name: str, place: str, step: str = "candidate", day: int = 0) -> Placement:
    """Somebody who is at a place, or on the way there."""
    times = (SessionTime(day, 780, 960),)
    placement = place_candidate(session, world.ids[name], world.ids[place], times, since=TODAY, recorded_by="青木")
    placement.step = step
    return placement


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (OpeningFilter(kinds=("farm",)), {"丘の畑"}),
        (OpeningFilter(themes=("reading",)), {"海の台所"}),
        (OpeningFilter(districts=("岡本",)), {"海の台所", "丘の畑"}),
        (OpeningFilter(districts=("腰越",)), set()),
    ],
)
def test_the_openings_of_a_run_are_those_the_filter_means(town: World, wanted: OpeningFilter, expected: set[str]) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).activity_tags = ["reading"]
        farm = session.get_one(Opening, town.ids["丘の畑"])
        from service.resources.models import Host

        session.get_one(Host, farm.host_id).kind = "farm"
    with town.reading() as session:
        scope = gathering.scope_of(session, town.town, town.actor("青木"), JointAsk(openings=wanted), TODAY)
    ids = {scope.loaded.catalogue.ids[place] for place in scope.openings}
    assert {name for name, id_ in town.ids.items() if id_ in ids} == expected


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (JointAsk(PeopleFilter(districts=("腰越",))), "no-people"),
        (JointAsk(openings=OpeningFilter(kinds=("home",))), "no-openings"),
    ],
)
def test_a_run_about_nobody_or_nowhere_is_refused_with_what_to_widen(town: World, ask: JointAsk, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        ask_for_run(town, ask)
    assert refusal.value.code == code
    assert count(town, JointRun) == 0


def test_a_run_larger_than_a_page_is_refused_there_and_done_by_command(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(gathering.current_sizes(None), page_people=2)
    monkeypatch.setattr(gathering, "current_sizes", lambda session: small)
    with pytest.raises(DomainError, match="しぼって") as refusal:
        ask_for_run(town)
    assert refusal.value.code == "too-large"
    assert view(town, run_now(town, is_limited=False)).state == "done"


def test_without_a_free_place_everybody_is_left_and_told_so(town: World) -> None:
    changing(town, lambda s: [setattr(s.get_one(Opening, town.ids[n]), "free", 0) for n in ("海の台所", "丘の畑")])
    run = view(town, run_now(town))
    assert (run.state, run.lines, len(run.left)) == ("done", (), 3)
    assert {code for left in run.left for each in left.why["obstacles"] for code in each["codes"]} == {"R-CAPACITY"}


def test_somebody_whom_nothing_fits_is_told_the_smallest_set_of_conditions(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "夜", time=[[5, 540, 720]])
    run = view(town, run_now(town, JointAsk(PeopleFilter(people=(town.ids["夜"],)))))
    assert run.left[0].why["obstacles"] == [{"codes": ["R-TIME"], "openings": 2, "asks": False}]


def test_people_on_their_way_to_a_place_hold_it(town: World) -> None:
    changing(town, lambda s: put(town, s, "原", "海の台所") and None)
    run = view(town, run_now(town))
    assert [line.opening_id for line in run.lines] == [town.ids["丘の畑"]]


def test_people_who_attend_are_no_longer_among_the_free_places(town: World) -> None:
    changing(town, lambda s: put(town, s, "原", "海の台所", "started") and None)
    assert len(view(town, run_now(town)).lines) == 2


def test_two_who_must_not_meet_are_not_at_one_host_on_one_day(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).free = 5
        first, second = sorted((town.ids["佐倉"], town.ids["森"]))
        session.add(AvoidPair(first_id=first, second_id=second))
    ask = JointAsk(PeopleFilter(people=(first, second)), OpeningFilter(openings=(town.ids["海の台所"],)))
    lines = view(town, run_now(town, ask)).lines
    assert len(lines) == 2
    assert lines[0].sessions[0][0] != lines[1].sessions[0][0]


def test_somebody_placed_earlier_keeps_their_days_closed_to_whoever_must_not_meet_them(town: World) -> None:
    with town.writing() as session:
        session.get_one(Opening, town.ids["海の台所"]).free = 5
        first, second = sorted((town.ids["佐倉"], town.ids["原"]))
        session.add(AvoidPair(first_id=first, second_id=second))
        for day in (0, 2):
            put(town, session, "原", "海の台所", "started", day)
    ask = JointAsk(PeopleFilter(people=(town.ids["佐倉"],)), OpeningFilter(openings=(town.ids["海の台所"],)))
    (line,) = view(town, run_now(town, ask)).lines
    assert line.sessions[0][0] == 4


@pytest.mark.parametrize(("rule", "hosts"), [("together", 1), ("apart", 2)])
def test_a_household_has_its_places_together_or_apart_as_it_wishes(town: World, rule: str, hosts: int) -> None:
    with town.writing() as session:
        for name in ("海の台所", "丘の畑"):
            session.get_one(Opening, town.ids[name]).free = 5
        mother = add_person(session, town, "母")
        home = household_of(session, town.ids["佐倉"])
        session.delete(case_of(session, mother.id))
        mother.household_id = home.id
        home.seating = rule
    ask = JointAsk(PeopleFilter(people=(town.ids["佐倉"], town.ids["母"])))
    found = placed(town, run_now(town, ask))
    assert (len(found), len(set(found.values()))) == (2, hosts)


def test_a_coordinator_introduces_no_more_new_people_than_they_can(town: World) -> None:
    with town.writing() as session:
        save_size(session, COORDINATORS, {"aoki": 1, "ishii": 0}, "北条", NOW)
    (line,) = view(town, run_now(town)).lines
    assert line.person_id in (town.ids["佐倉"], town.ids["森"])


def test_supporters_who_go_along_are_counted_per_half_day(town: World) -> None:
    with town.writing() as session:
        for name in ("連1", "連2"):
            add_person(session, town, name, accompany=True)
        for name in ("海の台所", "丘の畑"):
            opening = session.get_one(Opening, town.ids[name])
            from service.resources.models import Condition

            session.add(Condition(host_id=opening.host_id, attribute="accompany", value="allowed"))
        save_size(session, ACCOMPANY, {"月PM": 1}, "北条", NOW)
    ask = JointAsk(PeopleFilter(people=(town.ids["連1"], town.ids["連2"])))
    (line,) = view(town, run_now(town, ask)).lines
    assert line.sessions[0][0] == 0


def test_a_pair_forced_and_forbidden_at_once_is_refused_before_anything_is_computed(town: World) -> None:
    pins = tuple(Pin(kind, town.ids["佐倉"], town.ids["海の台所"]) for kind in (PinKind.FORCED, PinKind.FORBIDDEN))
    with pytest.raises(DomainError, match="両方"):
        ask_for_run(town, JointAsk(pins=pins))


def test_contradictory_pins_fail_with_the_smallest_set_and_leave_nothing_behind(town: World) -> None:
    pins = tuple(Pin(PinKind.FORCED, town.ids[name], town.ids["海の台所"]) for name in ("佐倉", "森"))
    run = view(town, run_now(town, JointAsk(pins=pins)))
    assert (run.state, run.lines) == ("failed", ())
    assert run.run.problem["code"] == "pins"
    assert sorted(map(tuple, run.run.problem["pairs"])) == sorted(
        (town.ids[n], town.ids["海の台所"]) for n in ("佐倉", "森")
    )
    assert view(town, run_now(town)).state == "done"


def test_a_forced_pair_that_does_not_fit_is_named(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "夜", time=[[5, 540, 720]])
    pin = Pin(PinKind.FORCED, town.ids["夜"], town.ids["海の台所"])
    run = view(town, run_now(town, JointAsk(pins=(pin,))))
    assert run.run.problem["pairs"] == [[town.ids["夜"], town.ids["海の台所"]]]


def test_pins_hold_in_the_next_run_and_the_rest_stays_as_it_was(town: World) -> None:
    first = run_now(town)
    (left,) = view(town, first).left
    there = placed(town, first)
    giver = next(person for person, opening in there.items() if opening == town.ids["海の台所"])
    pins = (Pin(PinKind.FORCED, left.person_id, town.ids["海の台所"]),)
    again = run_again(town, first, pins)
    now = placed(town, again)
    assert now[left.person_id] == town.ids["海の台所"]
    assert giver not in now
    assert {p: o for p, o in now.items() if p != left.person_id} == {p: o for p, o in there.items() if p != giver}
    with town.reading() as session:
        actor = town.actor("青木")
        changed = difference(*(read_run(session, town.town, actor, run).run for run in (again, first)))
    assert {(each.person_id, each.kind) for each in changed.changes} == {(left.person_id, "new"), (giver, "lost")}
    assert changed.same == 1
    assert "決めておく" in changed.because[0]


def test_a_forced_time_holds_to_the_day(town: World) -> None:
    pin = Pin(PinKind.FORCED, town.ids["佐倉"], town.ids["海の台所"], 4, 780)
    run = view(town, run_now(town, JointAsk(pins=(pin,))))
    assert next(line.sessions[0][:2] for line in run.lines if line.person_id == town.ids["佐倉"]) == [4, 780]


def test_a_place_of_today_moves_only_when_it_was_released(town: World) -> None:
    with town.writing() as session:
        put(town, session, "佐倉", "海の台所", "started")
        session.get_one(Opening, town.ids["海の台所"]).free = 0
    people = PeopleFilter(people=(town.ids["佐倉"], town.ids["森"]))
    kept = JointAsk(people, OpeningFilter(openings=(town.ids["海の台所"],)))
    assert placed(town, run_now(town, kept)) == {}
    released = (Pin(PinKind.RELEASED, town.ids["佐倉"], town.ids["海の台所"]),)
    found = placed(town, run_now(town, replace(kept, pins=released)))
    assert found == {town.ids["佐倉"]: town.ids["海の台所"]}


def test_a_run_that_waits_can_be_cancelled_and_is_not_computed_any_more(town: World) -> None:
    run_id = ask_for_run(town)
    save = execute_run(town.town, run_id, solver=solve)
    with town.writing() as session:
        cancel_run(session, town.town, town.actor("青木"), run_id, NOW)
    with town.writing() as session:
        save(session)
    run = view(town, run_id)
    assert (run.state, run.lines) == ("cancelled", ())
    with town.reading() as session:
        assert session.get_one(JointRun, run_id).instance is None
        assert session.scalars(select(Job.state)).one() == "cancelled"
    with pytest.raises(DomainError, match="もう終わって"), town.writing() as session:
        cancel_run(session, town.town, town.actor("青木"), run_id, NOW)


def test_a_colleague_cannot_cancel_a_run(town: World) -> None:
    run_id = ask_for_run(town)
    with pytest.raises(Forbidden), town.writing("石井") as session:
        cancel_run(session, town.town, town.actor("石井"), run_id, NOW)


def test_a_wish_to_stop_ends_the_solving_and_leaves_nothing(town: World) -> None:
    with pytest.raises(Stopped):
        execute_run(town.town, ask_for_run(town), is_stopped=lambda: True, solver=solve)
    assert (count(town, JointLine), count(town, JointLeft)) == (0, 0)


def test_a_fault_in_the_middle_leaves_the_run_waiting_and_the_next_try_completes_it(town: World) -> None:
    def falls_over(problem: Problem, settings: Settings, **_: Any) -> Solution:
        raise OSError("the database is away")

    run_id = ask_for_run(town)
    with pytest.raises(OSError, match="away"):
        execute_run(town.town, run_id, solver=falls_over)
    assert (view(town, run_id).state, count(town, JointLine)) == ("waiting", 0)
    finish(town, run_id)
    finish(town, run_id)
    assert (view(town, run_id).state, count(town, JointLine)) == ("done", 2)


def test_a_save_that_is_broken_off_leaves_nothing_and_can_be_done_again(town: World) -> None:
    run_id = ask_for_run(town)
    save = execute_run(town.town, run_id, solver=solve)

    def breaks_off() -> None:
        with town.writing() as session:
            save(session)
            session.flush()
            raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError):
        breaks_off()
    assert (view(town, run_id).state, count(town, JointLine), count(town, JointLeft)) == ("waiting", 0, 0)
    with town.writing() as session:
        save(session)
    assert (view(town, run_id).state, count(town, JointLine)) == ("done", 2)


def test_a_plan_that_breaks_a_rule_is_never_kept(town: World) -> None:
    def cheats(problem: Problem, settings: Settings, **_: Any) -> Solution:
        honest = solve(problem, settings)
        plan = honest.plan
        import numpy as np

        everybody = np.arange(len(problem.people), dtype=np.int32)
        same = np.full(len(everybody), plan.slot[0], np.int32)
        return replace(honest, plan=Plan(everybody, same, np.full(len(everybody), 2, np.int32)))

    run_id = ask_for_run(town)
    with pytest.raises(RuntimeError, match="free"):
        execute_run(town.town, run_id, solver=cheats)
    assert view(town, run_id).state == "waiting"


def test_a_run_is_marked_when_something_changed_while_it_was_computed(town: World) -> None:
    run_id = ask_for_run(town)
    save = execute_run(town.town, run_id, solver=solve)
    changing(town, lambda s: setattr(s.get_one(Opening, town.ids["海の台所"]), "free", 4))
    with town.writing() as session:
        save(session)
    assert view(town, run_id).run.is_outdated
    assert not view(town, run_now(town)).run.is_outdated


def test_a_new_size_while_computing_marks_the_run_too(town: World) -> None:
    run_id = ask_for_run(town)
    save = execute_run(town.town, run_id, solver=solve)
    with town.writing() as session:
        save_size(session, COORDINATORS, {"aoki": 3}, "北条", NOW)
    with town.writing() as session:
        save(session)
    assert view(town, run_id).run.is_outdated
    assert count(town, JointSetting) == 1


def test_what_is_asked_stays_readable_as_it_was_asked(town: World) -> None:
    ask = JointAsk(PeopleFilter(waiting_least=0, people=(town.ids["佐倉"],)), OpeningFilter(kinds=("ibasho",)),
                   RunSettings(aims=("placed", "points"), include_ask=True, load=2),
                   (Pin(PinKind.FORBIDDEN, town.ids["佐倉"], town.ids["丘の畑"]),))  # fmt: skip
    assert view(town, run_now(town, ask)).ask == ask


def test_the_fenced_solver_gives_the_same_plan(town: World) -> None:
    run_id = ask_for_run(town)
    finish(town, run_id, solve_fenced)
    assert placed(town, run_id) == placed(town, run_now(town))


def test_a_run_asks_the_database_as_often_for_many_people_as_for_few(town: World) -> None:
    def asked() -> int:
        with counted_queries(town) as seen, town.reading() as session:
            gather(session, town.town, town.actor("青木"), JointAsk(), TODAY)
        return len(seen)

    changing(town, lambda s: put(town, s, "原", "海の台所") and None)
    asked()
    few = asked()
    with town.writing() as session:
        for number in range(12):
            add_person(session, town, f"人{number}")
            put(town, session, f"人{number}", "海の台所")
    asked()
    assert asked() == few <= 20


def test_asking_running_cancelling_and_printing_are_on_record(town: World) -> None:
    run_id = run_now(town)
    waiting = ask_for_run(town)
    with town.writing() as session:
        cancel_run(session, town.town, town.actor("青木"), waiting, NOW)
        note_print(session, town.town, town.actor("青木"), run_id)
    with town.reading() as session:
        acts = [(e.action, e.object_type, e.object_id) for e in session.scalars(select(AuditEntry))]
        assert verify_chain(session, town.town.key) is None
    assert ("create", "joint_run", run_id) in acts
    assert ("change", "joint_run", run_id) in acts
    assert ("cancel", "joint_run", waiting) in acts
    assert ("print", "joint_run", run_id) in acts
    assert {id_ for act, kind, id_ in acts if (act, kind) == ("joint-run", "person")} == {
        town.ids[name] for name in ("佐倉", "森", "原")
    }


def test_runs_are_listed_newest_first_with_how_far_each_is(town: World) -> None:
    done, waiting = run_now(town), ask_for_run(town)
    with town.reading() as session:
        listed = {run.id: state for run, state in list_runs(session, town.town, town.actor("石井"))}
        assert listed == {done: "done", waiting: "waiting"}
        with pytest.raises(NotFound):
            run_of(session, town.town, town.actor("青木"), "no-such-run")


def test_where_cases_are_ones_own_runs_are_too(town: World) -> None:
    run_id = run_now(town)
    own = replace(town.town, case_access="own")
    with town.reading() as session, pytest.raises(NotFound):
        run_of(session, own, town.actor("石井"), run_id)


def test_a_preview_counts_without_writing_anything(town: World) -> None:
    with town.reading() as session:
        scope = preview(session, town.town, town.actor("青木"), JointAsk(), NOW)
    assert (len(scope.chosen.people), len(scope.openings)) == (3, 2)
