"""A condition typed into a cell of our own template, as a value of the vocabulary."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from service.kernel.kana import fold_text
from service.kernel.vocab import Attribute, Side, SideType, VocabularyError, check_value
from service.resources.interchange.drafts import RowFault

UNKNOWN: Final = frozenset(fold_text(word) for word in ("", "未確認", "不明", "?", "-", "ー"))
NONE: Final = fold_text("なし")
_FLAGS: Final = {
    **{fold_text(word): True for word in ("はい", "有", "あり", "可", "○", "◯", "yes", "true", "1")},
    **{fold_text(word): False for word in ("いいえ", "無", "なし", "不可", "×", "no", "false", "0")},
}
_NUMBER: Final = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,6})?)[^0-9.]{0,10}")
_RANGE: Final = re.compile(r"([0-9]{1,4})?[歳才]?(?:(-)([0-9]{1,4})?[歳才]?(?:まで)?|(以上|から|まで|以下))")
_DASHES: Final = re.compile("[‐‑–—−ー~〜～]")
_SEPARATORS: Final = re.compile("[、,;/，；､／\n]")


def read_answer(attribute: Attribute, text: str) -> Any:
    """The host's value that a cell says; None for unknown; RowFault naming the column and the allowed words."""
    if fold_text(text) in UNKNOWN:
        return None
    try:
        return check_value(attribute.host, _READERS[attribute.host.type](attribute.host, text), attribute.label)
    except VocabularyError as problem:
        why = f"が正しくありません。{problem.remedy}"
    except ValueError:
        why = "を読めません。"
    raise RowFault(
        f"「{attribute.label}」の「{text[:40]}」{why}",
        f"「{attribute.label}」は、{say_allowed(attribute.host)}で入れてください。",
    )


def say_allowed(side: Side) -> str:
    """What may be written for a side, in words."""
    labels = "・".join(choice.label for choice in side.choices)
    match side.type:
        case SideType.FLAG:
            return "はい・いいえ（分からないときは空）"
        case SideType.CHOICE:
            return f"{labels} のどれか1つ"
        case SideType.TAGS:
            return f"{labels} を「、」で区切って（なければ「なし」）"
        case SideType.RANGE:
            return "「18-64」「18以上」「64まで」の形"
    limits = f"（{side.lo or 0:g}〜{side.hi:g}）" if side.hi is not None else ""
    return f"数字{limits}"


def read_tags(side: Side, text: str) -> list[str]:
    """Keys of the tags that a cell lists; an empty list where it says なし; ValueError for another word."""
    if fold_text(text) == NONE:
        return []
    return [key for piece in _SEPARATORS.split(text) if piece.strip() for key in _tags_of(side, piece.split("・"))]


def _tags_of(side: Side, words: list[str]) -> list[str]:
    """Labels may hold ・ themselves (絵・デザイン): the longest run of words that is a label wins."""
    for length in range(len(words), 0, -1):
        key = _choice_of(side, "・".join(words[:length]))
        if key is not None:
            return [key, *(_tags_of(side, words[length:]) if words[length:] else [])]
    raise ValueError(words[0])


def _choice_of(side: Side, text: str) -> str | None:
    """The choice whose label, label before its （…） or key is written."""
    wanted = fold_text(text)
    for choice in side.choices:
        if wanted in (fold_text(choice.label), fold_text(choice.label.partition("（")[0]), fold_text(choice.key)):
            return choice.key
    return None


def _read_flag(_: Side, text: str) -> bool:
    found = _FLAGS.get(fold_text(text))
    if found is None:
        raise ValueError(text)
    return found


def _read_number(side: Side, text: str) -> int | float:
    words = _half_width(text).replace(",", "")
    if words == "無料" and side.unit == "円":
        return 0
    number = _NUMBER.fullmatch(words)
    if not number or words.removeprefix(number[1]) not in ("", unicodedata.normalize("NFKC", side.unit)):
        raise ValueError(text)
    value = float(number[1])
    return int(value) if value.is_integer() else value


def _read_choice(side: Side, text: str) -> str:
    key = _choice_of(side, text)
    if key is None:
        raise ValueError(text)
    return key


def _read_range(_: Side, text: str) -> list[int | None]:
    found = _RANGE.fullmatch(_DASHES.sub("-", _half_width(text)))
    if not found or not (found[1] or found[3]) or (found[4] and not found[1]):
        raise ValueError(text)
    low, high = (int(end) if end else None for end in (found[1], found[3]))
    return [None, low] if found[4] in ("まで", "以下") else [low, high]


def _half_width(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text[:100]).split())


_READERS: Final[dict[SideType, Callable[[Side, str], Any]]] = {
    SideType.FLAG: _read_flag,
    SideType.NUMBER: _read_number,
    SideType.CHOICE: _read_choice,
    SideType.TAGS: read_tags,
    SideType.RANGE: _read_range,
}
ANSWERABLE: Final = frozenset(_READERS)
