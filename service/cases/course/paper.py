"""支援経過記録 on paper: oldest first, as a file is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.cases.course.flow import LABELS
from service.cases.course.log import say_how, say_when
from service.cases.course.models import ProgressNote
from service.cases.models import Person, SupportCase
from service.kernel.dates import say_instant
from service.web.actor import Actor, Town
from service.web.print.document import Document, Fact, Facts, Rows, rows_or_blank
from service.web.print.sheets import Letterhead


def log_paper(
    town: Town, actor: Actor, case: SupportCase, person: Person, entries: Sequence[ProgressNote], now: datetime
) -> Document:
    """The log of a case as a table."""
    head = Letterhead("支援経過記録", town.name, case.lead_agency, "取扱注意・個人情報", actor.label, say_instant(now))
    about = Facts(
        (
            Fact("ケース番号", case.number), Fact("本人", person.name), Fact("主担当の機関", case.lead_agency),
            Fact("担当", case.assigned.name),
        ),
    )  # fmt: skip
    rows = [_row(entry) for entry in reversed(entries)]
    table = Rows(("年月日", "方法・相手", "内容", "次にすること", "記録した人"), (3, 3, 8, 4, 3), rows_or_blank(rows, 5, 1))
    return Document(head, (about, table))


def _row(row: ProgressNote) -> tuple[str, ...]:
    how = f"段階：{LABELS[row.to_status]}" if row.to_status else say_how(row)
    text = f"（訂正）{row.text}" if row.corrects_id else row.text
    return say_when(row), how, text, row.next_step, row.recorded_by
