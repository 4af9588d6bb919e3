"""Signs, what they suggest, and that nothing happens before somebody says yes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from service.cases.models import Placement
from service.followup.placements.models import ABSENCE, HostWord
from service.followup.rhythms.rule import AT_HOST
from service.followup.tasks.models import CANCELLED, EASE, INSERT, LETTERS_ONLY, REOPEN, SETTLE, FollowUp, Suggestion
from service.followup.tasks.signals import Heard, Sign, Signs, signs_of
from service.followup.tasks.suggesting import look
from tests.cast import NOW, TODAY, World
from tests.feeds.planned import plan

GOOD = {"person_says": "want", "host_says": "can"}


def heard(*days_ago: int, **said: str) -> tuple[Heard, ...]:
    return tuple(Heard(f"v{ago}", TODAY - timedelta(days=ago), **(said or GOOD)) for ago in days_ago)


def kinds(signs: tuple[Sign, ...]) -> list[tuple[str, str]]:
    return [(sign.kind, sign.what) for sign in signs]


def on(ago: int) -> date:
    return TODAY - timedelta(days=ago)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Signs("t", "started", absences=(("a", on(3)),)), []),
        (Signs("t", "started", absences=(("a", on(3)), ("b", on(20)))), []),
        (Signs("t", "started", absences=(("a", on(3)), ("b", on(1)))), [(INSERT, "phone"), (INSERT, "visit_and_interview")]),
        (Signs("t", "started", worries=(("w", on(2)),)), [(INSERT, "host_visit")]),
        (Signs("t", "started", worries=(("w", on(40)),)), []),
        (Signs("t", "settling", heard(29, 1)), [(SETTLE, "")]),
        (Signs("t", "settling", heard(20, 1)), []),
        (Signs("t", "settling", heard(60, 30, 1)), [(SETTLE, ""), (EASE, "")]),
        (Signs("t", "settling", (*heard(60, 30), *heard(1, person_says="wavering", host_says="can"))), []),
        (Signs("t", "started", heard(60, 30, 1)), []),
        (Signs("t", "", heard(1, connected="no")), [(REOPEN, "")]),
        (Signs("t", "", heard(1, connected="yes")), []),
    ],
)
def test_a_sign_suggests_what_it_asks_for_and_no_more(seen: Signs, expected: list[tuple[str, str]]) -> None:
    assert kinds(signs_of(seen, TODAY)) == expected


def test_a_refusal_never_leads_to_the_door() -> None:
    seen = Signs("t", "started", absences=(("a", on(3)), ("b", on(1))), worries=(("w", on(1)),), refusals=(("r", on(1)),))
    assert kinds(signs_of(seen, TODAY)) == [(LETTERS_ONLY, "letter"), (INSERT, "phone")]


@pytest.fixture
def missing_twice(town_with_a_case: World) -> World:
    world = town_with_a_case
    with world.writing() as session:
        placement = Placement(
            person_id=world.ids["佐倉"],
            opening_id=world.ids["枠"],
            step="started",
            since=TODAY,
            recorded_by="青木",
            started_on=TODAY,
        )
        session.add(placement)
        session.flush()
        world.ids["利用"] = placement.id
        for ago in (1, 3):
            session.add(
                HostWord(
                    host_id=world.ids["海の台所"], placement_id=placement.id, kind=ABSENCE, on=on(ago), at=NOW, by="店主"
                )
            )
        session.flush()
        assert look(session, placement, NOW) == 2
        assert look(session, placement, NOW) == 0
    return world


def suggestions(world: World) -> list[Suggestion]:
    with world.reading() as session:
        return list(session.scalars(select(Suggestion).order_by(Suggestion.key)))


def follow_ups(world: World) -> list[FollowUp]:
    with world.reading() as session:
        return list(session.scalars(select(FollowUp)))


def test_nothing_is_done_before_somebody_says_yes(missing_twice: World) -> None:
    call, visit = suggestions(missing_twice)
    assert follow_ups(missing_twice) == []
    with missing_twice.visit() as aoki:
        assert "2回お休みがありました" in aoki.get("/").text
        for _ in range(2):
            assert aoki.submit(f"/suggestions/{call.id}/accept", {"_once": "y"}).status_code == 303
        assert (
            aoki.submit(f"/suggestions/{visit.id}/refuse", {"_once": "n", "note": "電話で様子が分かった"}).status_code == 303
        )
        assert aoki.submit(f"/suggestions/{visit.id}/accept", {"_once": "z"}).status_code == 409
        assert "提案" not in aoki.get("/").text.split("<main")[1]
    (made,) = follow_ups(missing_twice)
    assert made.kind == "phone"
    assert [each.state for each in suggestions(missing_twice)] == ["accepted", "refused"]
    with missing_twice.writing() as session:
        assert look(session, session.get_one(Placement, missing_twice.ids["利用"]), NOW) == 0


def test_letters_alone_change_what_was_to_happen_at_a_door_and_nothing_promised(missing_twice: World) -> None:
    free = plan(missing_twice, "佐倉", kind="visit_and_interview", placement_id=missing_twice.ids["利用"])
    promised = plan(missing_twice, "佐倉", kind="visit_and_interview", state="confirmed", key="p", sequence=2)
    row = _suggest(missing_twice, LETTERS_ONLY)
    with missing_twice.visit() as aoki:
        aoki.submit(f"/suggestions/{row}/accept", {"_once": "y"})
    kept = {each.id: each.kind for each in follow_ups(missing_twice)}
    assert kept[free] == "letter"
    assert kept[promised] in AT_HOST


def test_easing_leaves_the_next_unpromised_one_out_with_its_reason(missing_twice: World) -> None:
    free = plan(missing_twice, "佐倉", placement_id=missing_twice.ids["利用"])
    row = _suggest(missing_twice, EASE)
    with missing_twice.visit() as aoki:
        aoki.submit(f"/suggestions/{row}/accept", {"_once": "y"})
    (kept,) = [each for each in follow_ups(missing_twice) if each.id == free]
    assert (kept.state, kept.state_reason) == (CANCELLED, "よい記録が続いたため")


def test_a_colleagues_suggestion_is_not_ones_own_to_decide(missing_twice: World) -> None:
    call, _ = suggestions(missing_twice)
    with missing_twice.visit("石井") as ishii:
        assert ishii.submit(f"/suggestions/{call.id}/accept", {"_once": "y"}).status_code == 403
        assert ishii.submit(f"/suggestions/{'0' * 32}/accept", {"_once": "x"}).status_code == 404


def _suggest(world: World, kind: str) -> str:
    with world.writing() as session:
        first = session.scalars(select(Suggestion)).first()
        assert first is not None
        row = Suggestion(key=kind, case_id=first.case_id, person_id=first.person_id, placement_id=first.placement_id, kind=kind,
                         why="x", made_at=NOW)  # fmt: skip
        session.add(row)
        session.flush()
        return row.id
