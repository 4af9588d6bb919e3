"""設定 of the rhythm: what a change would move is shown first, and a saved one is a version."""

from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Placement, PlacementSession
from service.followup.policies import current_rhythm, presets
from service.followup.rhythms.forms import read_offsets, say_offsets
from service.followup.rhythms.keeping import keep_placement
from service.followup.rhythms.rule import Offset, Rhythm
from service.followup.tasks.models import DONE, FollowUp
from service.kernel.errors import DomainError
from service.resources.policies import PolicyVersion, town_calendar
from tests.cast import NOW, TODAY, World
from tests.security.house import data_of


def form_of(rhythm: Rhythm, **changed: str) -> dict[str, Any]:
    """The form as the page shows it."""
    sent: dict[str, Any] = {
        "name": rhythm.name,
        "pause_days": str(rhythm.pause_days),
        "on_attendance_day": "yes",
        "_version": "0",
    }
    for rule in rhythm.rules:
        sent |= {
            f"offsets-{rule.key}": say_offsets(rule.offsets), f"every-{rule.key}": say_offsets((rule.every,)) if rule.every else "",
            f"before-{rule.key}": str(rule.before), f"after-{rule.key}": str(rule.after), f"minutes-{rule.key}": str(rule.minutes),
            f"priority-{rule.key}": str(rule.priority), f"roll-{rule.key}": str(rule.roll), f"used-{rule.key}": "yes",
        }  # fmt: skip
    return sent | changed


@pytest.fixture
def attending(town_with_a_case: World) -> World:
    world = town_with_a_case
    with world.writing() as session:
        placement = Placement(
            person_id=world.ids["佐倉"], opening_id=world.ids["枠"], step="started", since=TODAY, recorded_by="青木",
            started_on=TODAY, sessions=[PlacementSession(weekday=day, start_min=780, end_min=960) for day in (0, 2)],
        )  # fmt: skip
        session.add(placement)
        session.flush()
        keep_placement(session, placement, NOW)
    return world


STANDARD = presets()["default"]


def due(world: World, rule: str) -> list[str]:
    with world.reading() as session:
        rows = session.scalars(select(FollowUp).where(FollowUp.rule == rule, FollowUp.state != "cancelled"))
        return sorted(row.due_on.isoformat() for row in rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7日", (Offset(0, 7),)),
        ("１か月・２ヶ月、3か月", (Offset(1, 0), Offset(2, 0), Offset(3, 0))),
        ("+2週", (Offset(0, 14),)),
        ("1年", (Offset(12, 0),)),
        ("", ()),
    ],
)
def test_spans_are_read_as_people_write_them_and_come_back(text: str, expected: tuple[Offset, ...]) -> None:
    assert read_offsets(text) == expected
    assert read_offsets(say_offsets(expected)) == expected


@pytest.mark.parametrize("text", ["そのうち", "3", "月に一度", "-7日"])
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DomainError, match="7日"):
        read_offsets(text)


def test_looking_writes_nothing_and_says_what_would_change(attending: World) -> None:
    before = data_of(attending)
    with attending.visit("北条") as hojo:
        page = hojo.submit("/settings/rhythms/preview", form_of(STANDARD, **{"offsets-first_visit": "21日"}))
    assert page.status_code == 200
    assert "動く <b>1</b>件" in page.text
    assert "まだ何も書き込んでいません" in page.text
    assert data_of(attending) == before


def test_saving_is_a_version_and_moves_what_nobody_touched(attending: World) -> None:
    (contact,) = due(attending, "first_contact")
    with attending.writing() as session:
        session.scalars(select(FollowUp).where(FollowUp.rule == "first_contact")).one().state = DONE
    changed = {"offsets-first_visit": "21日", "offsets-first_contact": "3日"}
    with attending.visit("北条") as hojo:
        for _ in range(2):
            assert hojo.submit("/settings/rhythms", form_of(STANDARD, **changed) | {"_once": "s"}).status_code == 303
        stale = hojo.submit("/settings/rhythms", form_of(STANDARD) | {"_once": "t"})
        assert stale.status_code == 409
    assert due(attending, "first_contact") == [contact]
    assert due(attending, "first_visit") != []
    with attending.reading() as session:
        assert len(session.scalars(select(PolicyVersion)).all()) == 1
        rule = current_rhythm(session).rule("first_visit")
        assert rule is not None
        assert rule.offsets == (Offset(0, 21),)


def test_a_rule_that_is_not_used_takes_its_follow_ups_away_with_a_word(attending: World) -> None:
    form = form_of(STANDARD) | {"_once": "s"}
    del form["used-visit"]
    with attending.visit("北条") as hojo:
        hojo.submit("/settings/rhythms", form)
    assert due(attending, "visit") == []
    with attending.reading() as session:
        reasons = set(session.scalars(select(FollowUp.state_reason).where(FollowUp.rule == "visit")))
    assert reasons == {"予定の変更"}


def test_another_preset_can_be_taken_whole(attending: World) -> None:
    with attending.visit("北条") as hojo:
        assert "1週めの受け入れ先訪問" in hojo.get("/settings/rhythms?preset=dense").text
        sent = hojo.submit("/settings/rhythms", form_of(presets()["dense"]) | {"_once": "s", "preset": "dense"})
        assert sent.status_code == 303
    assert due(attending, "week_1") != []
    assert due(attending, "first_visit") == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"offsets-visit": "そのうち"}, "間隔として読めません"),
        ({"offsets-visit": ""}, "間隔が入っていない"),
        ({"offsets-visit": "3か月・1か月"}, "短い順"),
        ({"minutes-visit": "とても長い"}, "数を入れてください"),
        ({"pause_days": "0"}, "数を入れてください"),
    ],
)
def test_what_is_not_a_rhythm_comes_back_with_what_was_typed(attending: World, changed: dict[str, str], said: str) -> None:
    with attending.visit("北条") as hojo:
        refused = hojo.submit("/settings/rhythms", form_of(STANDARD, **changed) | {"_once": "s"})
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{next(iter(changed.values()))}"' in refused.text


def test_a_closed_day_of_the_town_moves_what_falls_on_it(attending: World) -> None:
    (day,) = due(attending, "first_contact")
    with attending.visit("北条") as hojo:
        assert hojo.submit("/settings/calendar", {"_once": "a", "_version": "0", "day": day, "name": ""}).status_code == 422
        saved = hojo.submit("/settings/calendar", {"_once": "b", "_version": "0", "day": day, "name": "市制記念日"})
        assert saved.status_code == 303
        assert "市制記念日" in hojo.get("/settings/calendar").text
    with attending.reading() as session:
        row = session.scalars(select(FollowUp).where(FollowUp.rule == "first_contact")).one()
        assert row.due_on.isoformat() > day
        assert "市制記念日のため" in row.moved_because
        assert not town_calendar(session, TODAY).is_open(row.raw_on)
    with attending.visit("北条") as hojo:
        hojo.submit("/settings/calendar", {"_once": "c", "_version": "1", "remove": day})
    assert due(attending, "first_contact") == [day]
