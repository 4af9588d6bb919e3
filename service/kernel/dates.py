"""Dates as the town office writes them: 西暦 and 和暦 in, 和暦 out, ages and fiscal years."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from service.kernel.clock import TOKYO

MAX_DATE_LENGTH = 40
FIRST_YEAR, LAST_YEAR = 1900, 2199
WEEKDAYS = "月火水木金土日"

EXAMPLE = "「2026-06-22」「2026年6月22日」「R8.6.22」「令和8年6月22日」のように入力してください。"


class DateProblem(ValueError):
    """A date that cannot be read, with what happened and what to do about it."""

    code = "date"

    def __init__(self, message: str, remedy: str = EXAMPLE) -> None:
        super().__init__(f"{message}{remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True)
class Era:
    """A Japanese era with its first day; it lasts until the day before the next one starts."""

    name: str
    letter: str
    starts_on: date

    @property
    def year_zero(self) -> int:
        return self.starts_on.year - 1


ERAS = (
    Era("大正", "T", date(1912, 7, 30)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("令和", "R", date(2019, 5, 1)),
)
_ERA_BY_WORD = {word: era for era in ERAS for word in (era.name, era.name[0], era.letter)}

_WESTERN = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WAREKI = re.compile(r"(大正|昭和|平成|令和|[大昭平令TSHR])(\d{1,2}|元)[年./-](\d{1,2})[月./-](\d{1,2})日?")
_WEEKDAY = re.compile(r"\(([月火水木金土日])(?:曜日?)?\)$")
_DASHES = re.compile("[‐‑‒–—−ー]")


def parse_date(text: str) -> date:
    """The day a text names, 西暦 or 和暦, full or half width; raises DateProblem with a remedy."""
    if len(text) > MAX_DATE_LENGTH:
        raise DateProblem("日付として長すぎます。")
    words = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    words = _DASHES.sub("-", words)
    if not words:
        raise DateProblem("日付が空です。")
    weekday = _WEEKDAY.search(words)
    day = _read_day(words[: weekday.start()] if weekday else words, text.strip())
    if weekday and weekday[1] != WEEKDAYS[day.weekday()]:
        raise DateProblem(
            f"{format_wareki(day)[:-3]}は{WEEKDAYS[day.weekday()]}曜日で、書かれた曜日と合いません。",
            "日付か曜日を直してください。",
        )
    return day


def format_wareki(day: date) -> str:
    """The day as 令和8年6月22日(月); before 大正 by the western year."""
    era = era_of(day)
    year = f"{era.name}{_era_year(day, era)}" if era else str(day.year)
    return f"{year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def say_instant(instant: datetime) -> str:
    """令和8年11月23日(月) 10:20, office time."""
    local = instant.astimezone(TOKYO)
    return f"{format_wareki(local.date())} {local.hour}:{local.minute:02d}"


def format_wareki_short(day: date) -> str:
    """The day as R8.6.22; before 大正 as 1911.6.22."""
    era = era_of(day)
    year = f"{era.letter}{day.year - era.year_zero}" if era else str(day.year)
    return f"{year}.{day.month}.{day.day}"


def era_of(day: date) -> Era | None:
    """The era a day lies in, None before 大正."""
    return next((era for era in reversed(ERAS) if era.starts_on <= day), None)


def age_on(born_on: date, day: date) -> int:
    """Completed years of age on a day, by the date; born on 29 February grows older on 1 March in common years."""
    if born_on > day:
        raise DateProblem("生年月日が基準の日より後になっています。", "生年月日を確かめてください。")
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def fiscal_year(day: date) -> int:
    """The 年度 of a day: April to March."""
    return day.year if day.month >= 4 else day.year - 1


def age_at_fiscal_year_end(born_on: date, day: date) -> int:
    """年度末年齢: the age reached when 31 March of the day's 年度 is over.

    An age is reached at the end of the day before the birthday (年齢計算ニ関スル法律), so a child born on
    1 April counts with those born until then: pupils of one school year get one number.
    """
    return age_on(born_on, date(fiscal_year(day) + 1, 4, 1))


def _read_day(words: str, original: str) -> date:
    """Reads cleaned words without the weekday."""
    if wareki := _WAREKI.fullmatch(words):
        return _wareki_day(_ERA_BY_WORD[wareki[1]], wareki[2], int(wareki[3]), int(wareki[4]))
    numbers = _WESTERN.fullmatch(words) or _COMPACT.fullmatch(words)
    if not numbers:
        raise DateProblem(f"「{original}」を日付として読めません。")
    year, month, day = (int(part) for part in numbers.groups() if part is not None)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateProblem(f"{year}年は扱えません。", f"{FIRST_YEAR}年から{LAST_YEAR}年の日付を入力してください。")
    return _existing_day(year, month, day, f"{year}年")


def _wareki_day(era: Era, year_word: str, month: int, day: int) -> date:
    year_number = 1 if year_word == "元" else int(year_word)
    shown = f"{era.name}{'元' if year_number == 1 else year_number}年"
    if year_number == 0:
        raise DateProblem(f"{era.name}0年はありません。", f"最初の年は{era.name}元年です。")
    found = _existing_day(era.year_zero + year_number, month, day, shown)
    actual = era_of(found)
    if actual is not era:
        right = format_wareki(found).split("(")[0]
        raise DateProblem(f"{shown}{month}月{day}日はありません。", f"{right}ではありませんか。")
    return found


def _existing_day(year: int, month: int, day: int, shown: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateProblem(f"{shown}{month}月{day}日という日はありません。", "月と日を確かめてください。") from None


def _era_year(day: date, era: Era) -> str:
    number = day.year - era.year_zero
    return "元" if number == 1 else str(number)
