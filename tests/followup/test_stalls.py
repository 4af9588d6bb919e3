"""Standing still: those concerned are asked first, the supervisor hears of it only when nobody answers."""

from datetime import timedelta

from sqlalchemy import func, select

from service.cases.models import Placement
from service.followup.placements.answering import Answer, answer_by_host
from service.followup.placements.asking import sound_out
from service.followup.placements.ladders import seed_ladder
from service.followup.placements.models import StallQuestion
from service.followup.placements.stalls import ask_about_stalls, is_stalled
from service.kernel.outbox.messages import OutboxMessage
from tests.cast import NOW, TODAY, World


def ask(world: World, days: int) -> int:
    with world.writing("夜") as session:
        return ask_about_stalls(session, NOW + timedelta(days=days))


def test_silence_counts_from_the_last_sign(candidate: World) -> None:
    ladder = seed_ladder()
    assert not is_stalled(ladder, "candidate", TODAY, TODAY + timedelta(days=14))
    assert is_stalled(ladder, "candidate", TODAY, TODAY + timedelta(days=15))
    assert not is_stalled(ladder, "stable", TODAY, TODAY + timedelta(days=900))


def test_it_is_asked_once_and_goes_on_when_answered(candidate: World) -> None:
    world = candidate
    assert ask(world, 14) == 0
    assert [ask(world, 15) for _ in range(3)] == [1, 0, 0]
    with world.visit() as aoki:
        board = aoki.get("/placements").text
        assert "まだ続いていますか" in board
        assert "?act=going#act" in board
        here = f"/placements/{world.ids['候補']}"
        blank = aoki.submit(f"{here}/going", {"going": "going", "_version": "1"})
        assert blank.status_code == 422
        assert "次にいつ何をするか" in blank.text
        answer = aoki.submit(f"{here}/going", {"going": "going", "note": "金曜に電話", "_version": "1"})
        assert answer.status_code == 303
        assert "金曜に電話" in aoki.get(here).text
        assert "?act=going#act" not in aoki.get("/placements").text
    with world.reading() as session:
        assert session.scalar(select(func.count(StallQuestion.id))) == 1


def test_stopping_leads_to_the_form_that_asks_why(candidate: World) -> None:
    ask(candidate, 15)
    with candidate.visit() as aoki:
        answer = aoki.submit(f"/placements/{candidate.ids['候補']}/going", {"going": "stop", "_version": "1"})
        assert answer.status_code == 303
        assert "act=decline" in answer.headers["location"]


def test_the_supervisor_hears_only_of_what_nobody_answered(candidate: World) -> None:
    world = candidate
    with world.writing() as session:
        session.get_one(Placement, world.ids["候補"]).since = TODAY - timedelta(days=60)
    with world.writing("夜") as session:
        ask_about_stalls(session, NOW)
    with world.visit("北条") as hojo:
        assert "佐倉" not in hojo.get("/placements?stalled=1").text
        with world.writing() as session:
            session.scalars(select(StallQuestion)).one().asked_at = NOW - timedelta(days=30)
        assert "佐倉" in hojo.get("/placements?stalled=1").text
        assert "止まっています" in hojo.get("/placements?stalled=1").text


def test_a_host_with_an_open_question_is_asked_too(candidate: World) -> None:
    world = candidate
    with world.visit() as aoki:
        typed = {"channel": "phone", "_version": "1"}
        assert aoki.submit(f"/placements/{world.ids['候補']}/sound", typed).status_code == 303
    assert ask(world, 30) == 1
    with world.reading() as session:
        assert set(session.scalars(select(StallQuestion.asked_of))) == {"coordinator", "host"}


def test_a_host_that_has_not_answered_is_asked_once_more_without_a_name_and_its_answer_ends_it(candidate: World) -> None:
    world = candidate
    with world.writing() as session:
        sounding = sound_out(session, world.town, world.actor("青木"), world.ids["候補"], 1, "20代の方です。", "phone", NOW)
        host_id, sounding_id, version = sounding.host_id, sounding.id, sounding.version
    assert [ask(world, 30), ask(world, 31)] == [1, 0]
    with world.reading() as session:
        (message,) = session.scalars(select(OutboxMessage)).all()
        asked = {each.asked_of for each in session.scalars(select(StallQuestion))}
    assert asked == {"coordinator", "host"}
    assert message.key.endswith(sounding_id)
    assert "{link}" in message.body
    assert "佐倉" not in message.body + message.subject
    with world.writing("店主") as session:
        answer_by_host(session, host_id, sounding_id, version, Answer("yes"), "店主", NOW + timedelta(days=31))
    with world.reading() as session:
        open_ones = {each.asked_of for each in session.scalars(select(StallQuestion)) if each.answered_at is None}
    assert open_ones == {"coordinator"}
    with world.visit() as aoki:
        assert "受け入れ先から返事がありました" in aoki.get(f"/placements/{world.ids['候補']}").text
