"""つなぎ元への報告 on paper: what one of those who wait is told, to be sent or faxed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from service.cases.feedback.models import Feedback
from service.cases.feedback.owing import ABOUT
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, say_instant
from service.web.actor import Actor, Town
from service.web.print.document import Document, Fact, Facts, Words
from service.web.print.sheets import Letterhead

ROOM: Final = 12
"""Lines to write on, where nothing is told yet."""


def report_paper(town: Town, actor: Actor, entry: Feedback, number: str, now: datetime) -> Document:
    """The case stands on it by its number alone: a FAX may lie about."""
    whom = "　".join(filter(None, (entry.to_agency, entry.to_name)))
    ask = (
        f"お問い合わせは、受付番号を言って {town.phone} に。" if town.phone else "お問い合わせは、受付番号を言って担当者に。"
    )
    return Document(
        Letterhead("その後のご報告", town.name, "", "取扱注意", actor.label, say_instant(now)),
        (
            Facts((
                Fact("宛先", f"{whom} 様", wide=True), Fact("受付番号", number),
                Fact("日付", format_wareki(entry.settled_on or day_in_japan(now))), Fact("何のことか", ABOUT[entry.about]),
                Fact("お知らせ", entry.text or entry.reason, wide=True, lines=ROOM),
            )),
            Words((ask,)),
        ),
        "つないでいただいた方の、その後をお知らせします。",
    )  # fmt: skip
