"""候補にする, the week over all hosts, and the way from little to more."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from service.cases.models import Placement, PlacementMove
from service.cases.resting import resting_pairs
from service.followup.placements.ladders import current_ladder, keep_ladder
from service.followup.placements.models import StepUp
from service.kernel.db import new_id
from service.matching.joint.asking import JointAsk
from service.matching.joint.gather import gather
from tests.cast import NOW, TODAY, Visitor, World, add_host


def place(visitor: Visitor, world: World, **typed: Any) -> Any:
    form = {"opening": world.ids["枠"], "_once": new_id(), **typed}
    return visitor.submit(f"/people/{world.ids['佐倉']}/placements", form)


def decline(world: World, reason: str, **more: Any) -> str:
    with world.writing() as session:
        placement = Placement(person_id=world.ids["佐倉"], opening_id=world.ids["枠"], step="declined", since=TODAY,
                              recorded_by="青木", closing=reason, closed_by="host", **more)  # fmt: skip
        session.add(placement)
        session.flush()
        return placement.id


def test_a_card_of_the_match_becomes_a_candidate_in_two_clicks(town_with_a_case: World) -> None:
    world = town_with_a_case
    with world.writing() as session:
        ladder = keep_ladder(session, world.actor("北条"), current_ladder(session), NOW)
    with world.visit() as aoki:
        link = f"/people/{world.ids['佐倉']}/placements/new/{world.ids['枠']}"
        assert link in aoki.get(f"/people/{world.ids['佐倉']}/match").text
        assert "いまの照合では" in aoki.get(link).text
        once = new_id()
        answers = [place(aoki, world, slots="0:780", _once=once) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        page = aoki.get(f"/people/{world.ids['佐倉']}/placements").text
        assert "13:00 海の台所" in page
        assert place(aoki, world).status_code == 409
    with world.reading() as session:
        placement = session.scalars(select(Placement)).one()
        assert (placement.origin, placement.ladder_version) == ("match", ladder.version)
        assert session.scalars(select(PlacementMove)).one().facts["band"] in ("適合", "要確認")


def test_by_hand_it_takes_a_reason(town_with_a_case: World) -> None:
    world = town_with_a_case
    with world.writing() as session:
        _, opening = add_host(session, "夜の会")
        opening.free = 0
        world.ids["満"] = opening.id
    with world.visit() as aoki:
        answer = place(aoki, world, opening=world.ids["満"])
        assert answer.status_code == 409
        assert "選んだわけがありません" in answer.text
        assert place(aoki, world, opening=world.ids["満"], note="見学だけ頼んである").status_code == 303


def test_a_declined_pair_is_shown_as_such_and_asks_for_a_word(town_with_a_case: World) -> None:
    world = town_with_a_case
    decline(world, "busy_season", rests_until=TODAY + timedelta(days=3650))
    with world.visit() as aoki:
        assert "前回見送り（受け入れ先・" in aoki.get(f"/people/{world.ids['佐倉']}/match").text
        answer = place(aoki, world)
        assert answer.status_code == 422
        assert "もう一度頼むわけ" in answer.text
        assert place(aoki, world, note="先方から声がかかった").status_code == 303


def test_a_declined_pair_is_in_no_joint_run_until_the_person_is_assessed_again(town_with_a_case: World) -> None:
    world, actor = town_with_a_case, town_with_a_case.actor("青木")
    with world.writing() as session:
        add_host(session, "山の文庫")
    with world.visit() as aoki:
        aoki.submit(
            f"/people/{world.ids['佐倉']}/assessment/step_free",
            {"a-step_free": "no", "v-step_free": "0", "s-step_free": "wish"},
        )
    decline(world, "support_beyond", until_reassessed=True)

    def forbidden() -> int:
        with world.reading() as session:
            return len(gather(session, world.town, actor, JointAsk(), TODAY).problem.rules.forbidden)

    assert forbidden() == 1
    with world.visit() as aoki:
        typed = {"a-step_free": "yes", "v-step_free": "1", "s-step_free": "wish"}
        assert aoki.submit(f"/people/{world.ids['佐倉']}/assessment/step_free", typed).status_code == 200
    with world.reading() as session:
        assert resting_pairs(session, [world.ids["佐倉"]], TODAY) == []
    assert forbidden() == 0


def test_the_way_from_little_to_more_goes_stage_by_stage(candidate: World) -> None:
    world = candidate
    here = f"/people/{world.ids['佐倉']}/placements"
    with world.visit() as aoki:
        once = new_id()
        for _ in range(2):
            typed = {"days_per_week": "1", "minutes": "60", "from_on": "2026-10-01", "note": "朝の電話なしで", "_once": once}
            assert aoki.submit(f"{here}/stages", typed).status_code == 303
        less = aoki.submit(f"{here}/stages", {"days_per_week": "1", "minutes": "30", "note": "戻す"})
        assert less.status_code == 422
        assert "前の段より増えていません" in less.text
        assert 'value="戻す"' in less.text
        assert aoki.submit(f"{here}/stages", {"days_per_week": "2", "minutes": "60"}).status_code == 303
        assert "4週間続いています" not in aoki.get(here).text
        with world.writing() as session:
            session.get_one(Placement, world.ids["候補"]).step = "started"
        assert "4週間続いています" in aoki.get(here).text
        for _ in range(2):
            assert aoki.submit(f"{here}/stages/next", {"position": "0"}).status_code == 303
    with world.reading() as session:
        stages = session.scalars(select(StepUp).order_by(StepUp.position)).all()
        assert [each.reached_on is not None for each in stages] == [True, False]
        assert stages[1].from_on is not None


def test_others_may_look_or_not_even_that(candidate: World) -> None:
    here = f"/people/{candidate.ids['佐倉']}/placements"
    with candidate.visit("北条") as hojo:
        assert hojo.get(here).status_code == 200
        assert place(hojo, candidate, note="x").status_code == 403
    with candidate.visit("遠野") as tono:
        assert tono.get(here).status_code == 404
    with candidate.visit() as aoki:
        assert aoki.get(f"{here}/new/{'0' * 32}").status_code == 404
        assert aoki.get(f"{here}/new/x").status_code == 404
    with candidate.reading() as session:
        assert session.scalar(select(func.count(Placement.id))) == 1
