"""The log as somebody reads it: numbers and nobody's name, narrowed, checked and taken out."""

import csv
import io

import pytest
from sqlalchemy import select, text

from service.cases.models import SupportCase
from service.kernel.audit import AuditEntry
from service.oversight.words import THINGS
from service.tables import Base
from tests.cast import OTHERS, World, hire_staff, open_case

NAMES = ("佐倉 みお", "黒木 なお")


@pytest.fixture
def watched(world: World) -> World:
    """佐倉, whom 青木 and 石井 have looked at; 黒木, locked and looked at by 石井 alone."""
    with world.writing("準備") as session:
        world.ids |= hire_staff(session, OTHERS)
        for name, whose, locked in ((NAMES[0], "青木", False), (NAMES[1], "石井", True)):
            person = open_case(session, world.ids[whose], name, locked=locked)
            case = session.scalars(select(SupportCase).where(SupportCase.household_id == person.household_id)).one()
            world.ids |= {name: person.id, f"{name}の番号": case.number}
    for who, name in (("青木", NAMES[0]), ("石井", NAMES[0]), ("石井", NAMES[1])):
        assert world.visit(who).get(f"/people/{world.ids[name]}").status_code == 200
    assert world.visit("石井").get(f"/people/{world.ids[NAMES[0]]}/course/log.pdf").status_code == 200
    return world


def test_an_auditor_reads_numbers_and_nobodys_name(watched: World) -> None:
    visitor = watched.visit("鏡")
    page = visitor.get("/audit").text
    assert all(watched.ids[f"{name}の番号"] in page for name in NAMES)
    assert not any(part in page for name in NAMES for part in name.split())
    assert "岡本" not in page
    assert visitor.get(f"/people/{watched.ids[NAMES[0]]}").status_code == 404


def test_the_log_is_narrowed_by_number_person_act_and_day(watched: World) -> None:
    visitor, number = watched.visit("鏡"), watched.ids[f"{NAMES[1]}の番号"]
    of_case = visitor.get(f"/audit?number={number}&act=looks").text
    assert number in of_case
    assert watched.ids[f"{NAMES[0]}の番号"] not in of_case
    prints = visitor.get(f"/audit?act=print&who={watched.ids['石井']}").text
    assert "全 <b>1</b>件" in prints
    assert "あてはまる記録はありません" in visitor.get("/audit?first=R1.6.1&last=R1.6.2").text
    assert "日付として読めません" in visitor.get("/audit?first=あした").text


def test_the_office_reads_what_was_done_with_locked_cases_alone(watched: World) -> None:
    page = watched.visit("真鍋").get("/audit").text
    assert watched.ids[f"{NAMES[1]}の番号"] in page
    assert watched.ids[f"{NAMES[0]}の番号"] not in page


def test_taking_the_log_out_is_a_line_of_the_log(watched: World) -> None:
    answer = watched.visit("鏡").get("/audit/export.csv?act=looks")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["番号", "日時", "だれが", "何をした", "何に", "ケース番号"]
    assert {row[5] for row in rows[1:]} == {watched.ids[f"{name}の番号"] for name in NAMES}
    assert "みお" not in answer.content.decode("utf-8-sig")
    with watched.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.action, last.object_type, last.actor_id) == ("export", "audit_entry", watched.ids["鏡"])


def test_the_check_says_what_to_note_down_and_from_where_a_changed_log_does_not_fit(watched: World) -> None:
    visitor = watched.visit("鏡")
    page = visitor.get("/audit/check").text
    assert "すべての記録が合っています" in page
    assert "印（はじめの16字）" in page
    with watched.behind() as database:
        if watched.on_postgresql:
            database.execute(text("set local session_replication_role = replica"))
        else:
            for (name,) in database.execute(text("select name from sqlite_master where type = 'trigger'")).all():
                database.execute(text(f"drop trigger {name}"))
        database.execute(text("update audit_entry set actor_label = 'だれか' where seq = 3"))
    assert "3番目の記録から合いません" in visitor.get("/audit/check").text


def test_those_named_on_a_case_read_who_saw_it(watched: World) -> None:
    here = f"/people/{watched.ids[NAMES[0]]}"
    page = watched.visit("青木").get(f"{here}/seen").text
    assert "石井" in page
    assert "刷った" in page
    assert f"{here}/seen" in watched.visit("青木").get(here).text
    assert watched.visit("石井").get(f"{here}/seen").status_code == 403
    assert watched.visit("北条").get(f"{here}/seen").status_code == 200


def test_every_table_of_the_log_has_a_word() -> None:
    audited = {mapper.class_.__tablename__ for mapper in Base.registry.mappers if mapper.class_.audited}
    assert audited <= set(THINGS)
