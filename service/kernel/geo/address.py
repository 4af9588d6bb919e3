"""How an address is written, folded so that every usual spelling of a town gives one key."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from service.kernel.kana import fold_text

MAX_LENGTH: Final = 200
PREFECTURES: Final = (
    *("北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県"),
    *("埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県"),
    *("岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
    *("鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県"),
    *("佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県"),
)
_NUMERALS = "一二三四五六七八九十"
_ONE_SPELLING = str.maketrans(
    {"ガ": "ケ", "ヶ": "ケ", "ヵ": "ケ", "ッ": "ツ", "龍": "竜", "檮": "梼", "條": "条"} | dict.fromkeys("‐‑‒–—―−", "-")
)
_LONG_MARK_AS_DASH = re.compile(r"(?<=[0-9])ー")
_COUNTED = re.compile(rf"[{_NUMERALS}]{{1,3}}(?=[条丁線番号])")
_CHOME_NAME = re.compile(r"(?P<base>.*[^0-9])(?P<number>[0-9]{1,2})丁目?")
_CHOME_ENDING = re.compile(rf"(?<=[^{_NUMERALS}])[{_NUMERALS}]{{1,3}}丁目?$")
# A number after the town is its 丁目 unless it is said to be a 番地: 2丁目, 2-3, 2ノ3, or nothing more.
_CHOME_SAID = re.compile(rf"(?P<number>[0-9]{{1,2}}|[{_NUMERALS}]{{1,3}})(?:丁目?|[-ノ]|(?![0-9番]))")
_ENDS_THE_TOWN = re.compile(rf"$|[0-9{_NUMERALS}丁番地字無先\-ノ(,、。・/~〜]")


class TownName(NamedTuple):
    """A town's folded name without its 丁目, and the number of the 丁目 (0: the whole 大字)."""

    base: str
    chome: int


def fold_address(text: str) -> str:
    """The key of an address, the same for 由比ガ浜２丁目 and 由比ヶ浜二丁目; never raises, reads 200 characters."""
    folded = fold_text(text[:MAX_LENGTH]).translate(_ONE_SPELLING).replace("大字", "")
    folded = _LONG_MARK_AS_DASH.sub("-", folded)
    return _COUNTED.sub(lambda said: str(read_numeral(said[0])), folded)


def split_town(name: str) -> TownName:
    """A town of the table as base and 丁目."""
    folded = fold_address(name)
    said = _CHOME_NAME.fullmatch(folded)
    return TownName(said["base"], int(said["number"])) if said else TownName(folded.removeprefix("字"), 0)


def oaza_name(town: str) -> str:
    """The 町 a 丁目 belongs to, as it is said: 由比ガ浜 for 由比ガ浜二丁目, 角山 for 大字角山; 八丁 is a name of its own."""
    return _CHOME_ENDING.sub("", town).removeprefix("大字").removeprefix("字")


def said_chome(rest: str) -> int:
    """The 丁目 that what follows the town's name says, 0 when it says none."""
    said = _CHOME_SAID.match(rest)
    return read_numeral(said["number"]) if said else 0


def town_ends_before(rest: str) -> bool:
    """Whether a town's name may end here: 津 is the town in 津1010, not in 津久井."""
    return _ENDS_THE_TOWN.match(rest) is not None


def read_numeral(said: str) -> int:
    """A number below 100 in figures or in Chinese numerals (二十四)."""
    if said[0] not in _NUMERALS:
        return int(said)
    tens, has_ten, ones = said.rpartition("十")
    unit = _NUMERALS.index(ones[-1]) + 1 if ones else 0
    if not has_ten:
        return unit
    return 10 * (_NUMERALS.index(tens[-1]) + 1 if tens else 1) + unit
