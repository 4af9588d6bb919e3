"""A value of the vocabulary in Japanese words, the same on every page, sheet and export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from service.kernel.dates import WEEKDAYS
from service.kernel.timetable import SlotText, format_slots
from service.kernel.vocab.attribute import Attribute, Side, SideType

MODE_LABELS: Final = {"walk": "徒歩", "bicycle": "自転車", "transit": "電車・バス", "car": "車", "pickup": "送迎"}


def say_value(side: Side, value: Any) -> str:
    """The value as it reads on a page; 「未確認」 for None, 「なし」 for an empty answer."""
    return "未確認" if value is None else _say_known(side, value) or "なし"


def _say_known(side: Side, value: Any) -> str:
    if side.type is SideType.FLAG:
        return "はい" if value else "いいえ"
    if side.type is SideType.NUMBER:
        return f"{value:g}{side.unit}"
    if side.type is SideType.CHOICE:
        return side.label(value)
    if side.type is SideType.TAGS:
        return "・".join(side.label(key) for key in value)
    if side.type is SideType.RANGE:
        return _say_range(side, *value)
    if side.type is SideType.WINDOWS:
        return say_windows(value)
    if side.type is SideType.TRAVEL:
        return _say_travel(value)
    return _say_wishes(side, value)


def _say_range(side: Side, low: int | None, high: int | None) -> str:
    """15〜64歳, 40歳以上, 25歳まで; an end at the limit of the scale is no end."""
    has_low, has_high = low not in (None, side.lo), high not in (None, side.hi)
    if has_low and has_high:
        return f"{low}〜{high}{side.unit}"
    if has_low:
        return f"{low}{side.unit}以上"
    return f"{high}{side.unit}まで" if has_high else "制限なし"


def _say_travel(value: Any) -> str:
    modes = "・".join(MODE_LABELS[mode] for mode in value.get("modes") or ())
    limit = value.get("max_min")
    return "、".join(part for part in (modes, "" if limit is None else f"片道{limit}分まで") if part)


def _say_wishes(side: Side, value: Any) -> str:
    tags = "・".join(side.label(key) for key in value.get("tags") or ())
    return "／".join(part for part in (tags, (value.get("text") or "").strip()) if part)


class Fields(dict[str, Any]):
    """Template fields; one that a town's template misspells stays visible instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def say_need(attribute: Attribute, value: Any) -> str:
    """How a need reads in a list: 「接客なし」「8人まで」."""
    words = "" if value is None else say_value(attribute.person, value)
    return (attribute.need_text or attribute.label).format_map(Fields(p=words, label=attribute.label))


def say_days(days: Iterable[int]) -> str:
    """月水金 for the weekdays 0, 2, 4."""
    return "".join(WEEKDAYS[day] for day in sorted(set(days)))


def say_windows(windows: Iterable[Sequence[int]]) -> str:
    """月水金 13:00–16:00; 土 9:00–11:00 for a person's windows, as the timetable writes a place's hours."""
    return format_slots(SlotText(day, start, end) for day, start, end in sorted(map(tuple, windows)))
