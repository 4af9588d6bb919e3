"""Weekly hours as people write them (月水金 13:00-16:00; 第2・第4土 9:00-11:00) and as data."""

import re
import unicodedata
from dataclasses import dataclass, replace

from service.kernel.dates import WEEKDAYS
from service.kernel.slots import (
    EXAMPLE,
    LAST_WEEK,
    SlotProblem,
    SlotText,
    check_hours,
    format_slots,
    format_time,
    merge_slots,
    parse_time,
    say_weeks,
    week_order,
    weekday_label,
)

__all__ = [
    "LAST_WEEK",
    "SlotProblem",
    "SlotText",
    "TimetableText",
    "check_hours",
    "format_slots",
    "format_time",
    "merge_slots",
    "parse_slots",
    "parse_time",
    "read_timetable",
    "weekday_label",
]

MAX_TIMETABLE_LENGTH = 500


@dataclass(frozen=True)
class TimetableText:
    """What was understood of a text about hours, and the words that were not (隔月, または, 月1回 …)."""

    slots: tuple[SlotText, ...]
    unread: tuple[str, ...]


_KANJI_DIGITS = str.maketrans("一二三四五①②③④⑤", "1234512345")
_DASHES = re.compile("[‐‑‒–—−ー~〜～]|から")
_CLOCK = r"(?:午前|午後)?\d{1,3}(?::\d{1,2}(?::\d{2})?|時(?:\d{1,2}分?|半)?)"
_WEEK = r"(?:第[1-5](?![\d:時])|最終|月末の)週?"
_MORE_WEEKS = r"(?:[・、,.と&/\s]{0,3}|および|及び|-)(?:第[1-5](?![\d:時])|[1-5](?![\d:時回])|最終)週?"
# A single letter is a weekday only when no other word holds it (定休日, 日没); 土日のいずれか still is one.
_LETTER = r"(?:(?![月火水木金土日曜午第毎祝と及お])[^\W\d_])"
_DAY = rf"(?:[月火水木金土日]曜日?|(?<![^\W\d_月火水木金土日曜週終末とび])[月火水木金土日](?=のいずれ|(?!{_LETTER})))"
_WORD = re.compile(
    rf"(?P<hours>(?P<start>{_CLOCK})\s?-\s?(?P<end>{_CLOCK})?|\s?-\s?(?P<until>{_CLOCK}))(?:まで)?"
    rf"|(?P<weeks>{_WEEK}(?:{_MORE_WEEKS})*の?)"
    r"|(?P<often>(?:\dか)?月に?\d(?:-\d)?(?:回|度))"
    r"|(?P<every>毎週の?)|(?P<skip>毎月|各月)"
    r"|(?P<group>毎日|平日)"
    r"|(?P<other>\d{1,2}日|祝日?|か月|[偶奇]数月|\d?の?倍数月|隔[週月])"
    rf"|(?P<first>{_DAY})-(?P<last>{_DAY})|(?P<days>{_DAY})"
    r"|(?P<stop>[;\n])|(?P<gap>[:・、,\s()&と]|および|及び)"
    r"|(?P<unknown>\d{1,6}(?::\d{1,2})?|[^\W\d_月火水木金土日第毎]{1,10}|.)"
)


def parse_slots(text: str) -> tuple[SlotText, ...]:
    """The weekly slots a text says, in order; raises SlotProblem when a part of it cannot be kept."""
    read = read_timetable(text)
    if read.unread:
        raise SlotProblem(
            f"「{text.strip()}」の「{read.unread[0]}」を曜日や時間として読めません。",
            f"{EXAMPLE}書ききれないことばは備考に書いてください。",
        )
    if not read.slots:
        raise SlotProblem("曜日がありません。")
    return read.slots


def read_timetable(text: str) -> TimetableText:
    """Reads what can be read and returns the other words; SlotProblem only for impossible hours or a too long text."""
    if len(text) > MAX_TIMETABLE_LENGTH:
        raise SlotProblem("曜日と時間の欄が長すぎます。", f"{MAX_TIMETABLE_LENGTH}字までにしてください。")
    reading = _Reading()
    for word in _WORD.finditer(_clean(text)):
        reading.take(word)
    return reading.finish()


