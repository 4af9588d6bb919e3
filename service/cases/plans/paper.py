"""プラン兼利用申込書 and 評価シート on paper; what is not known is left blank."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cases.models import Person, SupportCase
from service.cases.papers.readings import with_readings
from service.cases.plans.drafting import CHANGES, KINDS, NEXT, RESULTS, TERMS
from service.cases.plans.models import Evaluation, Plan
from service.kernel.dates import format_wareki, say_instant
from service.web.actor import Actor, Town
from service.web.print.document import Block, Check, Checks, Document, Fact, Facts, Rows, Signatures, Words, rows_or_blank
from service.web.print.sheets import Letterhead

AGREEMENT: Final = (
    "この計画の説明を受けました。内容に同意し、利用を申し込みます。",
    "あとから変えることも、やめることもできます。やめても、ほかの相談は続けられます。",
)
TITLE: Final = "プラン兼利用申込書"
SIGNED_BY: Final = ("日付", "本人の署名", "代わりの方（続柄）", "説明した人")


def plan_paper(town: Town, actor: Actor, case: SupportCase, person: Person, plan: Plan, now: datetime) -> Document:
    """The plan in large type, with the words a person signs under; our own words have their readings."""
    say = with_readings
    head = Letterhead(TITLE, town.name, case.lead_agency, "取扱注意・個人情報", actor.label, say_instant(now))
    goals = [(TERMS[goal.term], goal.text) for goal in plan.goals]
    tasks = [(task.what, "　".join(filter(None, (task.agency, task.who))), _say(task.until_on)) for task in plan.tasks]
    blocks: tuple[Block, ...] = (
        Facts(
            (
                Fact(say("名前"), person.name, wide=True, must=True, reading=person.kana),
                Fact(say("ケース番号"), case.number), Fact(say("版"), f"第{plan.seq}版"),
                Fact(say("作った日"), _say(plan.made_on), wide=True, must=True),
            )
        ),
        Checks(tuple(Check(say(label), key == plan.kind) for key, label in KINDS.items()), say("利用する支援"), 3),
        Words((plan.person_words,) if plan.person_words else ("　",), say("本人の希望")),
        Rows((say("期間"), say("目標")), (1, 4), rows_or_blank(goals, 2, 2), say("目標")),
        Rows((say("何を"), "だれが", "いつまで"), (4, 3, 3), rows_or_blank(tasks, 3, 2), say("役割分担")),
        Facts(
            (
                Fact(say("本人がすること"), plan.person_part, wide=True),
                Fact(say("参加支援の内容"), plan.participation, wide=True),
                Fact("モニタリング", _say(plan.monitoring_on), wide=True, must=True),
                Fact(say("見直しの会議"), _say(plan.review_on), wide=True, must=True),
            )
        ),
        Signatures(tuple(map(say, SIGNED_BY)), say("同意"), tuple(map(say, AGREEMENT))),
    )  # fmt: skip
    return Document(head, blocks, size="large", title=say(TITLE))


def evaluation_paper(
    session: Session, town: Town, actor: Actor, case: SupportCase, person: Person, plan: Plan, now: datetime
) -> Document:
    """The evaluation of a plan: the newest there is, or a blank to fill in at the meeting."""
    head = Letterhead("評価シート", town.name, case.lead_agency, "取扱注意・個人情報", actor.label, say_instant(now))
    query = select(Evaluation).where(Evaluation.plan_id == plan.id).order_by(Evaluation.on.desc(), Evaluation.id).limit(1)
    row = session.scalars(query).first()
    goals = [(TERMS[goal.term], goal.text, RESULTS.get(goal.result, ""), goal.result_note) for goal in plan.goals]
    changes = set(row.changes) if row else set()
    blocks: tuple[Block, ...] = (
        Facts(
            (
                Fact("名前", person.name, must=True), Fact("ケース番号", case.number),
                Fact("プラン", f"{KINDS[plan.kind]} 第{plan.seq}版"), Fact("評価した日", _say(row.on) if row else "", must=True),
            )
        ),
        Rows(("期間", "目標", "結果", "様子"), (2, 5, 2, 5), rows_or_blank(goals, 4, 2), "目標はどうなったか"),
        Checks(tuple(Check(label, key in changes) for key, label in CHANGES.items()), "見られた変化", 4),
        Facts(
            (
                Fact("変化の様子", row.changes_note if row else "", wide=True, lines=3),
                Fact("本人のことば", row.person_words if row else "", wide=True, must=True, lines=3),
                Fact("残っていること", row.remaining if row else "", wide=True, lines=3),
            )
        ),
        Checks(tuple(Check(label, row is not None and key == row.next_step) for key, label in NEXT.items()), "次に", 3),
        Signatures(("評価した人",)),
    )  # fmt: skip
    return Document(head, blocks)


def _say(day: date | None) -> str:
    return format_wareki(day) if day else ""
