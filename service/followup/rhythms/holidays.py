"""祝日の確認: the holidays of this release against the file 内閣府 publishes, day by day; nothing is written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.kernel.calendar import Calendar, holidays_of
from service.kernel.dates import DateProblem, parse_date
from service.kernel.errors import DomainError
from service.resources.interchange.reading import FileProblem, Row, read_table
from service.resources.interchange.table import header_key

DAY: Final = header_key("国民の祝日・休日月日")
NAME: Final = header_key("国民の祝日・休日名称")
FIRST_YEAR: Final = 1948
"""The year of 国民の祝日に関する法律."""
YEARS_AHEAD: Final = 5
"""内閣府 publishes to the end of next year; a file that goes much further is another file."""
PAST: Final = "過ぎた日です。今からの予定は変わりません。つなぎの作り手に知らせてください。"
TOLD: Final = 5
"""Rows of a bad file that are told at once."""


@dataclass(frozen=True)
class Difference:
    """A day on which the file and this release are not of one mind, and what to do."""

    on: date
    said: str
    remedy: str


def read_holidays(content: bytes, today: date) -> Mapping[date, str]:
    """The days of a published file with their names; DomainError names the rows that cannot be read."""
    try:
        table = read_table(content, required=(DAY, NAME))
    except FileProblem as problem:
        raise DomainError(problem.message, problem.remedy, problem.code, 422) from None
    found: dict[date, str] = {}
    wrong: list[str] = []
    for row in table.rows:
        try:
            found[_day_of(row, found, today.year + YEARS_AHEAD)] = row.text(NAME)
        except ValueError as problem:
            wrong.append(f"{row.number}行目：{problem}")
    if wrong:
        more = f"ほか{len(wrong) - TOLD}行。" if len(wrong) > TOLD else ""
        raise DomainError(
            f"読めない行があります。{''.join(wrong[:TOLD])}{more}",
            "内閣府のページから syukujitsu.csv を取り直し、手を加えずに選んでください。", "holidays", 422,
        )  # fmt: skip
    return found


def compare_holidays(published: Mapping[date, str], calendar: Calendar, today: date) -> tuple[Difference, ...]:
    """Every day of the file's years that is a holiday for one side alone, the earliest first."""
    return tuple(_differences(published, calendar, today))


def _day_of(row: Row, known: Mapping[date, str], last_year: int) -> date:
    """The day of a row; ValueError with the reason when it cannot be one of the file."""
    text = row.text(DAY)
    try:
        day = parse_date(text)
    except DateProblem:
        raise ValueError(f"「{text[:20]}」は、日付として読めません。") from None
    if not FIRST_YEAR <= day.year <= last_year:
        raise ValueError(f"「{text[:20]}」は、祝日の一覧にある年ではありません。")
    if day in known:
        raise ValueError(f"「{text[:20]}」は、前の行にもあります。")
    if not row.text(NAME):
        raise ValueError(f"「{text[:20]}」の名称がありません。")
    return day


def _differences(published: Mapping[date, str], calendar: Calendar, today: date) -> Iterator[Difference]:
    ours = {day: name for year in _years(published) for day, name in holidays_of(year).items()}
    for day in sorted(published.keys() ^ ours.keys()):
        if day in published:
            yield Difference(day, f"内閣府は「{published[day]}」、つなぎは祝日にしていません。", _add(day, calendar, today))
        else:
            yield Difference(day, f"つなぎは「{ours[day]}」、内閣府の一覧にはありません。", _tell(day, today))


def _years(published: Mapping[date, str]) -> range:
    return range(min(published).year, max(published).year + 1)


def _add(day: date, calendar: Calendar, today: date) -> str:
    if day < today:
        return PAST
    if why := calendar.why_closed(day):
        return f"「{why}」でもう休みなので、予定は変わりません。つなぎの作り手に知らせてください。"
    return "このままだと予定が入ります。「市の休みの日」に足し、つなぎの作り手に知らせてください。"


def _tell(day: date, today: date) -> str:
    if day < today:
        return PAST
    return "この日には予定が入りません。入れたい予定は手で動かし、つなぎの作り手に知らせてください。"
