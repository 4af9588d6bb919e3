"""環境調整: kept with what, who and until when; late ones first, and ended once with what came of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Placement, SupportCase
from service.followup.visits.adjusting import list_adjustments
from service.followup.visits.models import Adjustment
from service.kernel.audit import FieldChange
from tests.cast import TODAY, Visitor, World

NEW = {"what": "はじめは30分にする", "who": "店主", "until_on": "R8.11.20"}
ENDED = {"state": "done", "ended_on": "R8.11.24", "outcome": "30分なら落ち着いていられる"}


@pytest.fixture
def attending(town_with_a_case: World) -> World:
    world = town_with_a_case
    with world.writing() as session:
        placement = Placement(
            person_id=world.ids["佐倉"], opening_id=world.ids["枠"], step="started", since=TODAY, recorded_by="青木",
            started_on=TODAY - timedelta(days=60),
        )  # fmt: skip
        session.add(placement)
        session.flush()
        world.ids["利用"] = placement.id
    return world


def add(visitor: Visitor, world: World, once: str = "a", **typed: str) -> Any:
    path = f"/people/{world.ids['佐倉']}/adjustments"
    return visitor.submit(path, {"placement": world.ids["利用"], "_once": once, **NEW, **typed})


def end(visitor: Visitor, world: World, once: str = "e", version: int = 1, **typed: str) -> Any:
    return visitor.submit(f"/adjustments/{only(world).id}/end", {"_once": once, "_version": str(version), **ENDED, **typed})


def only(world: World) -> Adjustment:
    with world.reading() as session:
        return session.scalars(select(Adjustment)).one()


def test_what_is_sent_twice_is_kept_once_and_stands_on_every_page_that_asks(attending: World) -> None:
    with attending.visit() as aoki:
        assert add(aoki, attending).status_code == 303
        assert add(aoki, attending).status_code == 303
        row = only(attending)
        assert (row.what, row.who, row.until_on, row.state) == ("はじめは30分にする", "店主", date(2026, 11, 20), "open")
        pages = (
            "/adjustments",
            f"/adjustments?host={attending.ids['海の台所']}",
            f"/people/{attending.ids['佐倉']}/adjustments",
            "/",
        )
        for path in pages:
            assert "はじめは30分にする" in aoki.get(path).text, path


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(attending: World) -> None:
    with attending.visit() as aoki:
        answer = add(aoki, attending, until_on="来週あたり")
        assert answer.status_code == 422
        assert "はじめは30分にする" in answer.text
        assert "来週あたり" in answer.text
        assert add(aoki, attending, placement="0" * 32).status_code == 422
    with attending.reading() as session:
        assert session.scalars(select(Adjustment)).all() == []


def test_late_ones_come_first_and_say_by_how_many_whole_days(attending: World) -> None:
    with attending.visit() as aoki:
        add(aoki, attending, "1", what="後のこと", until_on=f"{TODAY + timedelta(days=9)}")
        add(aoki, attending, "2", what="きょうのこと", until_on=f"{TODAY}")
        add(aoki, attending, "3", what="過ぎたこと", until_on=f"{TODAY - timedelta(days=3)}")
        page = aoki.get("/adjustments").text
    with attending.reading() as session:
        found = list_adjustments(session, attending.town, attending.actor("青木"))
        assert [(each.row.what, each.days_overdue(TODAY)) for each in found] == [
            ("過ぎたこと", 3), ("きょうのこと", 0), ("後のこと", 0),
        ]  # fmt: skip
    assert page.index("過ぎたこと") < page.index("きょうのこと") < page.index("後のこと")


def test_it_ends_once_with_what_came_of_it(attending: World) -> None:
    with attending.visit() as aoki:
        add(aoki, attending)
        missing = end(aoki, attending, outcome="")
        assert missing.status_code == 422
        assert "どう変わったか" in missing.text
        assert end(aoki, attending, "f", ended_on="2099-01-01").status_code == 422
        assert end(aoki, attending).status_code == 303
        late = end(aoki, attending, "g", outcome="べつの人の言うこと")
        assert late.status_code == 409
        assert only(attending).outcome == "30分なら落ち着いていられる"
        assert end(aoki, attending, "h", version=2).status_code == 409
        assert "はじめは30分にする" not in aoki.get("/adjustments").text
        assert "30分なら落ち着いていられる" in aoki.get("/adjustments?ended=1").text


def test_nobody_reads_or_ends_what_belongs_to_a_case_out_of_sight(attending: World) -> None:
    with attending.visit() as aoki:
        add(aoki, attending)
    with attending.writing() as session:
        session.scalars(select(SupportCase)).one().locked = True
    with attending.visit("石井") as ishii:
        assert "はじめは30分にする" not in ishii.get("/adjustments").text
        assert ishii.get(f"/adjustments/{only(attending).id}").status_code == 404
        assert end(ishii, attending).status_code == 404
    assert only(attending).state == "open"


def correct(visitor: Visitor, world: World, once: str = "c", version: int = 1, **typed: str) -> Any:
    return visitor.submit(f"/adjustments/{only(world).id}", {"_once": once, "_version": str(version), **NEW, **typed})


def test_what_was_agreed_is_corrected_once_and_the_words_before_stay_in_the_audit(attending: World) -> None:
    with attending.visit() as aoki:
        add(aoki, attending)
        assert 'value="令和8年11月20日' in aoki.get(f"/adjustments/{only(attending).id}").text
        for _ in range(2):
            sent = correct(aoki, attending, what="はじめは45分にする", who="青木", until_on="R8.12.4")
            assert sent.status_code == 303
    row = only(attending)
    assert (row.what, row.who, row.until_on, row.version) == ("はじめは45分にする", "青木", date(2026, 12, 4), 2)
    with attending.reading() as session:
        changes = session.scalars(select(FieldChange).where(FieldChange.object_id == row.id)).all()
        before = {each.field: each.before for each in changes if each.before is not None}
    assert (before["what"], before["who"], before["until_on"]) == ("はじめは30分にする", "店主", "2026-11-20")


def test_a_correction_nobody_can_read_or_that_comes_too_late_keeps_what_was_typed(attending: World) -> None:
    with attending.visit() as aoki:
        add(aoki, attending)
        unread = correct(aoki, attending, what="奥の席にする", until_on="来週あたり")
        assert unread.status_code == 422
        assert "来週あたり" in unread.text
        assert correct(aoki, attending, "d", what="窓ぎわの席にする").status_code == 303
        late = correct(aoki, attending, "e", what="奥の席にする")
        assert late.status_code == 409
        assert 'value="奥の席にする"' in late.text
        assert only(attending).what == "窓ぎわの席にする"
        assert end(aoki, attending, version=2).status_code == 303
        assert correct(aoki, attending, "f", version=3, what="奥の席にする").status_code == 409
        assert only(attending).what == "窓ぎわの席にする"


def test_what_was_written_before_a_correction_is_read_on_the_page_with_who_and_when(attending: World) -> None:
    with attending.visit() as aoki:
        add(aoki, attending)
        here = f"/adjustments/{only(attending).id}"
        assert "直す前に書かれていたこと" not in aoki.get(here).text
        first = {"what": "はじめは20分にする", "who": "店主", "until_on": "R8.11.20", "_once": "c1", "_version": "1"}
        assert aoki.submit(here, first).status_code == 303
        assert (
            aoki.submit(here, {**first, "who": "青木", "until_on": "R8.12.4", "_once": "c2", "_version": "2"}).status_code
            == 303
        )
        shown = aoki.get(here).text
    assert "直す前に書かれていたこと <small>2回</small>" in shown
    history = shown[shown.index("直す前に書かれていたこと") :]
    assert "何を：「はじめは30分にする」 → 「はじめは20分にする」" in history
    assert "だれが：「店主」 → 「青木」　いつまでに：令和8年11月20日(金) → 令和8年12月4日(金)" in history
    assert history.index("「青木」") < history.index("「はじめは30分にする」")
    assert history.count('<span class="sub">令和') == 2


def test_how_it_ended_is_no_correction(attending: World) -> None:
    with attending.visit() as aoki:
        add(aoki, attending)
        end(aoki, attending)
        assert "直す前に書かれていたこと" not in aoki.get(f"/adjustments/{only(attending).id}").text
