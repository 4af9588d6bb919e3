"""What leaves the office: few are hidden, nobody can work them out, and two people stand behind it."""

import io
import random
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from service.kernel.errors import DomainError
from service.reports.counting import Count, Days
from service.reports.facts import DatedFact, Ground
from service.reports.figures import FIGURES
from service.reports.models import ReportDecision, ReportSnapshot
from service.reports.periods import Period
from service.reports.release.clearing import Before, Cleared, clear
from service.reports.releasing import ask_release, publish, read_release, turn_down
from tests.cast import NOW, OTHERS, World, hire_staff, open_case
from tests.reports.hand import case, person, sheet
from tests.reports.outsider import narrowest
from tests.reports.random_towns import counts_of, random_ground, random_periods
from tests.reports.town import fill_town

YEAR, FIRST = Period(2026), Period(2026, 0, 3)
FEW = 5
TOWNS = 200


def town_of(seed: int, *, complements: bool = True) -> tuple[float, str]:
    """How close an outsider comes to a small number of a random town that let out some periods one after the other."""
    rng = random.Random(seed)
    ground, before = random_ground(rng), []
    for period in random_periods(rng):
        counts = counts_of(ground, period)
        cleared = clear(period, counts, {}, before, FEW, complements=complements)
        before.append(Before(period, counts, cleared.figures))
    return narrowest([(each.period, each.counts, each.cleared) for each in before], FEW)


@pytest.mark.parametrize("first", range(0, TOWNS, 20))
def test_nobody_outside_comes_closer_to_a_small_number_than_four(first: int) -> None:
    for seed in range(first, first + 20):
        width, which = town_of(seed)
        assert width >= FEW - 1, (seed, which)


@pytest.mark.deep
@pytest.mark.parametrize("first", range(TOWNS, 1000, 50))
def test_nobody_outside_comes_closer_in_a_thousand_towns(first: int) -> None:
    for seed in range(first, first + 50):
        width, which = town_of(seed)
        assert width >= FEW - 1, (seed, which)


def test_without_hiding_more_than_the_small_numbers_somebody_would() -> None:
    """The outsider of these tests finds what a careless release gives away."""
    assert sum(town_of(seed, complements=False)[0] < FEW - 1 for seed in range(30)) > 10


def referrals(months: dict[int, int], urgent: int = 0) -> Ground:
    """So many sheets in each month (counted from April), the first of them urgent."""
    sheets = [sheet(f"{month}-{at}", date(2026 + (month > 8), (month + 3) % 12 + 1, 10), "care", "debt", pressing="debt")
              for month, number in months.items() for at in range(number)]  # fmt: skip
    made = [sheet(f"u{at}", date(2026, 4, 10), "care", "debt", pressing="debt", urgent=True) for at in range(urgent)]
    return Ground(sheets=[*sheets, *made])


def cleared(ground: Ground, period: Period = YEAR, before: tuple[Before, ...] = ()) -> Cleared:
    return clear(period, counts_of(ground, period), {}, before, FEW)


def shown(found: Cleared, key: str, breakdown: str) -> dict[str, int | None]:
    return {label: number for label, _, number in found.figures[key]["parts"][breakdown]["cells"]}


def test_a_division_of_which_every_part_would_be_hidden_is_let_go_and_the_whole_stays() -> None:
    for ground in (referrals({0: 4}, urgent=2), referrals({0: 30}, urgent=3)):
        found = cleared(ground).figures["referrals"]
        assert found["total"] == len(ground.sheets)
        assert found["parts"]["urgency"] == {"level": "dropped", "cells": []}
        assert found["parts"]["trouble"]["cells"] == [["債務", ["debt"], len(ground.sheets)]]


def test_a_small_part_takes_a_larger_one_along() -> None:
    numbers = {"aged_center": 20, "school": 12, "council": 3}
    sheets = [
        sheet(f"{source}{at}", date(2026, 5, 1), source=source) for source, many in numbers.items() for at in range(many)
    ]
    assert shown(cleared(Ground(sheets=sheets)), "referrals", "source") == {
        "地域包括支援センター": 20, "社会福祉協議会": None, "学校・教育": None,
    }  # fmt: skip


def test_fewer_than_five_of_a_whole_are_not_told_from_none() -> None:
    assert cleared(referrals({0: 4})).figures["referrals"] == cleared(referrals({})).figures["referrals"]