class _Reading:
    """Where the reader stands in a text: the days still waiting for their hours, and the weeks for their days."""

    def __init__(self) -> None:
        self.slots: list[SlotText] = []
        self.waiting: list[SlotText] = []
        self.unread: list[str] = []
        self.weeks: tuple[int, ...] = ()
        self.weeks_are_used = False
        self.have_hours = False
        self.often = ""

    def take(self, word: re.Match[str]) -> None:
        kind = word.lastgroup or ""
        if word["hours"]:
            self.add_hours(word["start"], word["end"] or word["until"])
        elif kind == "weeks":
            self.add_weeks(_week_numbers(word["weeks"]))
        elif kind in ("group", "last", "days"):
            self.add_days(word)
        elif kind in ("every", "stop"):
            self.end_weeks()
            self.end_days_without_hours(kind == "stop")
        elif kind == "often":
            self.often = word["often"]
        elif kind in ("other", "unknown"):
            self.unread.append(word[0])

    def add_weeks(self, weeks: tuple[int, ...]) -> None:
        if self.weeks and not self.weeks_are_used:
            # 第2または第3土: which of them is not said, so neither is taken.
            self.unread += [say_weeks(self.weeks), say_weeks(weeks)]
            weeks = ()
        self.weeks, self.weeks_are_used = weeks, False

    def add_days(self, word: re.Match[str]) -> None:
        if self.have_hours:
            self.waiting, self.have_hours = [], False
        if self.weeks and self.weeks_are_used and word.string[word.start() - 1] not in WEEKDAYS + "曜":
            # 第2土・日: the second Sunday or every Sunday? Not ours to decide.
            self.unread.append(word[0])
            return
        self.waiting += [SlotText(day, nth=self.weeks) for day in _weekdays(word)]
        self.weeks_are_used = True

    def add_hours(self, start: str | None, end: str | None) -> None:
        start_min = None if start is None else parse_time(start)
        end_min = None if end is None else parse_time(end)
        if start_min and end_min and start and start.startswith("午後") and end_min <= start_min < end_min + 720:
            end_min += 720  # 午後1時-3時: the afternoon is said once for both.
        check_hours(start_min, end_min)
        self.end_weeks()
        if not self.waiting:
            self.unread.append(f"{start or ''}-{end or ''}")
        self.slots += [replace(day, start_min=start_min, end_min=end_min) for day in self.waiting]
        self.have_hours = bool(self.waiting)

    def end_weeks(self) -> None:
        if self.weeks and not self.weeks_are_used:
            self.unread.append(say_weeks(self.weeks))
        self.weeks, self.weeks_are_used = (), False

    def end_days_without_hours(self, is_stop: bool) -> None:
        if is_stop:
            if not self.have_hours:
                self.slots += self.waiting
            self.waiting, self.have_hours = [], False

    def finish(self) -> TimetableText:
        self.end_weeks()
        self.end_days_without_hours(True)
        if self.often and not any(slot.nth for slot in self.slots):
            self.unread.append(self.often)
        return TimetableText(merge_slots(self.slots), tuple(self.unread))


def _clean(text: str) -> str:
    lines = unicodedata.normalize("NFKC", text).lower().translate(_KANJI_DIGITS).splitlines()
    joined = ";".join(" ".join(line.split()) for line in lines)
    return _DASHES.sub("-", joined).replace("ヶ月", "か月").replace("ケ月", "か月").replace("or", "または")


def _weekdays(word: re.Match[str]) -> list[int]:
    if word["group"]:
        return list(range(7 if word["group"] == "毎日" else 5))
    if word["days"]:
        return [WEEKDAYS.index(word["days"][0])]
    first, last = WEEKDAYS.index(word["first"][0]), WEEKDAYS.index(word["last"][0])
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _week_numbers(words: str) -> tuple[int, ...]:
    found = re.findall(r"-?第?[1-5]|最終|月末", words)
    weeks: list[int] = []
    for week in found:
        if week[0] == "-" and weeks:
            weeks += range(weeks[-1] + 1, int(week[-1]) + 1)
        else:
            weeks.append(LAST_WEEK if week in ("最終", "月末") else int(week[-1]))
    return tuple(sorted(set(weeks), key=week_order))
