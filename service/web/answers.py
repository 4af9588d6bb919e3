"""Form fields drawn from the vocabulary: what was answered on one side of an attribute, shown and read back.

Names in a form are `a-KEY`, with `-lo`/`-hi` for ranges, `-N-days` … for hours, `-max` and `-text` for the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from service.kernel.digits import whole
from service.kernel.timetable import SlotProblem, check_hours, format_time, parse_time
from service.kernel.vocab import Attribute, Side, SideType, VocabularyError, check_value
from service.web.forms import Posted
from service.web.params import typed_text


class Blank(Enum):
    """Not an answer at all — apart from None, the answer 「特になし」."""

    UNANSWERED = "unanswered"


UNANSWERED: Final = Blank.UNANSWERED
NOTHING, UNKNOWN = "_none", ""
MODE_OPTIONS = (("walk", "徒歩"), ("bicycle", "自転車"), ("transit", "電車・バス"), ("car", "車"), ("pickup", "送迎"))
_WINDOW_ROWS = 9
_WEEKDAYS: Final = {str(day): day for day in range(7)}


@dataclass(frozen=True)
class AnswerField:
    """One field as the template shows it."""

    key: str
    name: str
    label: str
    question: str
    type: str
    unit: str
    hint: str
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    text: str
    lo: str
    hi: str
    rows: tuple[Mapping[str, Any], ...]
    errors: tuple[str, ...]


def person_field(attribute: Attribute, answer: Any, errors: tuple[str, ...] = ()) -> AnswerField:
    """The field for a person's need; UNANSWERED, None (特になし) or a value."""
    options = (*_options(attribute.person), (NOTHING, "特になし"), (UNKNOWN, "未回答"))
    return _field(attribute, attribute.person, options, answer, attribute.ask_person, errors)


def host_field(attribute: Attribute, answer: Any, errors: tuple[str, ...] = ()) -> AnswerField:
    """The field for what a host answered; UNANSWERED is 未確認."""
    options = _options(attribute.host)
    if attribute.host.type is SideType.TAGS:
        options = (*options, (NOTHING, "どれもない（確認済み）"))
    elif attribute.host.type is SideType.RANGE:
        options = ((NOTHING, "制限なし"),)
    else:
        options = (*options, (UNKNOWN, "未確認"))
    return _field(attribute, attribute.host, options, answer, attribute.question, errors)


def typed_field(blank: AnswerField, posted: Posted, errors: tuple[str, ...]) -> AnswerField:
    """The same field holding what was typed, right or wrong."""
    name = blank.name
    rows = tuple(
        {"days": [_WEEKDAYS[d] for d in posted.getlist(f"{name}-{i}-days") if d in _WEEKDAYS], "start": start, "end": end}
        for i in range(_WINDOW_ROWS)
        if (start := posted.text(f"{name}-{i}-start")) + (end := posted.text(f"{name}-{i}-end"))
    )
    shown = dict(vars(blank)) | {
        "chosen": tuple(posted.getlist(name)) or (UNKNOWN,),
        "text": posted.text(f"{name}-text") or posted.text(f"{name}-max") or posted.text(name),
        "lo": posted.text(f"{name}-lo"),
        "hi": posted.text(f"{name}-hi"),
        "rows": rows,
        "errors": errors,
    }
    return AnswerField(**shown)


def read_person(attribute: Attribute, posted: Posted) -> Any:
    """UNANSWERED, None for 「特になし」, or the value; VocabularyError says what to mend."""
    return _read(attribute, attribute.person, posted)


def read_host(attribute: Attribute, posted: Posted) -> Any:
    """UNANSWERED or the value; 「どれもない」 is the empty list, 「制限なし」 a range without ends."""
    answer = _read(attribute, attribute.host, posted)
    if answer is None:
        return [None, None] if attribute.host.type is SideType.RANGE else []
    return answer


def _field(
    attribute: Attribute,
    side: Side,
    options: tuple[tuple[str, str], ...],
    answer: Any,
    question: str,
    errors: tuple[str, ...],
) -> AnswerField:
    known = answer is not UNANSWERED and answer is not None
    value = answer if known else None
    chosen = _chosen(side, answer)
    return AnswerField(
        key=attribute.key,
        name=f"a-{attribute.key}",
        label=attribute.label,
        question=question,
        type=str(side.type),
        unit=side.unit,
        hint=side.hint,
        options=MODE_OPTIONS if side.type is SideType.TRAVEL else options,
        chosen=chosen,
        text=_text(side, value),
        lo=_number(value[0]) if side.type is SideType.RANGE and value else "",
        hi=_number(value[1]) if side.type is SideType.RANGE and value else "",
        rows=_rows(value) if side.type is SideType.WINDOWS and value else (),
        errors=errors,
    )


def _options(side: Side) -> tuple[tuple[str, str], ...]:
    if side.type is SideType.FLAG:
        return (("yes", "はい"), ("no", "いいえ"))
    return tuple((choice.key, choice.label) for choice in side.choices)


