"""支援のテーマ: what a host helps with is said on its card, found, written out and counted."""

import io

from openpyxl import load_workbook

from service.reports.counting import count
from service.reports.figures import BY_KEY
from service.reports.gathering import gather
from service.reports.periods import Period
from service.resources.models import Host
from tests.cast import TODAY, World, add_host


def test_a_host_is_said_found_written_out_and_counted_by_what_it_helps_with(world: World) -> None:
    with world.writing() as session:
        house = add_host(session, "坂の上の家")[0].id
        add_host(session, "海の台所")
    form = {"name": "坂の上の家", "kind": "npo", "status": "active", "themes": ["home", "study"], "_version": "1"}
    with world.visit() as aoki:
        assert aoki.submit(f"/hosts/{house}/edit", form).status_code == 303
        card = aoki.get(f"/hosts/{house}").text
        assert "住まい・学習" in card
        assert "支援のテーマを （空） → 住まい・学習" in card
        for query in ({"theme": "home"}, {"q": "住まい"}, {"q": "学習"}):
            page = aoki.get("/hosts", params=query).text
            assert "坂の上の家" in page, query
            assert "海の台所" not in page, query
        assert [each["name"] for each in aoki.get("/api/v1/hosts", params={"theme": "study"}).json()["items"]] == [
            "坂の上の家"
        ]
        sheet = load_workbook(io.BytesIO(aoki.get("/hosts/export.xlsx").content)).worksheets[0]
    column = [cell.value for cell in sheet[1]].index("支援のテーマ")
    assert {row[column].value or "" for row in sheet.iter_rows(min_row=2)} == {"住まい、学習", ""}
    with world.reading() as session:
        counted = count(BY_KEY["themes"], gather(session, TODAY), Period(2026), TODAY)
    assert counted.of("theme") == {"home": 1, "study": 1}


def test_what_a_colleague_ticked_meanwhile_is_shown_in_words_beside_ones_own(world: World) -> None:
    with world.writing() as session:
        host = add_host(session, "坂の上の家")[0]
        host.themes = ["work"]
        house = host.id
    form = {"name": "坂の上の家", "kind": "ibasho", "status": "active", "themes": ["home"], "_version": "9"}
    with world.visit() as aoki:
        answer = aoki.submit(f"/hosts/{house}/edit", form)
    assert answer.status_code == 409
    assert "支援のテーマ" in answer.text
    assert "就労" in answer.text
    with world.reading() as session:
        assert session.get_one(Host, house).themes == ["work"]
