"""市の決めごと: every value with its source, versions, what a change does and does not move, and whole ways of working."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from service.cases.referrals.models import Referral
from service.cli import main
from service.desk.presets import apply_preset, differences, presets
from service.desk.town_defaults import default_lines
from service.kernel.audit import AuditEntry
from service.meetings.models import MeetingSeries
from service.resources.policies import PolicyVersion, town_calendar
from service.resources.town_words import TOWN, keep_town, settings, town_settings
from tests.cast import NOW, OTHERS, TODAY, World, hire_staff
from tests.referrals.test_sheets import SHEET


def form(**changed: str) -> dict[str, Any]:
    return {"_version": "0", "_once": "s", **{key.replace("__", "."): value for key, value in changed.items()}}


def test_every_value_that_is_a_choice_of_ours_stands_on_the_page_with_its_source(world: World) -> None:
    with world.reading() as session:
        lines = default_lines(session)
    assert all(line.value and line.source for line in lines)
    assert all(each.source and each.value for each in settings().values())
    said = {line.label: line.value for line in lines}
    assert said["打診の返事を待つ"] == "7日"
    assert said["本人に示してから、枠を押さえておく"] == "14日"
    assert said["少ない数は出さない"] == "5人未満"
    assert said["外に出す統計で、少ない数を隠す"] == "5人・件未満"
    assert said["管理者が緊急に開いたケースを読める"] == "60分"
    assert said["終結後の連絡"] == "1か月・3か月・6か月・12か月"
    with world.visit("北条") as hojo:
        page = hojo.get("/settings/town").text
    assert all(line.label in page and line.source in page for line in lines)
    assert "出どころ：市の計画（原則3か月後）" in page


def test_a_new_version_counts_for_what_comes_and_leaves_the_days_that_are_set(world: World) -> None:
    with world.writing() as session:
        world.ids |= hire_staff(session, OTHERS)
    with world.visit("青木") as aoki:
        assert aoki.submit("/referrals/new", SHEET | {"_once": "a"}).status_code == 303
    with world.visit("北条") as hojo:
        for _ in range(2):
            assert hojo.submit("/settings/town", form(acknowledge_days="7")).status_code == 303
        refused = hojo.submit("/settings/town", form(acknowledge_days="9") | {"_once": "t"})
        assert refused.status_code == 409
        assert 'value="9"' in refused.text
    with world.visit("青木") as aoki:
        assert aoki.submit("/referrals/new", SHEET | {"_once": "b"}).status_code == 303
    with world.reading() as session:
        calendar = town_calendar(session, TODAY)
        sheets = session.scalars(select(Referral).order_by(Referral.acknowledge_due_on)).all()
        assert [row.acknowledge_due_on for row in sheets] == [
            calendar.add_open_days(sheets[0].received_on, days) for days in (3, 7)
        ]
        assert session.scalar(select(func.count()).where(PolicyVersion.name == TOWN)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"acknowledge_days": "0"}, "1〜20の数で"),
        ({"acknowledge_days": "三日"}, "1〜20の数で"),
        ({"screening_by": "nobody"}, "一覧から"),
        ({"juso": "　"}, "1〜60字"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept_on_the_page(world: World, typed: dict[str, str], said: str) -> None:
    with world.visit("北条") as hojo:
        refused = hojo.submit("/settings/town", form(**typed))
    assert refused.status_code == 422
    assert said in refused.text


def test_meetings_and_their_bodies_are_called_what_the_town_calls_them(world: World) -> None:
    with world.writing() as session:
        keep_town(session, world.actor("北条"), {"juso": "まるごと会議", "body.aged.name": "地域ケア会議"}, NOW)
    with world.visit("青木") as aoki:
        page = aoki.get("/meetings/new").text
    assert "まるごと会議" in page
    assert "地域ケア会議（高齢）" in page
    assert ">重層的支援会議<" not in page


def test_where_the_office_alone_decides_a_coordinator_is_told_whom_to_ask(world: World) -> None:
    with world.writing() as session:
        world.ids |= hire_staff(session, OTHERS)
        keep_town(session, world.actor("北条"), {"screening_by": "secretariat"}, NOW)
    with world.visit("青木") as aoki:
        where = aoki.submit("/referrals/new", SHEET | {"_once": "a"}).headers["location"].partition("?")[0]
        aoki.submit(f"{where}/acknowledge", {"_version": "1"})
    body = {"criteria": "is_complex", "is_tried": "y", "result": "juso", "decider": "真鍋", "decided_on": "R8.11.24",
            "told_state": "owed", "_version": "1"}  # fmt: skip
    with world.visit("青木") as aoki:
        refused = aoki.submit(f"{where}/screen", body)
    assert refused.status_code == 409
    assert "該当判断は事務局がします" in refused.text
    with world.visit("真鍋") as manabe:
        assert manabe.submit(f"{where}/screen", body).status_code == 303


@pytest.mark.parametrize("key", sorted(presets()))
def test_a_way_of_working_says_what_it_changes_changes_it_and_changes_nothing_twice(world: World, key: str) -> None:
    chosen = presets()[key]
    with world.reading() as session:
        announced = differences(session, chosen)
    before = world.rows()
    assert announced
    with world.visit("北条") as hojo:
        page = hojo.get(f"/settings/presets/{key}").text
        assert all(each.what in page for each in announced)
    assert {name: rows for name, rows in world.rows().items() if name in ("policy_version", "meeting_series")} == {
        name: rows for name, rows in before.items() if name in ("policy_version", "meeting_series")
    }, "a look writes nothing"
    with world.visit("北条") as hojo:
        assert hojo.submit(f"/settings/presets/{key}", {"_version": "0", "_once": "s"}).status_code == 303
    with world.writing("北条") as session:
        assert differences(session, chosen) == ()
        assert apply_preset(session, world.actor("北条"), chosen, NOW + timedelta(days=1)) == ()
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "apply")).all()
    assert [(row.object_type, row.object_id) for row in noted] == [("preset", key)]


def test_one_way_after_another_keeps_every_earlier_version(world: World) -> None:
    for at, key in enumerate(sorted(presets())):
        with world.writing("北条") as session:
            apply_preset(session, world.actor("北条"), presets()[key], NOW + timedelta(days=at))
    with world.reading() as session:
        kept = session.scalars(select(PolicyVersion.seq).where(PolicyVersion.name == TOWN).order_by(PolicyVersion.seq)).all()
        names = session.scalars(select(MeetingSeries.name).order_by(MeetingSeries.name)).all()
        assert town_settings(session).word("screening_by") == "both"
    assert list(kept) == [1, 2, 3][: len(kept)]
    assert len(kept) >= 2
    assert len(names) == len(set(names)) == sum(len(each.series) for each in presets().values())


def test_the_command_shows_what_would_change_before_it_changes_anything(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.settings.read_settings", lambda: world.settings)
    assert main(["preset", "list"]) == 0
    assert "事務局が判断する市" in capsys.readouterr().out
    assert main(["preset", "apply", "jimukyoku", "--dry-run"]) == 0
    assert "まだ何も書き込んでいません" in capsys.readouterr().out
    assert main(["preset", "apply", "jimukyoku"]) == 0
    assert "件を変えました" in capsys.readouterr().out
    assert main(["preset", "show", "jimukyoku"]) == 0
    assert "もう、このとおりです" in capsys.readouterr().out
    assert main(["preset", "show", "nix"]) == 1
    assert "itaku・jimukyoku・sheet" in capsys.readouterr().err