def test_a_year_does_not_leave_beside_its_quarter_when_the_rest_of_it_are_few() -> None:
    ground = referrals({0: 10, 7: 3})
    counts = counts_of(ground, FIRST)
    quarter = Before(FIRST, counts, clear(FIRST, counts, {}, (), FEW).figures)
    alone, beside = cleared(ground), cleared(ground, before=(quarter,))
    assert alone.figures["referrals"]["total"] == 13
    assert quarter.cleared["referrals"]["total"] == 10
    assert beside.figures["referrals"]["withheld"] == "compared"


def test_what_was_entered_late_is_not_told_by_a_year_of_which_all_quarters_have_left() -> None:
    ground = referrals({0: 10, 4: 10, 7: 10, 10: 10})
    before = tuple(
        Before(each, counts_of(ground, each), clear(each, counts_of(ground, each), {}, (), FEW).figures)
        for each in (Period(2026, at, 3) for at in (0, 3, 6, 9))
    )
    assert cleared(ground, before=before).figures["referrals"]["total"] == 40
    late = referrals({0: 11, 4: 10, 7: 10, 10: 10})
    assert cleared(late, before=before).figures["referrals"]["withheld"] == "compared"
    fewer = referrals({0: 9, 4: 10, 7: 10, 10: 10})
    assert cleared(fewer, before=before).figures["referrals"]["withheld"] == "changed"


def test_ages_are_told_by_twenty_years_where_ten_would_tell_of_few() -> None:
    births = [date(1990, 1, 1)] * 4 + [date(2000, 1, 1)] * 4 + [date(1970, 1, 1)] * 3 + [date(1980, 1, 1)] * 3
    people = [person(str(at), str(at), born) for at, born in enumerate(births)]
    found = cleared(Ground(cases=[case(str(at), date(2026, 5, 1)) for at in range(len(births))], people=people))
    assert found.figures["people"]["parts"]["age"]["level"] == "wide"
    assert shown(found, "people", "age") == {"20〜39歳": 8, "40〜59歳": 6}


def test_the_only_twenty_year_old_of_a_district_is_in_no_cell_of_the_gaps() -> None:
    row = {"code": "時間", "district": "岡本", "age": "40〜59歳"}
    rows = [DatedFact(date(2026, 5, 1), row)] * 12 + [
        DatedFact(date(2026, 5, 1), {**row, "district": "玉縄", "age": "20〜39歳"})
    ]
    found = cleared(Ground(gaps=rows)).figures["gaps"]
    numbers = [number for part in found["parts"].values() for _, _, number in part["cells"]]
    assert found["total"] == 13
    assert not [number for number in numbers if number is not None and 0 < number < FEW]
    assert not any("玉縄" in label and number for part in found["parts"].values() for label, _, number in part["cells"])


def test_a_median_of_few_does_not_leave() -> None:
    counts = {figure.key: Count() for figure in FIGURES}
    spans = {"to_visit": Days(4, 30.0), "to_consent": Days(5, 12.5), "to_screening": Days(0, None)}
    assert clear(YEAR, counts, spans, (), FEW).spans == {"to_consent": 12}


# The two people, and the rows


@pytest.fixture
def town(world: World) -> World:
    with world.writing() as session:
        world.ids |= hire_staff(session, OTHERS)
    fill_town(world, 24, 3)
    return world


LAST = Period(2025)


def asked(world: World, name: str = "青木", period: Period = LAST) -> str:
    with world.writing(name) as session:
        return ask_release(session, world.actor(name), period, NOW).id


def let_out(world: World, snapshot_id: str, name: str = "北条") -> None:
    with world.writing(name) as session:
        publish(session, world.actor(name), read_release(session, world.actor(name), snapshot_id), NOW)


def test_what_leaves_was_asked_by_one_and_let_out_by_another(town: World) -> None:
    snapshot_id = asked(town, "北条")
    with pytest.raises(DomainError, match="自分で頼んだ"):
        let_out(town, snapshot_id, "北条")
    let_out(town, snapshot_id, "真鍋")
    with town.reading() as session:
        assert session.scalars(select(ReportDecision.released_period)).all() == ["2025"]
    with pytest.raises(DomainError, match="もう決まっています"):
        let_out(town, snapshot_id, "北条")


def test_a_period_leaves_once_and_only_when_it_is_over(town: World) -> None:
    with pytest.raises(DomainError, match="まだ終わっていません"):
        asked(town, period=Period(2026))
    first = asked(town)
    assert asked(town, "石井") == first
    let_out(town, first)
    with pytest.raises(DomainError, match="もう外に出しています"):
        asked(town)


