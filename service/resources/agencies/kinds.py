"""What kinds of agencies there are, and for whom: keys as they are kept, and the words of the screen."""

from collections.abc import Iterable, Mapping
from typing import Final

KINDS: Final[Mapping[str, str]] = {
    "aged_center": "地域包括支援センター",
    "disability_center": "障害者の相談支援",
    "child_center": "こども家庭センター",
    "poverty_center": "自立相談支援機関",
    "council": "社会福祉協議会",
    "section": "市の担当課",
    "health": "保健・医療",
    "school": "学校・教育",
    "commissioner": "民生委員・児童委員",
    "provider": "サービス事業所",
    "other": "その他",
}
FIELDS: Final[Mapping[str, str]] = {
    "aged": "高齢",
    "disability": "障害",
    "child": "子ども",
    "poverty": "困窮",
    "health": "健康・医療",
    "any": "どの分野でも",
}


def say_kind(kind: str) -> str:
    """The word for a kind; an unknown one stands as it is."""
    return KINDS.get(kind, kind)


def say_fields(fields: Iterable[str]) -> str:
    """高齢・障害, in the order of the table."""
    chosen = set(fields)
    return "・".join(label for key, label in FIELDS.items() if key in chosen)
