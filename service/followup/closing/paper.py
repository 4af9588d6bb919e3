"""終結のお知らせ: to the person, in large type with readings — their own words, who is there afterwards, and when we call."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from service.cases.models import Person, SupportCase
from service.cases.papers.readings import with_readings
from service.followup.closing.keeping import say_offsets
from service.followup.closing.models import AfterCare
from service.kernel.dates import format_wareki, say_instant
from service.web.actor import Actor, Town
from service.web.print.document import Block, Document, Fact, Facts, Words
from service.web.print.sheets import Letterhead

TITLE: Final = "支援の終わりのお知らせ"
GREETING: Final = "これまで、いっしょに歩ませていただき、ありがとうございました。支援は、次の日で終わりになります。"
CALLING: Final = "約束した時期に、こちらから連絡します。いやなときは、いつでも断れます。"
NOT_CALLING: Final = "こちらからの連絡はしません。"
ALWAYS: Final = "困ったときや、話したいときは、いつでも下の人に電話してください。もう一度、支援を受けることもできます。"


def notice_paper(town: Town, actor: Actor, case: SupportCase, person: Person, care: AfterCare, now: datetime) -> Document:
    """What a person takes home when the support ends."""
    head = Letterhead(TITLE, town.name, case.lead_agency, "本人用", actor.label, say_instant(now))
    wish = dict(care.checked.get("lines", ())).get("本人の意向", "")
    times = say_offsets(care.offsets) if care.is_agreed and care.offsets else ""
    blocks: tuple[Block, ...] = (
        Facts((Fact(with_readings("名前"), f"{person.name} さん", wide=True, reading=person.kana),
               Fact(with_readings("終わる日"), format_wareki(care.closed_on), wide=True))),
        *((Words((wish,), with_readings("あなたの言葉")),) if wish else ()),
        Words((with_readings(CALLING if times else NOT_CALLING),), with_readings("このあとの連絡")),
        *((Facts((Fact(with_readings("連絡する時期"), f"{times} あと", wide=True),
                  *((Fact(with_readings("連絡のしかた"), care.how, wide=True),) if care.how else ()))),) if times else ()),
        Words((with_readings(ALWAYS),), with_readings("そばにいる人")),
        Facts((Fact(with_readings("名前"), care.contact_name, wide=True),
               Fact(with_readings("所属"), care.contact_agency, wide=True),
               Fact(with_readings("電話"), care.contact_phone, wide=True))),
    )  # fmt: skip
    return Document(head, blocks, with_readings(GREETING), "large", with_readings(TITLE))
