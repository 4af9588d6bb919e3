"""Words of hosts: listed until somebody has seen them, once, and who it was stays on record."""

from sqlalchemy import select

from service.followup.placements.models import WORRY, HostWord
from tests.cast import NOW, TODAY, World


def say(world: World, text: str) -> None:
    with world.writing() as session:
        session.add(
            HostWord(
                host_id=world.ids["海の台所"],
                placement_id=world.ids["候補"],
                kind=WORRY,
                on=TODAY,
                text=text,
                at=NOW,
                by="店主",
            )
        )


def test_a_word_waits_on_the_first_page_until_it_is_seen_and_says_by_whom(candidate: World) -> None:
    say(candidate, "昼を食べずに帰られます")
    here = f"/placements/{candidate.ids['候補']}"
    with candidate.visit() as aoki:
        assert "昼を食べずに帰られます" in aoki.get("/").text
        page = aoki.get(here).text
        assert "まだ見ていない 1件" in page
        assert f'action="{here}/words/seen"' in page
        for _ in range(2):
            assert aoki.submit(f"{here}/words/seen", {}).status_code == 303
        assert "昼を食べずに帰られます" not in aoki.get("/").text
        page = aoki.get(here).text
        assert "まだ見ていない" not in page
        assert "が見ました" in page
    with candidate.reading() as session:
        word = session.scalars(select(HostWord)).one()
        assert word.seen_at is not None
        first, by = word.seen_at, word.seen_by
    with candidate.visit() as aoki:
        aoki.submit(f"{here}/words/seen", {})
    with candidate.reading() as session:
        word = session.scalars(select(HostWord)).one()
        assert (word.seen_at, word.seen_by) == (first, by)


def test_a_colleague_sees_a_word_on_the_page_and_not_among_what_waits_for_them(candidate: World) -> None:
    say(candidate, "昼を食べずに帰られます")
    here = f"/placements/{candidate.ids['候補']}"
    with candidate.visit("石井") as ishii:
        assert "昼を食べずに帰られます" not in ishii.get("/").text
        page = ishii.get(here).text
        assert "昼を食べずに帰られます" in page
        assert "words/seen" not in page
        assert ishii.submit(f"{here}/words/seen", {}).status_code == 403