def test_a_release_that_was_audited_before_another_left_is_audited_again(town: World) -> None:
    year, quarter = asked(town), asked(town, period=Period(2025, 0, 3))
    let_out(town, quarter)
    with pytest.raises(DomainError, match="重なる期間"):
        let_out(town, year)
    with town.writing("北条") as session:
        turn_down(session, town.actor("北条"), read_release(session, town.actor("北条"), year), "作り直す", NOW)
    again = asked(town)
    assert again != year
    let_out(town, again)


def test_a_snapshot_never_changes_and_what_is_entered_later_does_not_show_in_it(town: World) -> None:
    first = asked(town)
    with town.reading() as session:
        kept = session.get_one(ReportSnapshot, first).cleared
    with town.writing() as session:
        for at in range(8):
            open_case(session, town.ids["青木"], f"新井 {at}")
    let_out(town, first)
    with town.reading() as session:
        assert session.get_one(ReportSnapshot, first).cleared == kept
        assert session.scalar(select(func.count()).select_from(ReportSnapshot)) == 1


def test_no_small_number_stands_on_the_page_in_the_file_or_on_paper_of_a_release(town: World) -> None:
    snapshot_id = asked(town)
    for name in ("遠野", "鏡"):
        with town.visit(name) as browser:
            assert browser.get(f"/reports/releases/{snapshot_id}").status_code == 404, "it waits"
    with town.visit("北条") as browser:
        assert browser.get(f"/reports/releases/{snapshot_id}/export.xlsx").status_code == 409
        assert "長い期間なら" in browser.get(f"/reports/releases/{snapshot_id}").text
        assert browser.submit(f"/reports/waiting/{snapshot_id}/publish").status_code == 303
    with town.visit("遠野") as browser:
        assert "令和7年度" in browser.get("/reports").text
        page = browser.get(f"/reports/releases/{snapshot_id}").text
        file = browser.get(f"/reports/releases/{snapshot_id}/export.xlsx").content
        assert browser.get(f"/reports/releases/{snapshot_id}/paper.pdf").content.startswith(b"%PDF")
        assert browser.get(f"/reports/releases/{snapshot_id}/export.csv").content.startswith(b"\xef\xbb\xbf")
    sheet_ = load_workbook(io.BytesIO(file)).active
    assert sheet_ is not None
    personal = {figure.key for figure in FIGURES if figure.personal}
    numbers = [row[7] for row in sheet_.iter_rows(min_row=2, values_only=True) if row[2] in personal]
    assert [number for number in numbers if isinstance(number, int) and 0 < number < FEW] == []
    assert "福祉総務課" not in page


def test_an_auditor_reads_what_left_and_never_the_exact_figures(town: World) -> None:
    snapshot_id = asked(town)
    with town.visit("北条") as browser:
        assert browser.submit(f"/reports/waiting/{snapshot_id}/publish").status_code == 303
    with town.visit("鏡") as browser:
        page = browser.get("/reports").text
        assert "令和7年度" in page
        assert "そのままの数" not in page
        assert "外に出してよいか" not in browser.get(f"/reports/releases/{snapshot_id}").text
        for ending in ("export.xlsx", "export.csv", "paper.pdf"):
            assert browser.get(f"/reports/releases/{snapshot_id}/{ending}").status_code == 200
            assert browser.get(f"/reports/{ending}").status_code == 403


def test_the_number_of_the_town_holds_for_what_is_asked_from_then_on(town: World) -> None:
    with town.visit("北条") as browser:
        assert browser.submit("/settings/reports", {"few": "２", "_version": "0"}).status_code == 422
        assert browser.submit("/settings/reports", {"few": "10", "_version": "0"}).status_code == 303
        stale = browser.submit("/settings/reports", {"few": "7", "_version": "0"})
        assert (stale.status_code, 'value="7"' in stale.text) == (409, True)
    with town.reading() as session:
        assert session.scalars(select(ReportSnapshot.few)).all() == []
    first = asked(town)
    with town.reading() as session:
        assert session.get_one(ReportSnapshot, first).few == 10


def test_a_press_twice_asks_once_and_a_refusal_keeps_its_words(town: World) -> None:
    with town.visit() as browser:
        form = {"period": "2025", "_once": "a" * 32}
        first = browser.submit("/reports/releases", form).headers["location"]
        assert browser.submit("/reports/releases", form).headers["location"] == first
        assert browser.submit("/reports/releases", {"period": "2026"}).status_code == 409
    where = first.partition("?")[0].replace("/releases/", "/waiting/")
    with town.visit("北条") as browser:
        assert browser.submit(f"{where}/refuse", {"reason": ""}).status_code == 422
        assert browser.submit(f"{where}/refuse", {"reason": "年度末の入力がまだ"}).status_code == 303
        assert "年度末の入力がまだ" in browser.get("/reports").text
