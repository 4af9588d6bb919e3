"""The town's ladder on 設定: every save is a version, and whoever is on the way keeps theirs."""

from typing import Any

import pytest

from service.cases.models import Placement
from service.followup.placements.ladder import LIMITS, Consequence, Ladder
from service.followup.placements.ladders import current_ladder, seed_ladder
from tests.cast import World


def form(ladder: Ladder, **changed: Any) -> dict[str, Any]:
    """The page as it is shown, with some of it changed."""
    typed = {"_version": str(ladder.version)}
    for step in ladder.steps:
        typed |= {f"step-{step.key}": step.label, f"deadline-{step.key}": str(step.deadline_days or ""),
                  f"stall-{step.key}": str(step.stall_days or ""), f"use-{step.key}": "1" if step.is_used else ""}  # fmt: skip
    for reason in ladder.declines:
        key = reason.key
        typed |= {f"reason-{key}": reason.label, f"then-{key}": reason.consequence, f"days-{key}": str(reason.days or ""),
                  f"offer-{key}": "1" if reason.is_used else "", f"note-{key}": "1" if reason.needs_note else ""}  # fmt: skip
    typed |= {f"limit-{name}": str(getattr(ladder, name)) for name in LIMITS}
    return typed | changed


def ladder_of(world: World) -> Ladder:
    with world.reading() as session:
        return current_ladder(session)


def test_a_save_is_a_new_version_and_the_running_ones_keep_theirs(candidate: World) -> None:
    world = candidate
    with world.visit("北条") as hojo:
        page = hojo.get("/settings/ladder").text
        assert "<b>1件</b>は、保存しても変わりません" in page
        typed = form(
            seed_ladder(), **{"step-visit": "お試し見学", "deadline-sounded": "１０", "use-trial": "", "offer-unwell": "",
                              "new": "雪で通えない", "new-side": "person", "then-new": "cool_off", "days-new": "90"},
        )  # fmt: skip
        assert hojo.submit("/settings/ladder", typed).status_code == 303
        assert hojo.submit("/settings/ladder", typed).status_code == 409
        history = hojo.get("/settings/ladder").text
        assert "第1版（進んでいる0件がこの版）" in history
        assert "はじめの版（進んでいる1件がこの版）" in history
        assert "北条" in history
    ladder = ladder_of(world)
    assert (ladder.version, ladder.label("visit"), ladder.rule("sounded").deadline_days) == (1, "お試し見学", 10)
    assert not ladder.rule("trial").is_used
    assert "unwell" not in {each.key for each in ladder.reasons_of("person")}
    new = ladder.reasons_of("person")[-1]
    assert (new.label, new.consequence, new.days) == ("雪で通えない", Consequence.COOL_OFF, 90)
    with world.reading() as session:
        assert session.get_one(Placement, world.ids["候補"]).ladder_version == 0
    with world.visit() as aoki:
        assert "雪で通えない" not in aoki.get(f"/placements/{world.ids['候補']}?act=decline").text


def test_nothing_changed_is_no_version(candidate: World) -> None:
    with candidate.visit("北条") as hojo:
        assert hojo.submit("/settings/ladder", form(seed_ladder())).status_code == 303
    assert ladder_of(candidate).version == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"step-visit": " "}, "「見学」の名前が空です"),
        ({"deadline-sounded": "一週間"}, "「打診」の期限を読めませんでした"),
        ({"limit-offers_at_once": ""}, "一人に一度に示すのはを読めませんでした"),
        ({"then-unwell": "cool_off", "days-unwell": "0"}, "「体調がすぐれない」のあとにおく日数"),
        ({"new": "遠い"}, "だれのものか"),
    ],
)
def test_what_cannot_be_read_stays_typed(candidate: World, changed: dict[str, str], said: str) -> None:
    with candidate.visit("北条") as hojo:
        answer = hojo.submit("/settings/ladder", form(seed_ladder(), **changed, **{"reason-busy_season": "田植えで忙しい"}))
        assert answer.status_code == 422
        assert said in answer.text
        assert "田植えで忙しい" in answer.text
    assert ladder_of(candidate).version == 0


def test_a_coordinator_reads_and_does_not_change(candidate: World) -> None:
    with candidate.visit() as aoki:
        assert "新しい版として保存する" not in aoki.get("/settings/ladder").text
        assert aoki.submit("/settings/ladder", form(seed_ladder())).status_code == 403
