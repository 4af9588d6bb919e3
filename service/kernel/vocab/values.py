"""Is this a value that the attribute's side can hold? Asked of forms, imports and stored rows alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from service.kernel.vocab.attribute import Side, SideType, VocabularyError

TRAVEL_MODES: Final = ("walk", "bicycle", "transit", "car", "pickup")
LARGEST: Final = 1_000_000
# A slot may end after midnight (22:00–26:00) but not after the following noon.
LATEST_MIN: Final = 36 * 60


class Refused(ValueError):
    """What to do instead, in Japanese."""


def check_value(side: Side, value: Any, label: str = "") -> Any:
    """The value in its stored form (tuples for lists); None stays None; VocabularyError in Japanese otherwise."""
    if value is None:
        return None
    try:
        return CHECKS[side.type](side, value)
    except Refused as problem:
        remedy = str(problem)
    except (TypeError, ValueError, AttributeError, OverflowError):
        # A value of quite another shape: no form sends it, so there is nothing closer to say.
        remedy = "値を選び直してください。"
    raise VocabularyError(f"「{label}」の値が正しくありません（{_shorten(value)}）。", remedy)


def _shorten(value: Any) -> str:
    return text if len(text := str(value)) <= 40 else text[:40] + "…"


def _nothing(side: Side, value: Any) -> Any:
    raise Refused("この項目に値は入りません。空にしてください。")


def _flag(side: Side, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused("「はい」か「いいえ」を選んでください。")
    return value


def _number(side: Side, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise Refused("数字で入れてください。")
    low, high = (0 if side.lo is None else side.lo), (LARGEST if side.hi is None else side.hi)
    if not low <= value <= high:
        raise Refused(f"{low:g}〜{high:g}の範囲で入れてください。")
    return value


def _choice(side: Side, value: Any) -> str:
    if not any(choice.key == value for choice in side.choices):
        raise Refused(f"{'・'.join(choice.label for choice in side.choices)} から選んでください。")
    return str(value)


def _tags(side: Side, value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        raise Refused("一覧から選んでください。")
    chosen = {_choice(side, key) for key in value}
    return tuple(choice.key for choice in side.choices if choice.key in chosen)


def _range(side: Side, value: Any) -> tuple[int | None, int | None]:
    if isinstance(value, str) or len(value) != 2:
        raise Refused("下限と上限を入れてください。")
    low, high = (None if end is None else int(_number(side, end)) for end in value)
    if low is not None and high is not None and low > high:
        raise Refused("下限が上限より大きくなっています。")
    return low, high


def _windows(side: Side, value: Any) -> tuple[tuple[int, int, int], ...]:
    windows = sorted({(int(day), int(start), int(end)) for day, start, end in value})
    if any(not (0 <= day <= 6 and 0 <= start < end <= LATEST_MIN) for day, start, end in windows):
        raise Refused("曜日と、始まり・終わりの時刻を確かめてください。")
    return tuple(windows)


def _travel(side: Side, value: Any) -> dict[str, Any]:
    modes, limit = value.get("modes"), value.get("max_min")
    if any(mode not in TRAVEL_MODES for mode in modes or ()):
        raise Refused("移動手段は、徒歩・自転車・電車やバス・車・送迎から選んでください。")
    if limit is not None:
        limit = int(_number(Side(SideType.NUMBER, lo=0, hi=600), limit))
    return {"modes": None if modes is None else [mode for mode in TRAVEL_MODES if mode in modes], "max_min": limit}


def _wishes(side: Side, value: Any) -> dict[str, Any]:
    text = value.get("text") or ""
    if not isinstance(text, str):
        raise Refused("文字で入れてください。")
    return {"tags": list(_tags(side, value.get("tags") or ())), "text": text}


CHECKS: Final[dict[SideType, Callable[[Side, Any], Any]]] = {
    SideType.NONE: _nothing,
    SideType.FLAG: _flag,
    SideType.NUMBER: _number,
    SideType.CHOICE: _choice,
    SideType.TAGS: _tags,
    SideType.RANGE: _range,
    SideType.WINDOWS: _windows,
    SideType.TRAVEL: _travel,
    SideType.WISHES: _wishes,
}
