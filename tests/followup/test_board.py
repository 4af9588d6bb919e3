"""打診・紹介: counted, filtered, searched, and read in as many statements whatever their number."""

import re

from service.cases.models import Person, Placement
from service.followup.placements.models import ContactWithBoth
from tests.cast import NOW, TODAY, World, open_case
from tests.sql import counted_queries


def test_the_board_counts_filters_and_finds_half_width_kana(candidate: World) -> None:
    world = candidate
    with world.writing() as session:
        session.get_one(Person, world.ids["佐倉"]).search_text = "佐倉サクラ"
        theirs = open_case(session, world.ids["石井"], "田村 りく")
        session.add(
            Placement(person_id=theirs.id, opening_id=world.ids["枠"], step="sounded", since=TODAY, recorded_by="石井",
                      reason="近い", deadline_on=TODAY.replace(day=1))
        )  # fmt: skip
    with world.visit() as aoki:
        assert "田村" not in aoki.get("/placements").text
        everybody = aoki.get("/placements?who=all").text
        assert "田村" in everybody
        assert re.search(r"期限を\d+日過ぎています", everybody)
        late = aoki.get("/placements?who=all&overdue=1").text
        assert "田村" in late
        assert "佐倉" not in late
        assert "しぼり込みに当たるものはありません" in aoki.get("/placements?stalled=1").text
        assert "佐倉" in aoki.submit("/placements/search", {"q": "ｻｸﾗ"}).text
        assert "さがしたことばに合う" in aoki.submit("/placements/search", {"q": "いない"}).text


def test_a_locked_case_is_on_nobody_elses_board(candidate: World) -> None:
    with candidate.writing() as session:
        person = open_case(session, candidate.ids["石井"], "黒木 なお", locked=True)
        placement = Placement(person_id=person.id, opening_id=candidate.ids["枠"], step="sounded", since=TODAY, recorded_by="石井", reason="x")  # fmt: skip
        session.add(placement)
        session.flush()
        hidden = placement.id
    for name in ("青木", "北条"):
        with candidate.visit(name) as visitor:
            assert "黒木" not in visitor.get("/placements?who=all").text
            assert "黒木 なお" not in visitor.submit("/placements/search", {"q": "黒木"}).text
            assert visitor.get(f"/placements/{hidden}").status_code == 404
            assert visitor.submit(f"/placements/{hidden}/decline", {"_version": "1"}).status_code in (403, 404)


def test_the_board_sends_twelve_statements_at_most_whatever_the_number(candidate: World) -> None:
    world = candidate
    steps = ("candidate", "sounded", "offered", "visit", "trial", "started", "settling", "stable", "on_hold", "declined")
    with world.writing() as session:
        for n in range(60):
            person = open_case(session, world.ids["青木"], f"人{n} 一")
            placement = Placement(person_id=person.id, opening_id=world.ids["枠"], step=steps[n % len(steps)], since=TODAY, recorded_by="青木", reason="x")  # fmt: skip
            session.add(placement)
            session.flush()
            session.add(ContactWithBoth(placement_id=placement.id, done_on=TODAY, recorded_at=NOW, recorded_by="青木",
                                        person_says="want", host_says="can"))  # fmt: skip
    with world.visit() as aoki:
        aoki.get("/placements")
        with counted_queries(world) as seen:
            assert aoki.get("/placements").status_code == 200
    assert len(seen) <= 12, "\n".join(seen)
