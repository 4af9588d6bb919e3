"""困りごと: the boxes of a つなぐシート.

The list follows the form of the self-reliance support service, with four boxes of our own at the end.
"""

from collections.abc import Mapping
from typing import Final

TROUBLES: Final[Mapping[str, str]] = {
    "health": "病気・健康・障害",
    "housing": "住まい",
    "income": "収入・生活費",
    "rent": "家賃・ローン",
    "taxes": "税・公共料金",
    "debt": "債務",
    "job_search": "仕事探し",
    "work": "仕事上の不安・トラブル",
    "community": "地域との関係",
    "family": "家族関係",
    "children": "子育て",
    "care": "介護",
    "withdrawn": "ひきこもり・不登校",
    "violence": "DV・虐待",
    "food": "食べるものがない",
    "isolation": "孤立",
    "young_carer": "ヤングケアラー",
    "hygiene": "ごみ・衛生",
    "neighbours": "近隣トラブル",
    "other": "その他",
}
KNOWS: Final[Mapping[str, str]] = {
    "yes": "知っていて、よいと言っている",
    "no": "知らない・断っている",
    "unknown": "まだ確かめていない",
}
CAME_BY: Final[Mapping[str, str]] = {
    "phone": "電話で聞き取り", "paper": "用紙（FAX・持参）", "inside": "庁内・所内から", "own": "つなぎ元が自分で入力",
    "link": "リンクから",
}  # fmt: skip
AGE_BANDS: Final = ("", "10代", "20代", "30代", "40代", "50代", "60代", "70代", "80代以上")
CRITERIA: Final[Mapping[str, str]] = {
    "is_complex": "① 複雑・複合していて、世帯への支援が要る",
    "is_between": "② 制度の狭間にある",
    "wants_resource": "③ 新しい資源や仕組みにつなげたい",
}
TRIED: Final = "今ある連携では難しい（いくつかの機関で、すでに試みた）"
