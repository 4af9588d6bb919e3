"""Days at the edges of the calendar and names no ordinary code page holds: on the sheet, on its page and on its paper."""

import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.cases.models import Person
from service.cases.referrals.models import Referral
from service.kernel.db import new_id
from tests.cast import Visitor, World

SHEET = {
    "came_by": "paper", "from_agency": "住民", "from_person": "大野", "from_phone": "1", "troubles": ["care"], "tried": "訪問",
    "knows": "unknown",
}  # fmt: skip


def send(visitor: Visitor, **changes: Any) -> Any:
    return visitor.submit("/referrals/new", {"received_on": "R8.11.20", **SHEET, "_once": new_id(), **changes})


@pytest.mark.parametrize(
    ("typed", "on", "acknowledged", "screened"),
    [
        ("令和6年2月29日", date(2024, 2, 29), date(2024, 3, 5), date(2024, 3, 14)),
        ("平成31年4月30日", date(2019, 4, 30), date(2019, 5, 9), date(2019, 5, 20)),
        ("令和元年5月1日", date(2019, 5, 1), date(2019, 5, 9), date(2019, 5, 20)),
        ("R7.12.26", date(2025, 12, 26), date(2026, 1, 7), date(2026, 1, 19)),
        ("R8.1.31", date(2026, 1, 31), date(2026, 2, 4), date(2026, 2, 16)),
    ],
)
def test_due_days_are_open_days_wherever_the_month_or_the_era_ends(
    world: World, typed: str, on: date, acknowledged: date, screened: date
) -> None:
    with world.visit() as aoki:
        assert send(aoki, received_on=typed).status_code == 303
    with world.reading() as session:
        row = session.scalars(select(Referral)).one()
    assert (row.received_on, row.acknowledge_due_on, row.screening_due_on) == (on, acknowledged, screened)


@pytest.mark.parametrize("typed", ["令和5年2月29日", "平成32年1月1日", "R8.11.31", "昭和65年1月1日"])
def test_a_day_there_never_was_is_refused_with_what_was_typed(world: World, typed: str) -> None:
    with world.visit() as aoki:
        for field in ("received_on", "birth_on"):
            refused = send(aoki, **{field: typed})
            assert refused.status_code == 422
            assert f'value="{typed}"' in refused.text


@pytest.mark.parametrize(
    ("typed", "born"),
    [("昭和48年2月28日", date(1973, 2, 28)), ("平成12年2月29日", date(2000, 2, 29)), ("R1.5.1", date(2019, 5, 1))],
)
def test_a_birthday_is_read_in_any_era(world: World, typed: str, born: date) -> None:
    with world.visit() as aoki:
        assert send(aoki, birth_on=typed).status_code == 303
    with world.reading() as session:
        assert session.scalars(select(Person.birth_on)).one() == born


def test_rare_letters_of_a_name_stand_on_the_page_and_on_the_paper_and_are_found(world: World, tmp_path: Path) -> None:
    name = "髙﨑 𠮷男"
    with world.visit() as aoki:
        here = send(aoki, name=name, from_person="濵邉").headers["location"].split("?")[0]
        assert name in aoki.get(here).text
        assert name in aoki.submit("/referrals/search", {"q": "高崎"}).text
        file = tmp_path / "sheet.pdf"
        file.write_bytes(aoki.get(f"{here}/print.pdf").content)
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
    assert name in text
    assert "濵邉" in text
    assert "印刷できない文字" not in text
