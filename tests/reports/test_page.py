"""The page of the figures, its files and its paper: for whom they are, in how few questions, and what never stands in them."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from service.cases.models import Placement, PlacementMove
from service.kernel.clock import day_in_japan
from service.reports.counting import make_report
from service.reports.gathering import gather
from service.reports.periods import Period
from service.resources.models import ResourceGap
from tests.cast import TODAY, World, add_host, open_case
from tests.reports.town import fill_town
from tests.sql import counted_queries

QUESTIONS = 25
"""As many as a report needs, whatever the size of the town."""


@pytest.fixture
def town(world: World) -> World:
    fill_town(world, 6)
    return world


def test_a_report_asks_as_many_questions_of_a_large_town_as_of_a_small_one(town: World) -> None:
    with town.reading() as session, counted_queries(town) as few:
        gather(session, TODAY)
    fill_town(town, 30)
    with town.reading() as session, counted_queries(town) as many:
        gather(session, TODAY)
    assert len(few) == len(many) <= QUESTIONS


def test_a_locked_case_is_counted_and_nobody_is_named(world: World) -> None:
    with world.writing() as session:
        open_case(session, world.ids["青木"], "白石 ゆう", locked=True)
        open_case(session, world.ids["石井"], "黒木 なお", locked=True)
    with world.visit() as browser:
        page = browser.get("/reports?period=2026").text
        paper = browser.get("/reports/paper.pdf?period=2026")
        file = browser.get("/reports/export.csv?period=2026").content.decode("utf-8-sig")
    assert '支援した人 <b class="number">2人</b>' in page
    assert "庁内限り,令和8年度,令和8年11月" in file
    assert paper.content.startswith(b"%PDF")
    assert not any(name in page + file for name in ("白石", "黒木", "R8-"))


def test_the_day_of_a_step_and_of_a_gap_is_the_day_in_japan(world: World) -> None:
    just_before, just_after = datetime(2026, 3, 31, 14, 59, tzinfo=UTC), datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
    with world.writing() as session:
        _, opening = add_host(session)
        person = open_case(session, world.ids["青木"])
        for at in (just_before, just_after):
            session.add(ResourceGap(recorded_at=at, recorded_by="青木", code="", summary="x", age_band="", district=""))
            placement = Placement(
                person_id=person.id, opening_id=opening.id, step="sounded", since=day_in_japan(at), recorded_by="青木"
            )
            session.add(placement)
            session.flush()
            session.add(
                PlacementMove(placement_id=placement.id, at=at, by="青木", from_step="", to_step="sounded", label="打診")
            )
    with world.reading() as session:
        ground = gather(session, TODAY)
    for period in (Period(2025), Period(2026)):
        report = make_report(ground, period, TODAY)
        assert (report.counts["gaps"].total, report.counts["steps"].total) == (1, 1), period


def test_the_file_of_last_year_is_three_clicks_from_the_first_page(town: World) -> None:
    with town.visit() as browser:
        assert 'href="/reports"' in browser.get("/").text
        first = browser.get("/reports").text
        assert 'href="/reports/export.xlsx?period=2026"' in first
        assert 'href="/reports?period=2025"' in first
        assert 'href="/reports/export.xlsx?period=2025"' in browser.get("/reports?period=2025").text


def test_the_excel_file_says_on_every_line_that_it_stays_inside_and_holds_no_formula(town: World) -> None:
    with town.writing() as session:
        session.add(ResourceGap(recorded_at=datetime(2026, 5, 1, tzinfo=UTC), recorded_by="青木", code="", summary="x",
                                age_band="", district="=1+1"))  # fmt: skip
    with town.visit() as browser:
        sheet = load_workbook(io.BytesIO(browser.get("/reports/export.xlsx").content)).active
        plain = browser.get("/reports/export.csv?encoding=cp932")
        assert browser.get("/reports/export.csv").content.startswith(b"\xef\xbb\xbf")
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert {row[0].value for row in rows} == {"庁内限り"}
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]
    assert "'=1+1" in plain.content.decode("cp932")


def test_the_chooser_leads_to_a_quarter_and_a_month(town: World) -> None:
    with town.visit() as browser:
        assert "令和8年度 第3四半期" in browser.get("/reports?year=2026&part=q3").text
        assert "令和8年11月　" in browser.get("/reports?year=2026&part=m11").text


def test_a_system_admin_finds_the_room_and_no_exact_figure(town: World) -> None:
    with town.visit("遠野") as browser:
        page = browser.get("/reports")
        assert page.status_code == 200
        assert "支援した人" not in page.text
        assert browser.get("/reports/export.xlsx").status_code == 403
