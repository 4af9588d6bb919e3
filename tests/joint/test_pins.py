"""What somebody decides beforehand holds in the run, or is refused with the smallest contradiction."""

import pytest

from service.kernel.errors import DomainError
from service.matching.joint.asking import JointAsk, Pin, PinKind
from tests.cast import World
from tests.joint.cast import (
    add_person,
    ask_for_run,
    placed,
    run_again,
    run_now,
    view,
)


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


def test_a_forced_time_holds_to_the_day(town: World) -> None:
    pin = Pin(PinKind.FORCED, town.ids["佐倉"], town.ids["海の台所"], 4, 780)
    run = view(town, run_now(town, JointAsk(pins=(pin,))))
    assert next(line.sessions[0][:2] for line in run.lines if line.person_id == town.ids["佐倉"]) == [4, 780]
