"""Every figure there is: what it is called, its unit, what it counts in one sentence, and what it is divided by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from service.cases.course.flow import SUSPEND_REASONS
from service.cases.feedback.owing import ABOUT
from service.cases.forms import GENDERS
from service.cases.referrals.troubles import TROUBLES
from service.followup.placements.ladder import Step
from service.followup.rhythms.rule import KIND_LABELS
from service.meetings.rules import KINDS as MEETING_KINDS
from service.resources.agencies.kinds import FIELDS
from service.resources.agencies.kinds import KINDS as AGENCY_KINDS
from service.resources.interchange.drafts import HOST_KINDS
from service.resources.words import THEMES

UNKNOWN: Final = "unknown"
NOT_KNOWN: Final = "未確認"
JOINED: Final = "｜"
"""Between the parts of a value that several breakdowns make together."""
AGES: Final[Mapping[str, str]] = {
    "0": "10歳未満", "10": "10代", "20": "20代", "30": "30代", "40": "40代", "50": "50代", "60": "60代", "70": "70代",
    "80": "80代以上", UNKNOWN: NOT_KNOWN,
}  # fmt: skip
WIDE_AGES: Final[Mapping[str, str]] = {
    "0": "20歳未満", "10": "20歳未満", "20": "20〜39歳", "30": "20〜39歳", "40": "40〜59歳", "50": "40〜59歳",
    "60": "60〜79歳", "70": "60〜79歳", "80": "80歳以上", UNKNOWN: NOT_KNOWN,
}  # fmt: skip
HOUSEHOLDS: Final[Mapping[str, str]] = {
    "single": "ひとり（ほかの世帯員の記録なし）", "couple": "夫婦・パートナー", "parents": "親と暮らす", "children": "子と暮らす",
    "three": "親・子と三世代", "other": "そのほか",
}  # fmt: skip
STEP_NAMES: Final[Mapping[str, str]] = {
    Step.CANDIDATE: "候補", Step.SOUNDED: "打診", Step.OFFERED: "本人に提示", Step.VISIT: "見学", Step.TRIAL: "体験",
    Step.STARTED: "利用開始", Step.SETTLING: "定着支援", Step.STABLE: "定着", Step.ON_HOLD: "お休み",
    Step.DECLINED: "見送り", Step.ENDED: "終わり",
}  # fmt: skip
LASTING: Final[Mapping[str, str]] = {
    "stable": "定着", "going": "続いている", "resting": "お休み中", "ended": "終わった", "moved_on": "次の場所へ移った",
    "closed": "支援が終結した",
}  # fmt: skip
TIES: Final[Mapping[str, str]] = {
    "yes": "つながっている", "thin": "細くなっている", "no": "つながっていない", "lost": "連絡がとれない",
    "again": "もう一度受け付けた", "unasked": "聞いた記録がない",
}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """A percentage: these values among all but those put aside, and what it says."""

    label: str
    good: tuple[str, ...]
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Breakdown:
    """One way to divide a figure; a value that is not among `values` stands as it is."""

    key: str
    label: str
    values: Mapping[str, str] = field(default_factory=dict)
    share: Share | None = None
    wider: Mapping[str, str] = field(default_factory=dict)
    """The coarser groups a value goes into where the fine ones cannot leave the office."""
    moves: bool = False
    """Whether a later look may find the same thing under another value: then months do not make up the year."""
    parts: tuple[str, ...] = ()
    """The breakdowns that make this one together; empty for one that stands for itself."""

    def say(self, value: str) -> str:
        """The word for a value."""
        return self.values.get(value, value or NOT_KNOWN)


@dataclass(frozen=True)
class Figure:
    """One figure of the report."""

    key: str
    section: str
    label: str
    unit: str
    counts: str
    """What is counted, in one plain sentence."""
    breakdowns: tuple[Breakdown, ...] = ()
    personal: bool = True
    """Whether it counts people or what happened to them: such figures are audited before they leave."""
    adds_up: bool = True
    """Whether the months of a year make up the year."""
    leaves: bool = True
    """Whether it may leave the office at all: names that somebody typed stay inside."""

    def breakdown(self, key: str) -> Breakdown:
        """One of its divisions."""
        return next(each for each in self.breakdowns if each.key == key)


@dataclass(frozen=True)
class Span:
    """A time that is told as a median of days."""

    key: str
    section: str
    label: str
    counts: str


SECTIONS: Final[Mapping[str, str]] = {
    "intake": "受付と該当判断", "consent": "同意", "people": "実人数", "course": "プラン・終結・中断", "meetings": "会議と報告",
    "placements": "参加支援", "lasting": "定着とつながり", "followup": "フォローアップ", "hosts": "受け入れ先", "gaps": "資源の不足",
}  # fmt: skip
YES_NO: Final = {"yes": "はい", "no": "いいえ"}
FIELD_NAMES: Final = {**FIELDS, "several": "分野をまたぐ", UNKNOWN: NOT_KNOWN}
SOURCES: Final = {**AGENCY_KINDS, "own": "つなぎ元が自分で入力（一覧にない所）", "link": "リンクから（一覧にない所）",
                  "listed_not": "一覧にない所"}  # fmt: skip
_OF_PEOPLE: Final = (
    Breakdown("age", "年代", AGES, wider=WIDE_AGES),
    Breakdown("gender", "性別", {**GENDERS, UNKNOWN: NOT_KNOWN}),
    Breakdown("household", "世帯類型", HOUSEHOLDS),
    Breakdown("trouble", "主訴", {**TROUBLES, UNKNOWN: NOT_KNOWN}),
)
_ON_TIME: Final = {
    "on_time": "期日まで",
    "late": "期日のあと",
    "open": "まだ（期日を過ぎた）",
    "coming": "期日前",
    "off": "不要・取りやめ",
}


def _lasting(months: int) -> Figure:
    return Figure(
        f"stable{months}", "lasting", f"利用開始から{months}か月後のようす", "件",
        f"利用開始から{months}か月の日がこの期間にある利用を、その日にどうだったかで数えます。",
        (Breakdown("state", "ようす", LASTING,
                   Share("続いている割合（終結・次の場所へ移ったものを除く）", ("stable", "going"), ("moved_on", "closed"))),),
    )  # fmt: skip


def _tie(months: int) -> Figure:
    return Figure(
        f"tie{months}", "lasting", f"終結から{months}か月後のつながり", "人",
        f"終結から{months}か月の日がこの期間にある人を、その前後45日の連絡で聞いたつながりで数えます。",
        (Breakdown("tie", "つながり", TIES,
                   Share("つながっている割合（聞いた記録がある人のうち）", ("yes",), ("unasked",))),),
    )  # fmt: skip


FIGURES: Final = (
    Figure("referrals", "intake", "相談受付", "件", "受け取ったつなぐシートの数です。取り下げられたものも入ります。", (
        Breakdown("source", "どこから", SOURCES), Breakdown("field", "分野", FIELD_NAMES),
        Breakdown("urgency", "緊急性", {"yes": "緊急", "no": "ふつう"}),
        Breakdown("trouble", "主訴", {**TROUBLES, UNKNOWN: NOT_KNOWN}),
    )),
    Figure("advice", "intake", "支援者への助言", "件", "ケースにせず、支援している人に助言した数です。",
           (Breakdown("field", "分野", FIELD_NAMES),)),
    Figure("screenings", "intake", "該当判断", "件", "該当判断をした数です。同じケースを判断し直せば、その数だけ入ります。", (
        Breakdown("result", "結果", {"juso": "重層案件", "ordinary": "通常案件", "advice_only": "助言のみ"}),
        Breakdown("in_time", "期日", {"on_time": "期日まで", "late": "期日のあと", "none": "期日なし"},
                  Share("期日までに判断した割合", ("on_time",), ("none",))),
    )),
    Figure("consents", "consent", "重層案件の同意", "件",
           "この期間に重層案件とした判断を、期間の終わりの日に利用の同意がどうなっていたかで数えます。", (
        Breakdown("state", "同意", {"given": "同意あり", "refused": "断られた", "withdrawn": "撤回", "pending": "まだ"},
                  Share("同意を得た割合", ("given",)), moves=True),
    )),
    Figure("without", "consent", "同意なしで支援しているケース", "件",
           "期間の終わりの日に同意なしで支援しているケースを、この期間に支援会議で話したかどうかで数えます。",
           (Breakdown("met", "支援会議", {"yes": "話した", "no": "話していない"}),), adds_up=False),
    Figure("people", "people", "支援した人", "人",
           "この期間に開いていたケースの本人と、受け入れ先に関わっていた世帯の人の実人数です。年齢は期間の終わりの日のものです。",
           _OF_PEOPLE, adds_up=False),
    Figure("participants", "people", "参加支援の支援対象者", "人",
           "この期間に、候補から定着までのどこかにいた人の実人数です。一人が何か所に関わっても一人です。", _OF_PEOPLE, adds_up=False),
    Figure("new_cases", "course", "新しいケース", "件", "この期間に受け付けて始まったケースの数です。"),
    Figure("plans", "course", "始まったプラン", "件", "この期間に始まったプランの数です。新しい版は再プランと数えます。", (
        Breakdown("what", "新規・再", {"new": "新規", "again": "再プラン"}),
        Breakdown("kind", "種類", {"coordination": "多機関協働", "participation": "参加支援", "outreach": "アウトリーチ"}),
    )),
    Figure("endings", "course", "終結と中断", "件", "この期間に終結した、または中断したケースの数です。", (
        Breakdown("how", "終結・中断", {"closed": "終結", **{f"suspended-{key}": f"中断（{word}）" for key, word in SUSPEND_REASONS.items()},
                                 "suspended": "中断（理由の記録なし）"}),
    )),
    Figure("meetings", "meetings", "開いた会議", "回", "この期間に開いた会議の数です。多いほどよいという数ではありません。",
           (Breakdown("kind", "種類", MEETING_KINDS),), personal=False),
    Figure("sections", "meetings", "会議に出席した課・機関", "回",
           "出席した課や機関を、一つの会議で一回と数えます。名前の順で、順位ではありません。",
           (Breakdown("section", "課・機関"),), personal=False, leaves=False),
    Figure("feedback", "meetings", "つなぎ元などへの報告", "件", "この期間に期日が来る報告を、期間の終わりの日に済んでいたかどうかで数えます。", (
        Breakdown("in_time", "期日", _ON_TIME, Share("期日までに報告した割合（不要を除く）", ("on_time",), ("off", "coming")), moves=True),
        Breakdown("about", "何の報告", ABOUT),
    )),
    Figure("steps", "placements", "打診から定着までの動き", "件", "この期間に、その段に進んだ利用の数です。",
           (Breakdown("step", "進んだ段", STEP_NAMES),)),
    Figure("starts", "placements", "利用開始", "件", "この期間に利用を始めた数です。", (Breakdown("host_kind", "受け入れ先の種類", HOST_KINDS),)),
    Figure("trials", "placements", "終わった体験", "件", "この期間に体験が終わったものを、利用開始に進んだかどうかで数えます。",
           (Breakdown("after", "体験のあと", {"started": "利用開始", "not": "始めなかった"}, Share("利用開始に進んだ割合", ("started",))),)),
    Figure("ended", "placements", "終わった利用・見送り", "件", "この期間に終わった、または見送った数です。",
           (Breakdown("why", "理由"),)),
    _lasting(3), _lasting(6), _lasting(12), _tie(6), _tie(12),
    Figure("followups", "followup", "フォローアップ", "件", "この期間に目安の日が来る予定を、期間の終わりの日に済んでいたかどうかで数えます。", (
        Breakdown("in_time", "期日", _ON_TIME, Share("幅のうちに行った割合（取りやめを除く）", ("on_time",), ("off", "coming")), moves=True),
        Breakdown("kind", "種類", {str(key): word for key, word in KIND_LABELS.items()}),
    )),
    Figure("cooperating", "hosts", "協力事業者", "か所", "この期間に、だれかの候補・見学・利用などの相手だった受け入れ先の数です。",
           (Breakdown("kind", "種類", HOST_KINDS),), personal=False, adds_up=False),
    Figure("new_hosts", "hosts", "新しい受け入れ先", "か所", "この期間に台帳に加わった受け入れ先の数です。",
           (Breakdown("kind", "種類", HOST_KINDS),), personal=False),
    Figure("active_hosts", "hosts", "受け入れ中の受け入れ先", "か所", "数えた日に受け入れ中の受け入れ先です。前の日の数は残していません。",
           (Breakdown("kind", "種類", HOST_KINDS),), personal=False, adds_up=False),
    Figure("themes", "hosts", "支援のテーマ", "か所", "数えた日に受け入れ中の受け入れ先を、支援のテーマごとに数えます。二つある所は、どちらにも数えます。",
           (Breakdown("theme", "テーマ", THEMES),), personal=False, adds_up=False),
    Figure("openings", "hosts", "受入枠", "枠", "数えた日に開いている受入枠です。前の日の数は残していません。", (
        Breakdown("free", "空き", {"free": "空きがある", "full": "空きがない", "unknown": "空きが分からない"}),
        Breakdown("fresh", "確認日", {"fresh": "90日以内", "stale": "90日より前", "never": "確認の記録なし"},
                  Share("確認が90日以内の割合", ("fresh",))),
    ), personal=False, adds_up=False),
    Figure("places", "hosts", "枠の人数", "人分", "数えた日に開いている受入枠の、空いている人数と使われている人数です。",
           (Breakdown("use", "空き・利用", {"free": "空いている", "used": "使われている"}),), personal=False, adds_up=False),
    Figure("gaps", "gaps", "不足資源", "件", "この期間に記録した不足資源の数です。だれのことかは入っていません。", (
        Breakdown("code", "足りない条件"), Breakdown("district", "地区"), Breakdown("age", "年代"),
        Breakdown("cross", "足りない条件・地区・年代", parts=("code", "district", "age")),
    )),
)  # fmt: skip
SPANS: Final = (
    Span(
        "to_screening",
        "intake",
        "受け取りから該当判断まで",
        "この期間に該当判断をしたケースの、受け取った日からの日数です。",
    ),
    Span(
        "to_consent",
        "consent",
        "該当判断から同意まで",
        "この期間に利用の同意を得たケースの、重層案件とした日からの日数です。",
    ),
    Span(
        "to_visit",
        "placements",
        "申込みからはじめての見学まで",
        "この期間にはじめて見学した人の、申込みを受けた日からの日数です。",
    ),
)
"""Each is told as a median, of days by the calendar."""
BY_KEY: Final[Mapping[str, Figure]] = {figure.key: figure for figure in FIGURES}
LEAST: Final = 5
"""A percentage of fewer is not told, whatever the town sets."""
