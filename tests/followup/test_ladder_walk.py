"""One person's way from 候補 to 定着, by the verbs alone, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Person, Placement, PlacementMove
from service.cases.sharing import record_share
from service.followup.placements.answering import Answer
from service.followup.placements.asking import answer_by_staff, sound_out
from service.followup.placements.contacting import Contact, record_contact
from service.followup.placements.ladder import Step
from service.followup.placements.models import Sounding
from service.followup.placements.moving import Move, StepRefused, move_placement
from service.followup.placements.offering import NOT_NOW, WANT, answer_offer, show_offer
from service.followup.sharing.withdrawing import withdraw_share
from service.kernel.outbox.messages import OutboxMessage
from service.resources.models import Opening
from tests.cast import NOW, TODAY, World

READY = {"has_emergency_contact": True, "costs_explained": True, "insured_here": True}
AGREED = {"person_wants": True, "host_accepts": True}


def version(session: Session, world: World) -> int:
    return session.get_one(Placement, world.ids["候補"]).version


def move(world: World, to: str, days: int = 0, **more: Any) -> None:
    with world.writing() as session:
        move_placement(
            session, world.town, world.actor("青木"), world.ids["候補"], version(session, world), Move(to, **more),
            NOW + timedelta(days=days),
        )  # fmt: skip


def share(world: World) -> None:
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        record_share(
            session,
            world.actor("青木"),
            person,
            world.ids["海の台所"],
            "given",
            NOW,
            decided_on=TODAY,
            items=["name", "days"],
        )


def up_to_the_offer(world: World) -> None:
    actor, id_ = world.actor("青木"), world.ids["候補"]
    with world.writing() as session:
        sound_out(session, world.town, actor, id_, version(session, world), "20代の方です。", "phone", NOW)
    with world.writing() as session:
        answer_by_staff(session, world.town, actor, id_, Answer("conditional", "午後なら"), "店主", NOW)
    with world.writing() as session:
        show_offer(session, world.town, actor, id_, version(session, world), NOW)


def test_a_way_from_candidate_to_stable_takes_the_place_once(candidate: World) -> None:
    world = candidate
    up_to_the_offer(world)
    with world.writing() as session:
        answer_offer(
            session,
            world.town,
            world.actor("青木"),
            world.ids["候補"],
            version(session, world),
            WANT,
            "本の匂いが好き",
            "",
            NOW,
        )
    share(world)
    move(world, Step.VISIT)
    move(world, Step.TRIAL, facts=READY)
    with world.reading() as session:
        assert session.get_one(Opening, world.ids["枠"]).free == 3
    move(world, Step.STARTED, facts=AGREED)
    with world.reading() as session:
        assert session.get_one(Opening, world.ids["枠"]).free == 2
    move(world, Step.SETTLING)
    for days in (10, 40):
        with world.writing() as session:
            record_contact(
                session, world.town, world.actor("青木"), world.ids["候補"],
                Contact(TODAY + timedelta(days=days), "want", "can"), NOW + timedelta(days=days),
            )  # fmt: skip
    move(world, Step.STABLE, days=40)
    move(world, Step.ENDED, days=50, reason="closed")
    with world.reading() as session:
        assert session.get_one(Opening, world.ids["枠"]).free == 3
        steps = [row.to_step for row in session.scalars(select(PlacementMove).order_by(PlacementMove.at, PlacementMove.id))]
        assert sorted(steps) == sorted(["sounded", "offered", "visit", "trial", "started", "settling", "stable", "ended"])


def test_everything_that_is_missing_is_said_at_once(candidate: World) -> None:
    with pytest.raises(StepRefused) as refused:
        move(candidate, Step.TRIAL, note="急ぎのため")
    assert {each.code for each in refused.value.missing} == {
        "host-answer", "share", "insurance", "emergency", "costs",
    }  # fmt: skip


def test_not_now_lets_the_place_go_and_the_pair_may_come_back(candidate: World) -> None:
    world = candidate
    up_to_the_offer(world)
    with world.writing() as session:
        answer_offer(
            session,
            world.town,
            world.actor("青木"),
            world.ids["候補"],
            version(session, world),
            NOT_NOW,
            "春になったら",
            "",
            NOW,
        )
    with world.reading() as session:
        placement = session.get_one(Placement, world.ids["候補"])
        assert (placement.step, placement.closing, placement.rests_until) == ("declined", "not_now", None)


def test_a_withdrawn_share_puts_the_placement_to_rest(candidate: World) -> None:
    world = candidate
    up_to_the_offer(world)
    share(world)
    move(world, Step.VISIT)
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        withdraw_share(session, world.town, world.actor("青木"), person, world.ids["海の台所"], "気が変わった", NOW)
    with world.reading() as session:
        placement = session.get_one(Placement, world.ids["候補"])
        assert (placement.step, placement.before_hold) == (Step.ON_HOLD, Step.VISIT)
        assert [row.state for row in session.scalars(select(Sounding))] == ["answered"]
    with pytest.raises(StepRefused) as refused:
        move(world, Step.VISIT)
    assert [each.code for each in refused.value.missing] == ["share"]


def test_a_question_by_mail_is_one_message_and_goes_with_the_consent(candidate: World) -> None:
    world = candidate
    actor, id_ = world.actor("青木"), world.ids["候補"]
    with world.writing() as session:
        sound_out(session, world.town, actor, id_, version(session, world), "20代の方です。", "mail", NOW)
    with world.reading() as session:
        [message] = session.scalars(select(OutboxMessage))
        assert (message.state, message.about_id) == ("waiting", id_)
        assert "20代" not in message.body
        assert "佐倉" not in message.body
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        withdraw_share(session, world.town, actor, person, world.ids["海の台所"], "気が変わった", NOW)
    with world.reading() as session:
        assert session.scalars(select(OutboxMessage.state)).all() == ["cancelled"]
        assert session.scalars(select(Sounding.state)).all() == ["void"]
