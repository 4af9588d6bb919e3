"""The words the catalogue is shown in: kinds, statuses, how fresh a fact is, where a coordinate comes from."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from service.kernel.dates import WEEKDAYS, format_wareki_short
from service.kernel.timetable import SlotText, format_slots
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.models import Opening, OpeningSlot, Site

HOST_STATUS: Final[Mapping[str, str]] = {
    "prospect": "候補",
    "assessed": "確認済み",
    "active": "受け入れ中",
    "paused": "休止中",
    "ended": "終了",
}
OPENING_STATUS: Final[Mapping[str, str]] = {
    "open": "受け入れ中",
    "limited": "要相談",
    "paused": "休止中",
    "full": "空きなし",
    "ended": "終了",
}
STATUS_LOOK: Final[Mapping[str, str]] = {
    "open": "ok",
    "limited": "ask",
    "paused": "solid",
    "full": "no",
    "ended": "",
    "prospect": "ask",
    "assessed": "",
    "active": "ok",
}
ASSESSED: Final[Mapping[str, str]] = {
    "tasks": "活動・作業",
    "people": "そこにいる人",
    "place": "場所",
    "rules": "決まりごと",
    "staff": "関わる職員",
    "worries": "心配なこと",
    "insurance": "保険",
}
THEMES: Final[Mapping[str, str]] = {"work": "就労", "home": "住まい", "study": "学習", "place": "通いの場"}
"""支援のテーマ: what a host helps with, beside the kind of place it is; one host may have several."""
PRECISION: Final[Mapping[str, str]] = {
    "chome": "丁目の中心",
    "oaza": "町の中心",
    "city": "市区町村の中心",
    "pin": "地図で指定",
    "typed": "緯度・経度を入力",
}
BY_HAND: Final = "手で"
FROM_FILE: Final = "file"
AGING_DAYS, STALE_DAYS = 60, 90


def kind_label(kind: str) -> str:
    """The word for a kind of place; an unknown one stands as it is."""
    return HOST_KINDS.get(kind, kind)


def theme_labels(themes: Iterable[str]) -> list[str]:
    """The words for what a host helps with, in the order of the list."""
    return [label for key, label in THEMES.items() if key in themes]


def freshness_of(confirmed_on: date | None, today: date) -> str:
    """fresh, aging after 60 days, stale after 90; what nobody ever confirmed is stale."""
    age = STALE_DAYS + 1 if confirmed_on is None else (today - confirmed_on).days
    return "stale" if age > STALE_DAYS else "aging" if age > AGING_DAYS else "fresh"


def say_confirmed(confirmed_on: date | None, today: date) -> str:
    """11月12日 確認; the year is said when it is another one."""
    if confirmed_on is None:
        return "確認の記録なし"
    same_year = confirmed_on.year == today.year
    day = f"{confirmed_on.month}月{confirmed_on.day}日" if same_year else format_wareki_short(confirmed_on)
    return f"{day} 確認"


def slot_text(slot: OpeningSlot) -> SlotText:
    """A stored slot as the timetable writes it."""
    return SlotText(slot.weekday, slot.start_min, slot.end_min, tuple(slot.nth or ()))


def say_slots(slots: Iterable[OpeningSlot]) -> str:
    """月水金 13:00–16:00; nothing when no weekday is known."""
    return format_slots(slot_text(slot) for slot in slots)


def say_dates(dates: Iterable[str]) -> str:
    """12月5日(土)・12月19日(土) for the dates of an opening, as they are kept."""
    return "・".join(_say_date(text) for text in dates)


def _say_date(text: str) -> str:
    day, _, hours = text.partition(" ")
    on = date.fromisoformat(day)
    return f"{on.month}月{on.day}日({WEEKDAYS[on.weekday()]}){' ' + hours if hours else ''}"


def say_times(opening: Opening) -> str:
    """All that is known about the days of an opening, in one line."""
    return "／".join(part for part in (say_slots(opening.slots), say_dates(opening.dates)) if part)


def say_free(free: int | None) -> str:
    """The number of free places; unknown is said, never shown as none."""
    return "未確認" if free is None else str(free)


def say_place(site: Site) -> str:
    """How well the spot is known: 町の中心（住所から）, 手で, ファイルの座標."""
    if site.lat is None:
        return "座標がありません"
    if site.coordinate_source == BY_HAND:
        return f"手で指定（{PRECISION.get(site.coordinate_level, '')}）"
    if site.coordinate_source == FROM_FILE:
        return "取り込んだファイルの座標"
    level = PRECISION.get(site.coordinate_level, "")
    return f"住所から推定（{level}）" if level else site.coordinate_source
