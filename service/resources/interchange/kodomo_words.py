"""What the words of a 子ども食堂 row say about ages, fees and activities: clear patterns only, the rest stays words."""

import re
import unicodedata
from typing import Any, Final

from service.resources.interchange.contacts import said
from service.resources.interchange.table import Row

MAX_WORDS: Final = 500
AgeRange = tuple[int | None, int | None]

FEE_COLUMNS: Final = ("幼児", "小学生", "中学生", "高校生", "大人")
TAGS_BY_SUPPORT: Final[dict[str, tuple[str, ...]]] = {
    "学習支援": ("study",),
    "遊び・スポーツ・体験活動の場": ("sports",),
    "プレーパーク": ("children",),
    "多世代交流拠点": ("ibasho",),
    "子供のたまり場": ("ibasho", "children"),
    "子どものたまり場": ("ibasho", "children"),
    "親子交流の場": ("children",),
    "不登校児の居場所": ("ibasho", "children"),
    "外国人の子供の居場所": ("ibasho", "children"),
    "外国人の子どもの居場所": ("ibasho", "children"),
}
_CHILDREN: Final = ("子ども", "子供", "こども", "キッズ", "親子", "不登校児")
# School years by age: a first grader is 6 and turns 7.
_STAGES: Final[dict[str, tuple[int, int]]] = {
    "乳幼児": (0, 6),
    "未就学児": (0, 6),
    "幼児": (1, 6),
    "小学校低学年": (6, 8),
    "小学校中学年": (8, 10),
    "小学校高学年": (10, 12),
    "小学生": (6, 12),
    "中学生": (12, 15),
    "高校生": (15, 18),
    "小中学生": (6, 15),
    "中高生": (12, 18),
    "中高校生": (12, 18),
    "小中高生": (6, 18),
}
_STAGE = (
    rf"(?:{'|'.join(sorted(_STAGES, key=len, reverse=True))}"
    r"|小学校?[1-6]年生?|中学校?[1-3]年生?|\d{1,3}[歳才]|[1-9]0代(?:前半|後半)?)"
)
_CLAUSE = re.compile(
    rf"(?P<low>{_STAGE})(?:-(?P<high>{_STAGE})(?:まで)?|(?P<bound>まで|以下|以上|未満))?"
    r"(?P<only>を?対象|のみ|限定|に限る)?(?:の方|の子ども|の子供)?"
)
_AGE_LIMIT = re.compile(r"(?:受け?入れ)?(?:対象)?年齢(?:に|は)?(?:制限)?(?:あり)?[:(](?P<inner>[^()]{1,60})\)?")
_LIVES_NEAR = re.compile(r"[^\s・、]{0,12}?(?:[市町村区]内|在住)の?")
_LIMITING: Final = ("まで", "以上", "以下", "未満", "対象", "のみ", "限定", "限る", "制限")
_FEE = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})|[0-9]{1,5})円?")


def read_conditions(row: Row) -> dict[str, Any]:
    """The conditions the row states: cost (yen for an adult), age range, children; nothing that it leaves open."""
    found: dict[str, Any] = {
        "cost": read_fee(said(row.text("参加費_大人"))),
        "age": read_age(said(row.text("参加条件"))),
        "children": True if any(word in f"{row.text('名称')}{row.text(SUPPORT)}" for word in _CHILDREN) else None,
    }
    return {key: value for key, value in found.items() if value is not None}


SUPPORT: Final = "実施支援の主な区分"


def read_fee(text: str) -> int | None:
    """Yen where the cell is one number (or 無料); ranges, families and bento prices are not one fee."""
    words = "".join(unicodedata.normalize("NFKC", text[:20]).split()).removesuffix(".0")
    if words == "無料":
        return 0
    number = _FEE.fullmatch(words)
    return int(number[1].replace(",", "")) if number and len(text) <= 20 else None


def read_age(text: str) -> AgeRange | None:
    """The ages that 参加条件 says, None where it says none clearly.

    Items are separated by commas as in the form's multiple choice. Beside other items (ひとり親世帯 …) an age counts
    only if it is worded as a limit; else it may be one group of several.
    """
    items = [item.strip() for item in _normalise(text).split(",") if item.strip()]
    ages = {item: age for item in items if (age := _age_of_item(item))}
    limits = [age for item, age in ages.items() if any(word in item for word in _LIMITING)]
    if len(limits) == 1:
        return limits[0]
    return _join_ages(list(ages.values())) if ages and len(ages) == len(items) else None


def read_activity_tags(row: Row) -> tuple[str, ...]:
    """Activity keys of 実施支援の主な区分; a 子ども食堂 is a 居場所 in any case."""
    kinds = [kind.strip() for kind in row.text(SUPPORT).replace("，", ",").split(",")]
    tags = [tag for kind in kinds for tag in TAGS_BY_SUPPORT.get(kind, ())]
    return tuple(dict.fromkeys(["ibasho", *tags]))


def read_support(row: Row) -> str:
    """The activity in words."""
    kinds = [kind.strip() for kind in row.text(SUPPORT).replace("，", ",").split(",")]
    return "、".join(["子ども食堂", *(kind for kind in kinds if kind)])


def say_fees(row: Row) -> str:
    """All fees in the file's words: 幼児0円、小学生0円、大人300円."""
    fees = [(who, said(row.text(f"参加費_{who}"))) for who in FEE_COLUMNS]
    return "、".join(f"{who}{fee}{'円' if fee.isdecimal() else ''}" for who, fee in fees if fee)


def _normalise(text: str) -> str:
    words = unicodedata.normalize("NFKC", text[:MAX_WORDS])
    return re.sub("[~〜～‐–—−]|から", "-", words).replace(" ", "")


def _age_of_item(item: str) -> AgeRange | None:
    if limit := _AGE_LIMIT.fullmatch(item):
        item = limit["inner"]
    if near := _LIVES_NEAR.match(item):
        item = item[near.end() :]
    return _join_ages([_age_of_piece(piece) for piece in re.split("[・、と]", item)])


def _age_of_piece(piece: str) -> AgeRange | None:
    clause = _CLAUSE.fullmatch(piece)
    if not clause:
        return None
    low, high = _ages(clause["low"]), _ages(clause["high"] or clause["low"])
    match clause["bound"]:
        case "まで" | "以下":
            return None, high[1]
        case "未満":
            return None, low[0] - 1
        case "以上":
            return low[0], None
    return (low[0], high[1]) if low[0] <= high[1] else None


def _ages(stage: str) -> tuple[int, int]:
    if stage in _STAGES:
        return _STAGES[stage]
    number = int(re.sub(r"\D", "", stage))
    if "学" in stage:
        first = (5 if stage.startswith("小") else 11) + number
        return first, first + 1
    if "代" in stage:
        return (number + 5 if "後半" in stage else number), (number + 4 if "前半" in stage else number + 9)
    return number, number


def _join_ages(ages: list[AgeRange | None]) -> AgeRange | None:
    """One range out of ranges that meet; None where one is unclear or they leave a gap."""
    known = [age for age in ages if age is not None]
    if not known or len(known) < len(ages):
        return None
    known.sort(key=lambda age: age[0] or 0)
    low, high = known[0]
    for next_low, next_high in known[1:]:
        if high is not None and (next_low or 0) > high + 1:
            return None
        high = None if high is None or next_high is None else max(high, next_high)
    return low, high
