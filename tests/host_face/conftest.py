"""海の台所 with two people of its own who sign in, a second host, and 佐倉 who visits with some items agreed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.accounts.models import User
from service.accounts.roles import HOST
from service.cases.models import Person, Placement, PlacementMove, PlacementSession
from service.cases.sharing import record_share
from service.followup.placements.models import Sounding
from service.kernel.clock import day_in_japan
from service.resources.doors import HostMember
from service.resources.models import HostAssessment, Remark
from tests.cast import NOW, TODAY, World, add_host, open_case

REAL_TODAY = day_in_japan(datetime.now(UTC))
PASSWORD = "台所の鍋はとても大きい"


def hire(session: Session, world: World, name: str, login: str, host_id: str) -> str:
    """Somebody of a host who signs in."""
    user = User(login_name=login, name=name, password_hash="x", roles=[HOST])
    session.add(user)
    session.flush()
    member = HostMember(host_id=host_id, user_id=user.id, invited_by="青木", invited_at=NOW)
    session.add(member)
    session.flush()
    world.ids |= {name: user.id, f"{name}の席": member.id}
    return member.id


def place(session: Session, person_id: str, opening_id: str, step: str = "visit", **more: Any) -> Placement:
    """Somebody on Mondays and Wednesdays."""
    placement = Placement(
        person_id=person_id, opening_id=opening_id, step=step, since=TODAY, recorded_by="青木",
        sessions=[PlacementSession(weekday=day, start_min=780, end_min=960) for day in (0, 2)], **more,
    )  # fmt: skip
    session.add(placement)
    session.flush()
    session.add(
        PlacementMove(
            placement_id=placement.id,
            at=NOW,
            by="青木",
            from_step="trial",
            to_step="started",
            label="利用開始",
            facts={"tasks": "本の修理", "adjustments": "窓ぎわの席"},
        )
    )
    session.flush()
    return placement


def agree(
    world: World, host: str = "海の台所", items: tuple[str, ...] = ("name", "days"), state: str = "given", **more: Any
) -> None:
    """佐倉 says what one host may know."""
    with world.writing() as session:
        person = session.get_one(Person, world.ids["佐倉"])
        record_share(session, world.actor("青木"), person, world.ids[host], state, datetime.now(UTC), decided_on=TODAY,
                     items=items, **more)  # fmt: skip


@pytest.fixture
def kitchen(world: World) -> World:
    """The town of these tests."""
    with world.writing() as session:
        host, opening = add_host(session)
        other, other_opening = add_host(session, "山の居場所")
        person = open_case(session, world.ids["青木"], noise="quiet")
        person.phone, person.contact_note, person.address, person.kana = (
            "090-7777-7777",
            "母に連絡",
            "岡本9-9-9",
            "さくら みお",
        )
        session.add(Remark(host_id=host.id, at=NOW, author="青木", text="店主は朝が弱い"))
        session.add(HostAssessment(host_id=host.id, assessed_on=TODAY, author="青木", facts={"worries": "人手不足"}))
        placement = place(session, person.id, opening.id)
        sounding, elsewhere = (
            Sounding(
                placement_id="",
                host_id=each.host_id,
                opening_id=each.id,
                text=text,
                asked_at=NOW,
                asked_by="青木",
                deadline_on=TODAY,
            )
            for each, text in ((opening, "20代の方です。静かな場所で。"), (other_opening, "山への問い合わせです。"))
        )
        session.add_all([sounding, elsewhere])
        session.flush()
        hire(session, world, "店主", "umi", host.id)
        hire(session, world, "手伝い", "tetsudai", host.id)
        hire(session, world, "山の主", "yama", other.id)
        world.ids |= {
            "海の台所": host.id, "枠": opening.id, "山の居場所": other.id, "山の枠": other_opening.id, "佐倉": person.id,
            "見学": placement.id, "打診": sounding.id, "山の打診": elsewhere.id,
        }  # fmt: skip
    return world
