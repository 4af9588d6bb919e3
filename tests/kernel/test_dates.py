import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.dates import (
    DateProblem,
    age_at_fiscal_year_end,
    age_on,
    fiscal_year,
    format_wareki,
    format_wareki_short,
    parse_date,
)

JUNE_22 = date(2026, 6, 22)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-06-22",
            "2026/6/22",
            "2026年6月22日",
            "R8.6.22",
            "Ｒ８．６．２２",
            "令和8年6月22日",
            "20260622",
        ),
        *(" r8/6/22 ", "令和８年６月２２日（月）", "2026－06－22", "2026.6.22", "令8.6.22", "㋿8年6月22日"),
    ],
)
def test_every_usual_way_of_writing_is_the_same_day(text: str) -> None:
    assert parse_date(text) == JUNE_22


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("昭和48年3月2日", date(1973, 3, 2)),
        ("S48.3.2", date(1973, 3, 2)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("大正15年12月24日", date(1926, 12, 24)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_eras_begin_and_end_on_their_day(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("昭和64年1月8日", "平成元年1月8日"),
        ("平成31年5月1日", "令和元年5月1日"),
        ("令和元年4月30日", "平成31年4月30日"),
        ("昭和元年12月24日", "大正15年12月24日"),
        ("令和0年1月1日", "令和元年"),
        ("2026-02-30", "2月30日"),
        ("R8.13.1", "13月1日"),
        ("0000-01-01", "1900年"),
        ("99991231", "9999年"),
        ("平成元年", "読めません"),
        ("令和8年6月22日(火)", "月曜日"),
        ("26/6/22", "読めません"),
        ("2026-6/22", "読めません"),
        ("明日", "読めません"),
        ("", "空"),
        ("\ud800", "読めません"),
        ("9" * 5_000, "長すぎ"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_what_to_do(text: str, says: str) -> None:
    with pytest.raises(DateProblem) as problem:
        parse_date(text)
    assert says in str(problem.value)
    assert problem.value.message.endswith("。")
    assert problem.value.remedy.endswith(("。", "か。"))


def test_every_day_from_showa_to_2050_survives_writing_and_reading() -> None:
    day = date(1926, 12, 25)
    while day <= date(2050, 12, 31):
        assert parse_date(format_wareki(day)) == day
        assert parse_date(format_wareki_short(day)) == day
        day += timedelta(days=1)


@given(st.text(max_size=60))
def test_any_text_is_a_day_or_a_date_problem(text: str) -> None:
    with contextlib.suppress(DateProblem):
        assert isinstance(parse_date(text), date)


def test_a_day_is_shown_in_wareki_with_its_weekday() -> None:
    assert format_wareki(JUNE_22) == "令和8年6月22日(月)"
    assert format_wareki(date(2019, 5, 1)) == "令和元年5月1日(水)"
    assert format_wareki_short(date(2019, 5, 1)) == "R1.5.1"
    assert format_wareki(date(1910, 1, 1)) == "1910年1月1日(土)"


def test_age_changes_on_the_birthday() -> None:
    assert age_on(date(2000, 6, 22), date(2026, 6, 21)) == 25
    assert age_on(date(2000, 6, 22), JUNE_22) == 26
    assert age_on(date(2004, 2, 29), date(2025, 2, 28)) == 20
    assert age_on(date(2004, 2, 29), date(2025, 3, 1)) == 21
    with pytest.raises(DateProblem):
        age_on(date(2027, 1, 1), JUNE_22)


def test_pupils_of_one_school_year_share_the_age_at_its_end() -> None:
    assert {age_at_fiscal_year_end(born, JUNE_22) for born in (date(2011, 4, 2), date(2012, 4, 1))} == {15}
    assert age_at_fiscal_year_end(date(2012, 4, 2), JUNE_22) == 14


def test_the_fiscal_year_starts_in_april() -> None:
    assert [fiscal_year(day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2027, 1, 1))] == [
        2025,
        2026,
        2026,
    ]
