"""The list of follow-ups, narrowed by a posted form: whose, of what kind, in what state, and by a word."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.cases.models import Person, SupportCase
from service.followup.tasks.models import CANCELLED, CONFIRMED, FollowUp
from service.kernel.kana import fold_text
from service.resources.models import Host
from tests.cast import Visitor, World, open_case
from tests.feeds.planned import SOON, plan

FAR = SOON + timedelta(days=40)
SEARCH = "/followup/search"


@pytest.fixture
def listed(town_with_a_case: World) -> World:
    """佐倉's visit in three days, 田村's call promised to 石井 on the same day, and a meeting far ahead."""
    world = town_with_a_case
    with world.writing() as session:
        for id_, kana in (
            (world.ids["佐倉"], "サクラ ミオ"),
            (open_case(session, world.ids["石井"], "田村 りく").id, "タムラ リク"),
        ):
            person = session.get_one(Person, id_)
            person.search_text = fold_text(person.name + kana)
            world.ids[person.name] = id_
        session.get_one(Host, world.ids["海の台所"]).search_text = fold_text("海の台所ウミノダイドコロ")
    world.ids["訪問"] = plan(world, "佐倉", key="visit")
    theirs = {"kind": "phone", "state": CONFIRMED, "staff_id": world.ids["石井"], "host_id": None}
    world.ids["電話"] = plan(world, "田村 りく", key="call", **theirs)
    ahead = {"on": FAR, "raw_on": FAR, "due_on": FAR, "early_on": FAR, "late_on": FAR}
    world.ids["会議"] = plan(world, "佐倉", key="far", kind="review_meeting", host_id=None, **ahead)
    return world


def shown(visitor: Visitor, world: World, **typed: str) -> set[str]:
    """Which of the three the search shows."""
    page = visitor.submit(SEARCH, typed)
    assert page.status_code == 200
    found = {name for name in ("訪問", "電話", "会議") if f'href="/followup/{world.ids[name]}"' in page.text}
    assert f"全 <b>{len(found)}</b>件" in page.text
    return found


def test_each_choice_narrows_and_all_of_them_together(listed: World) -> None:
    with listed.visit() as aoki:
        assert shown(aoki, listed) == {"訪問", "電話"}
        assert shown(aoki, listed, who="mine") == {"訪問"}
        assert shown(aoki, listed, who=listed.ids["石井"]) == {"電話"}
        assert shown(aoki, listed, kind="phone") == {"電話"}
        assert shown(aoki, listed, state="confirmed") == {"電話"}
        assert shown(aoki, listed, state="planned", who="all") == {"訪問"}
        assert shown(aoki, listed, state="confirmed", kind="host_visit") == set()
        assert shown(aoki, listed, who="だれか", kind="散歩", state="cancelled") == {"訪問", "電話"}, (
            "what is no choice is none"
        )


def test_a_word_finds_names_however_they_are_written_numbers_and_hosts_also_far_ahead(listed: World) -> None:
    with listed.reading() as session:
        number = session.scalars(select(SupportCase.number).join(FollowUp, FollowUp.case_id == SupportCase.id)
                                 .where(FollowUp.id == listed.ids["訪問"])).one()  # fmt: skip
    with listed.visit() as aoki:
        for typed in ("佐倉", "さくら", "ｻｸﾗ", "サクラ　ミオ", number, number.lower()):
            assert shown(aoki, listed, q=typed) == {"訪問", "会議"}, typed
        for typed in ("うみの", "ｳﾐﾉﾀﾞｲﾄﾞｺﾛ"):
            assert shown(aoki, listed, q=typed) == {"訪問"}, typed
        assert shown(aoki, listed, q="りく", who="mine") == set()
        assert shown(aoki, listed, q="%") == set()
        page = aoki.submit(SEARCH, {"q": "だれでもない", "who": "mine", "kind": "phone", "state": "missed"}).text
    assert "合う予定はありません" in page
    assert 'value="だれでもない"' in page, "what was typed stays"
    for chosen in ("mine", "phone", "missed"):
        assert f'<option value="{chosen}" selected>' in page
    with listed.writing() as session:
        session.get_one(FollowUp, listed.ids["会議"]).state = CANCELLED
    with listed.visit() as aoki:
        assert shown(aoki, listed, q="さくら") == {"訪問"}, "what was called off is no longer to be done"


def test_a_locked_case_is_found_by_nobody_else(listed: World) -> None:
    with listed.writing() as session:
        open_case(session, listed.ids["石井"], "黒木 なお", locked=True)
        listed.ids["黒木"] = session.scalars(select(Person.id).where(Person.name == "黒木 なお")).one()
    hidden = plan(listed, "黒木", key="locked", staff_id=listed.ids["石井"])
    for name, sees in (("青木", False), ("北条", False), ("石井", True)):
        with listed.visit(name) as visitor:
            assert (hidden in visitor.submit(SEARCH, {"q": "黒木", "who": "all"}).text) is sees, name
