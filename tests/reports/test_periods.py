"""年度・四半期・月: their days, their names, and the addresses they have."""

from datetime import date

import pytest

from service.reports.periods import Period, read_period

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("address", "first", "last", "label"),
    [
        ("2026", date(2026, 4, 1), date(2027, 3, 31), "令和8年度"),
        ("2019", date(2019, 4, 1), date(2020, 3, 31), "令和元年度"),
        ("2027q4", date(2028, 1, 1), date(2028, 3, 31), "令和9年度 第4四半期（1〜3月）"),
        ("2026q2", date(2026, 7, 1), date(2026, 9, 30), "令和8年度 第2四半期（7〜9月）"),
        ("2027m02", date(2028, 2, 1), date(2028, 2, 29), "令和10年2月"),
        ("2026m02", date(2027, 2, 1), date(2027, 2, 28), "令和9年2月"),
        ("2019m04", date(2019, 4, 1), date(2019, 4, 30), "平成31年4月"),
    ],
)
def test_a_period_knows_its_days_and_its_name(address: str, first: date, last: date, label: str) -> None:
    period = read_period(address, TODAY)
    assert (period.first, period.last, period.label, period.key) == (first, last, label, address)


@pytest.mark.parametrize("address", ["", "x", "2026q5", "2026m13", "1999", "2191", "２０２６", "2026q1 ", "99999"])
def test_an_address_that_names_no_period_means_the_running_year(address: str) -> None:
    assert read_period(address, TODAY) == Period(2026)


def test_the_year_turns_on_the_first_of_april() -> None:
    assert read_period("", date(2027, 3, 31)) == Period(2026)
    assert read_period("", date(2027, 4, 1)) == Period(2027)


def test_every_day_of_a_year_lies_in_one_of_its_months_and_in_one_quarter() -> None:
    year = Period(2027)
    days = [date.fromordinal(at) for at in range(year.first.toordinal(), year.last.toordinal() + 1)]
    assert len(days) == 366
    quarters = [Period(2027, at, 3) for at in (0, 3, 6, 9)]
    for day in days:
        assert sum(day in month for month in year.months_of()) == sum(day in quarter for quarter in quarters) == 1
