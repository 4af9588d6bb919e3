"""What must hold before a step of a case: each guard looks at plain facts and says what is missing and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from service.kernel.errors import Missing


@dataclass(frozen=True)
class CaseFacts:
    """All that a guard may know of one case, as of `today`; no name and no free text.

    `meets_criteria` is (①∨②∨③)∧tried of the last screening; `decision` the last one of a meeting that has not been acted
    on yet; `review_on` the day proposed for the next look, `review_days` how far off it may be.
    """

    today: date
    is_acknowledged: bool = False
    meets_criteria: bool = False
    has_override: bool = False
    has_service_consent: bool = False
    is_minor: bool = False
    has_guardian: bool = False
    has_plan_consent: bool = False
    core_left: int = 0
    has_goal: bool = False
    has_tasks: bool = False
    tasks_without_agency: int = 0
    lead_agency: str = ""
    decision: str = ""
    decision_by_juso: bool = False
    municipal_attended: bool = False
    review_on: date | None = None
    review_days: int = 60
    reason: str = ""
    note: str = ""


Guard = Callable[[CaseFacts], Iterator[Missing]]


def acknowledged(facts: CaseFacts) -> Iterator[Missing]:
    """The referrer has heard that it arrived."""
    if not facts.is_acknowledged:
        yield Missing(
            "acknowledged", "つなぎ元に、受け取ったことをまだ知らせていません。", "先に「受け取った」を記録してください。"
        )


def criteria(facts: CaseFacts) -> Iterator[Missing]:
    """(①∨②∨③) and other ways have been tried, or somebody says why all the same."""
    if not (facts.meets_criteria or facts.has_override):
        yield Missing(
            "criteria", "①②③のどれかと「すでに連携を試みた」がそろっていません。",
            "満たす項目に印を付けるか、それでも重層で受けるわけを書いてください。",
        )  # fmt: skip


def said_why(facts: CaseFacts) -> Iterator[Missing]:
    """A step back or out is understood later only with its reason."""
    if not (facts.reason or facts.note.strip()):
        yield Missing("reason", "わけがありません。", "選ぶか、一言書いてください。")


def chose_why(facts: CaseFacts) -> Iterator[Missing]:
    """What is counted later is one of the list, and not only words."""
    if not facts.reason:
        yield Missing("reason", "わけが選ばれていません。", "一つ選んでください。")


def told_more(facts: CaseFacts) -> Iterator[Missing]:
    """Nobody is let go of without a word of what was tried and who looks from here on."""
    if not facts.note.strip():
        yield Missing(
            "note", "どうなったかの一言がありません。", "だれから何を聞き、これからどこが見ていくかを書いてください。"
        )


def service_consent(facts: CaseFacts) -> Iterator[Missing]:
    """利用申込み: without it there is no application."""
    if not facts.has_service_consent:
        yield Missing(
            "consent", "利用申込みの同意がありません。", "同意を記録してください。断られたときは「同意なしの支援」へ。"
        )
    elif facts.is_minor and not facts.has_guardian:
        yield Missing(
            "guardian", "18歳未満の方です。保護者の同意がありません。",
            "保護者の同意か、連絡しないと事務局が判断したわけを記録してください。",
        )  # fmt: skip


def assessed(facts: CaseFacts) -> Iterator[Missing]:
    """The short assessment is answered, 未確認 counting as an answer still to come."""
    if facts.core_left > 0:
        yield Missing(
            "assessment",
            f"基本の項目が、あと{facts.core_left}問あります。",
            "アセスメントで答えてください（「特になし」も答えです）。",
        )


def drafted(facts: CaseFacts) -> Iterator[Missing]:
    """A plan with a goal, a role for every task, and a lead agency."""
    if not facts.has_goal:
        yield Missing("goal", "プランに目標がありません。", "短期か長期の目標を一つ入れてください。")
    if not facts.has_tasks:
        yield Missing("tasks", "プランに支援の内容がありません。", "だれが何をするかを一つ入れてください。")
    elif facts.tasks_without_agency:
        yield Missing(
            "roles",
            f"担当の機関が決まっていない内容が{facts.tasks_without_agency}件あります。",
            "役割分担を入れてください。",
        )
    if not facts.lead_agency.strip():
        yield Missing("lead", "主担当の機関が決まっていません。", "基本情報で入れてください。")


def decided(*decisions: str) -> Guard:
    """A 重層的支援会議 with the municipality at the table has decided so."""

    def guard(facts: CaseFacts) -> Iterator[Missing]:
        if facts.decision not in decisions or not facts.decision_by_juso:
            yield Missing("decision", "重層的支援会議の決定がありません。", "会議の画面で、決まったことを記録してください。")
        elif not facts.municipal_attended:
            yield Missing(
                "municipal",
                "市の職員が出席していない会議では決められません。",
                "出席を確かめるか、次の会議にかけてください。",
            )

    guard.__name__ = f"decided_{'_or_'.join(decisions)}"
    return guard


def plan_consent(facts: CaseFacts) -> Iterator[Missing]:
    """The second consent, after the meeting."""
    if not facts.has_plan_consent:
        yield Missing(
            "plan-consent", "プランへの本人の同意がありません。", "決まったプランを本人に見せて、同意を記録してください。"
        )


def review_soon(facts: CaseFacts) -> Iterator[Missing]:
    """Nobody is forgotten: the day of the next look is set, and not too far off."""
    last = facts.today + timedelta(days=facts.review_days)
    if facts.review_on is None:
        yield Missing("review", "次に見直す日がありません。", f"{facts.review_days}日以内の日を入れてください。")
    elif not facts.today < facts.review_on <= last:
        yield Missing("review", f"見直す日は、明日から{facts.review_days}日以内にしてください。", "日を直してください。")
