"""伝えてよいこと: agreed item by item, gone the moment it is taken back."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from service.cases.models import Consent, Person, Placement
from service.cases.people import load_person
from service.cases.sharing import Share, record_share, share_with
from tests.cast import NOW, TODAY, World

AGREED = {
    "items": ["name", "days"],
    "until": "",
    "method": "paper",
    "given_by": "本人",
    "decided_on": "2026-11-24",
    "reason": "",
}


def shared(world: World) -> Share | None:
    with world.reading() as session:
        person = load_person(session, session.get_one(Person, world.ids["佐倉"]))
        return share_with(person.consents, world.ids["海の台所"], TODAY)


def address(world: World) -> str:
    return f"/people/{world.ids['佐倉']}/share/{world.ids['海の台所']}"


def test_what_is_agreed_is_kept_item_by_item_and_once(candidate: World) -> None:
    with candidate.visit() as aoki:
        once = re.search(r'name="_once" value="([^"]+)"', aoki.get(address(candidate)).text)
        assert once
        for _ in range(2):
            assert aoki.submit(address(candidate), AGREED | {"_once": once[1]}).status_code == 303
        share = shared(candidate)
        assert share
        assert share.items == {"name", "days"}
        with candidate.reading() as session:
            assert session.query(Consent).where(Consent.scope == "host_share").count() == 1
        assert "来る曜日・時間" in aoki.get(f"/people/{candidate.ids['佐倉']}/share").text


def test_a_form_without_items_says_so_and_keeps_what_was_typed(candidate: World) -> None:
    with candidate.visit() as aoki:
        answer = aoki.submit(address(candidate), AGREED | {"items": [], "reason": "電話で"})
        assert answer.status_code == 422
        assert "伝える項目を一つ以上" in answer.text
        assert "電話で" in answer.text
    assert shared(candidate) is None


def test_taking_it_back_needs_a_word_and_then_nothing_is_left(candidate: World) -> None:
    with candidate.visit() as aoki:
        aoki.submit(address(candidate), AGREED)
        assert aoki.submit(f"{address(candidate)}/withdraw", {"given_by": "本人", "reason": ""}).status_code == 422
        assert shared(candidate) is not None
        assert (
            aoki.submit(f"{address(candidate)}/withdraw", {"given_by": "本人", "reason": "気が変わった"}).status_code == 303
        )
    assert shared(candidate) is None


def test_an_application_taken_back_ends_what_was_on_its_way(candidate: World) -> None:
    with candidate.visit() as aoki:
        aoki.submit(address(candidate), AGREED)
        answer = aoki.submit(
            f"/people/{candidate.ids['佐倉']}/consent",
            {"scope": "service", "state": "withdrawn", "method": "oral", "given_by": "本人", "decided_on": "2026-11-24",
             "reason": "休みたい"},
        )  # fmt: skip
        assert answer.status_code == 303
    assert shared(candidate) is None
    with candidate.reading() as session:
        assert session.get_one(Placement, candidate.ids["候補"]).step == "declined"


@pytest.mark.parametrize(("days", "there"), [(0, True), (1, False)])
def test_a_share_ends_with_its_last_day(candidate: World, days: int, there: bool) -> None:
    with candidate.writing() as session:
        person = session.get_one(Person, candidate.ids["佐倉"])
        record_share(
            session, candidate.actor("青木"), person, candidate.ids["海の台所"], "given", NOW, decided_on=TODAY,
            items=["name", "diagnosis"], until=TODAY,
        )  # fmt: skip
    with candidate.reading() as session:
        person = load_person(session, session.get_one(Person, candidate.ids["佐倉"]))
        share = share_with(person.consents, candidate.ids["海の台所"], TODAY + timedelta(days=days))
        assert (share is not None) is there
        assert share is None or share.items == {"name"}


def test_a_colleague_may_look_and_not_change_and_a_stranger_finds_nothing(candidate: World) -> None:
    with candidate.visit("北条") as hojo:
        assert hojo.get(address(candidate)).status_code == 200
        assert hojo.submit(address(candidate), AGREED).status_code == 403
    with candidate.visit("遠野") as tono:
        assert tono.get(address(candidate)).status_code == 404


def test_the_consent_form_prints(candidate: World) -> None:
    with candidate.visit() as aoki:
        answer = aoki.get(f"{address(candidate)}/consent.pdf")
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")


def test_the_anonymous_text_warns_where_few_could_be_meant(candidate: World) -> None:
    with candidate.visit() as aoki:
        page = aoki.get(f"/people/{candidate.ids['佐倉']}/match/sounding").text
        assert "当てはまる人は1人だけ" in page
        assert "佐倉" not in re.search(r'id="sounding">(.*?)</blockquote>', page)[1]  # type: ignore[index]


def test_two_answers_of_one_instant_tell_less() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    service = Consent(scope="service", state="given", recorded_at=at)
    told = {"scope": "host_share", "host_id": "h", "items": ["name"], "recorded_at": at}
    for answers in (("given", "withdrawn"), ("withdrawn", "given")):
        assert share_with([service, *(Consent(state=state, **told) for state in answers)], "h", TODAY) is None