def _chosen(side: Side, answer: Any) -> tuple[str, ...]:
    if answer is UNANSWERED:
        return (UNKNOWN,)
    if answer is None or answer in ([], (), [None, None]):
        return (NOTHING,)
    if side.type is SideType.FLAG:
        return ("yes" if answer else "no",)
    if side.type is SideType.TAGS:
        return tuple(answer)
    if side.type is SideType.TRAVEL:
        return tuple(answer["modes"])
    if side.type is SideType.WISHES:
        return tuple(answer["tags"])
    return (str(answer),)


def _text(side: Side, value: Any) -> str:
    if value is None:
        return ""
    if side.type is SideType.WISHES:
        return str(value["text"])
    return _number(value["max_min"]) if side.type is SideType.TRAVEL else _number(value)


def _number(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)


def _rows(windows: Any) -> tuple[Mapping[str, Any], ...]:
    hours: dict[tuple[int, int], list[int]] = {}
    for day, start, end in windows:
        hours.setdefault((start, end), []).append(day)
    return tuple({"days": days, "start": format_time(s), "end": format_time(e)} for (s, e), days in hours.items())


def _read(attribute: Attribute, side: Side, posted: Posted) -> Any:
    name = f"a-{attribute.key}"
    chosen = [c for c in posted.getlist(name) if c != UNKNOWN]
    if chosen == [NOTHING] and not _has_times(name, posted):
        return None
    value = _READERS[side.type](name, [c for c in chosen if c != NOTHING], posted)
    if value is UNANSWERED:
        return UNANSWERED
    return plain_value(check_value(side, value, attribute.label))


def _has_times(name: str, posted: Posted) -> bool:
    """Whether times were typed beside 特になし: what was typed is never let go in silence."""
    return any(posted.text(f"{name}-{i}-{part}") for i in range(_WINDOW_ROWS) for part in ("start", "end"))


def _read_flag(name: str, chosen: list[str], posted: Posted) -> Any:
    return {"yes": True, "no": False}.get(chosen[0], chosen[0]) if chosen else UNANSWERED


def _read_choice(name: str, chosen: list[str], posted: Posted) -> Any:
    return chosen[0] if chosen else UNANSWERED


def _read_number(name: str, chosen: list[str], posted: Posted) -> Any:
    return _typed_number(chosen[0]) if chosen else UNANSWERED


def _read_tags(name: str, chosen: list[str], posted: Posted) -> Any:
    return chosen or UNANSWERED


def _read_range(name: str, chosen: list[str], posted: Posted) -> Any:
    ends = [_typed_number(t) if (t := posted.text(f"{name}-{end}").strip()) else None for end in ("lo", "hi")]
    return UNANSWERED if ends == [None, None] else ends


def _read_travel(name: str, chosen: list[str], posted: Posted) -> Any:
    typed = posted.text(f"{name}-max").strip()
    if not chosen and not typed:
        return UNANSWERED
    if not chosen or not typed:
        raise VocabularyError("移動は、手段と片道の上限の両方が要ります。", "足りないほうを入れてください。")
    return {"modes": chosen, "max_min": _typed_number(typed)}


def _read_wishes(name: str, chosen: list[str], posted: Posted) -> Any:
    text = typed_text(posted.text(f"{name}-text"), 400)
    return {"tags": chosen, "text": text} if chosen or text else UNANSWERED


def _read_windows(name: str, chosen: list[str], posted: Posted) -> Any:
    windows = []
    for i in range(_WINDOW_ROWS):
        days = posted.getlist(f"{name}-{i}-days")
        start, end = posted.text(f"{name}-{i}-start").strip(), posted.text(f"{name}-{i}-end").strip()
        if not (days or start or end):
            continue
        if not (days and start and end):
            raise VocabularyError("時間の行に、足りないものがあります。", "曜日・始まり・終わりの三つを入れてください。")
        hours = _hours(start, end)
        windows += [[_WEEKDAYS.get(day, -1), *hours] for day in days]
    return windows or UNANSWERED


def _hours(start: str, end: str) -> tuple[int, int]:
    try:
        first, last = parse_time(start), parse_time(end)
        check_hours(first, last)
    except SlotProblem as problem:
        raise VocabularyError(problem.message, problem.remedy) from None
    if first is None or last is None:
        raise VocabularyError("時刻を読めません。", "「13:00」のように入れてください。")
    return first, last


def _typed_number(text: str) -> int:
    number = whole(text, 9_999_999)
    if number is None:
        raise VocabularyError(f"「{typed_text(text, 20)}」は数字として読めません。", "数字だけで入れてください。")
    return number


def plain_value(value: Any) -> Any:
    """The value as JSON keeps it: lists for tuples, all the way down."""
    if isinstance(value, tuple | list):
        return [plain_value(v) for v in value]
    return {k: plain_value(v) for k, v in value.items()} if isinstance(value, dict) else value


_READERS: Final[Mapping[SideType, Callable[[str, list[str], Posted], Any]]] = {
    SideType.FLAG: _read_flag,
    SideType.CHOICE: _read_choice,
    SideType.NUMBER: _read_number,
    SideType.TAGS: _read_tags,
    SideType.RANGE: _read_range,
    SideType.TRAVEL: _read_travel,
    SideType.WISHES: _read_wishes,
    SideType.WINDOWS: _read_windows,
}
