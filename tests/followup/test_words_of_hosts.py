"""Words of a host about nobody in particular: they wait for whoever has somebody there, else for every coordinator."""

import pytest
from sqlalchemy import select

from service.cases.models import Placement
from service.followup.placements.models import WORRY, HostWord
from service.kernel.dates import say_instant
from tests.cast import NOW, TODAY, World

TEXT = "冬のあいだ人手が足りません"


def say(world: World, placement: str | None = None) -> str:
    with world.writing() as session:
        word = HostWord(
            host_id=world.ids["海の台所"], placement_id=placement, kind=WORRY, on=TODAY, text=TEXT, at=NOW, by="店主"
        )
        session.add(word)
        session.flush()
        return word.id


def end(world: World) -> None:
    with world.writing() as session:
        session.get_one(Placement, world.ids["候補"]).step = "ended"


def first_page(world: World, who: str) -> str:
    with world.visit(who) as visitor:
        return str(visitor.get("/").text)


def seen(world: World) -> HostWord:
    with world.reading() as session:
        return session.scalars(select(HostWord)).one()


def test_it_waits_for_whoever_has_somebody_there_until_it_is_seen_once(candidate: World) -> None:
    path = f"/words/{say(candidate)}/seen"
    page = first_page(candidate, "青木")
    assert TEXT in page
    assert f'action="{path}"' in page
    assert TEXT not in first_page(candidate, "石井")
    with candidate.visit() as aoki:
        assert aoki.submit(path, {}).status_code == 303
        first = seen(candidate)
        assert aoki.submit(path, {}).status_code == 303
        assert TEXT not in aoki.get("/").text
    last = seen(candidate)
    assert first.seen_at is not None
    assert first.seen_by.startswith("青木")
    assert (last.seen_at, last.seen_by) == (first.seen_at, first.seen_by)


def test_it_waits_for_every_coordinator_where_nobody_has_anybody_there(candidate: World) -> None:
    end(candidate)
    path = f"/words/{say(candidate)}/seen"
    for who in ("青木", "石井"):
        assert TEXT in first_page(candidate, who)
    for who in ("北条", "遠野"):
        assert TEXT not in first_page(candidate, who)
    with candidate.visit("石井") as ishii:
        assert ishii.submit(path, {}).status_code == 303
    assert TEXT not in first_page(candidate, "青木")
    assert seen(candidate).seen_by.startswith("石井")


@pytest.mark.parametrize(
    ("who", "is_about_somebody", "answer"), [("石井", False, 404), ("青木", True, 404), ("北条", False, 403)]
)
def test_whom_it_does_not_wait_for_cannot_put_it_away(
    candidate: World, who: str, is_about_somebody: bool, answer: int
) -> None:
    word_id = say(candidate, candidate.ids["候補"] if is_about_somebody else None)
    with candidate.visit(who) as visitor:
        assert visitor.submit(f"/words/{word_id}/seen", {}).status_code == answer
    assert seen(candidate).seen_at is None


def test_it_stays_in_the_history_of_the_host_with_who_has_seen_it_and_when(candidate: World) -> None:
    page = f"/hosts/{candidate.ids['海の台所']}/visits"
    path = f"/words/{say(candidate)}/seen"
    say(candidate, candidate.ids["候補"])
    with candidate.visit() as aoki:
        before = aoki.get(page).text
        assert before.count(TEXT) == 1
        assert "まだだれも見ていません" in before
        aoki.submit(path, {})
        after = aoki.get(page).text
    assert after.count(TEXT) == 1
    assert "まだだれも見ていません" not in after
    with candidate.reading() as session:
        word = session.get_one(HostWord, path.split("/")[2])
    assert f"{word.seen_by}が見ました　{say_instant(word.seen_at)}" in after
    with candidate.visit("北条") as hojo:
        assert TEXT in hojo.get(page).text
