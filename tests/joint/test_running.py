"""A joint run from the question to its kept result: what is refused, what is on record, and what is never half written."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Placement
from service.kernel.audit import AuditEntry, verify_chain
from service.kernel.errors import DomainError, Forbidden, NotFound
from service.kernel.queue.jobs import Job
from service.kernel.queue.working import Stopped
from service.matching.engine.fence import solve_fenced
from service.matching.engine.problem import Problem
from service.matching.engine.settings import Settings
from service.matching.engine.solution import Plan, Solution
from service.matching.engine.solve import solve
from service.matching.joint.asking import JointAsk, OpeningFilter, PeopleFilter, Pin, PinKind, RunSettings
from service.matching.joint.hindrances import Hindrances
from service.matching.joint.models import JointLeft, JointLine, JointRun, JointSetting
from service.matching.joint.pages_left import left_view
from service.matching.joint.pages_reading import reader_of
from service.matching.joint.prospects import STEP, prospects_json, prospects_of
from service.matching.joint.running import execute_run
from service.matching.joint.service import (
    cancel_run,
    list_runs,
    note_print,
    read_run,
    run_of,
    start_run,
)
from service.matching.joint.sizes import COORDINATORS, save_size
from service.matching.joint.stored import stored_problem
from service.resources.models import Opening
from tests.cast import NOW, World
from tests.joint.cast import (
    add_person,
    ask_for_run,
    changing,
    count,
    finish,
    placed,
    run_now,
    view,
)


def test_as_many_people_are_placed_as_there_are_places_and_the_last_is_told_why(town: World) -> None:
    run = view(town, run_now(town))
    assert (run.state, run.run.is_proven) == ("done", True)
    assert len(run.lines) == 2
    assert {line.opening_id for line in run.lines} == {town.ids["海の台所"], town.ids["丘の畑"]}
    (left,) = run.left
    told = reasons(town, run.run.id, left.person_id)
    assert told[0] == "合う所はありますが、空きがありません。" or told[0].startswith("合う所は、もっと長く待っている人か")
    assert {said.split("には")[0] for said in told[1:]} == {"海の台所", "丘の畑"}
    assert all(re.search(r"には(佐倉|森|原)[^・]* さんが決まっています。$", said) for said in told[1:])


def reasons(town: World, run_id: str, person_id: str) -> tuple[str, ...]:
    """What 青木's page says of somebody left."""
    with town.reading() as session:
        actor = town.actor("青木")
        run = read_run(session, town.town, actor, run_id)
        rows = left_view(reader_of(session, town.town, actor, run, NOW), run.left).rows
    return next(row.reasons for row in rows if row.person_id == person_id)


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


def test_without_a_free_place_everybody_is_left_and_told_so(town: World) -> None:
    changing(town, lambda s: [setattr(s.get_one(Opening, town.ids[n]), "free", 0) for n in ("海の台所", "丘の畑")])
    run = view(town, run_now(town))
    assert (run.state, run.lines, len(run.left)) == ("done", (), 3)
    for left in run.left:
        told = reasons(town, run.run.id, left.person_id)
        assert told[:1] == ("合う所はありますが、空きがありません。",)
        assert "は、いま利用中の人でいっぱいです。" in told[1]


def test_somebody_whom_nothing_fits_is_told_the_smallest_set_of_conditions(town: World) -> None:
    with town.writing() as session:
        add_person(session, town, "夜", time=[[5, 540, 720]])
    run = view(town, run_now(town, JointAsk(PeopleFilter(people=(town.ids["夜"],)))))
    told = reasons(town, run.run.id, town.ids["夜"])
    assert told[0] == "条件が合う所がありません。"
    assert len(told) == 2
    assert re.fullmatch("「[^」]*」を見直すと、(海の台所・丘の畑|丘の畑・海の台所)が候補になります。", told[1])
    kept = Hindrances.of_json(run.left[0].why)
    assert kept is not None
    assert [kept.codes.index("R-TIME")] == [at for at in range(64) if kept.words[kept.at[0]][0] >> at & 1]


def test_a_run_keeps_what_could_be_changed_for_those_left_without_a_name(town: World) -> None:
    with town.writing() as session:
        for number in range(2):
            add_person(session, town, f"五島 {number}")
    told: list[dict[str, Any]] = []
    run_id = ask_for_run(town)
    save = execute_run(town.town, run_id, lambda progress: told.append(dict(progress)), solver=solve)
    with town.writing() as session:
        save(session)
    assert told[-1]["step"] == STEP
    with town.reading() as session:
        run = session.get_one(JointRun, run_id)
        kept, problem = run.prospects, stored_problem(run)[0]
    left = {row.person_id for row in view(town, run_id).left}
    assert {person for change in kept["changes"] for person in change["people"]} == left
    helped = [person for group in kept["together"]["helped"] for person in group]
    assert (kept["together"]["is_proven"], kept["together"]["bound"]) == (True, 2)
    assert len(helped) == 2
    assert set(helped) < left
    assert prospects_json(problem, prospects_of(problem, kept)) == kept
    assert not any(name in json.dumps(kept, ensure_ascii=False) for name in ("五島", "佐倉", "海の台所", "青木"))


def test_whoever_stops_a_run_while_it_looks_further_gets_nothing_of_it(town: World) -> None:
    told: list[str] = []
    run_id = ask_for_run(town)
    with pytest.raises(Stopped):
        execute_run(town.town, run_id, lambda p: told.append(str(p["step"])), lambda: told[-1] == STEP, solver=solve)
    assert told[-1] == STEP
    assert (count(town, JointLine), count(town, JointLeft)) == (0, 0)


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
