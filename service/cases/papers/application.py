"""申込票兼同意書 in large type with readings, and the form for whoever does not sign: the same fields, with reason and grounds."""

from __future__ import annotations

from typing import Final

from service.cases.consent import DOCUMENT_VERSION
from service.cases.papers.known import Known
from service.cases.papers.readings import with_readings
from service.cases.referrals.troubles import TROUBLES
from service.web.print.document import Block, Check, Checks, Document, Fact, Facts, Signatures
from service.web.print.sheets import Letterhead

CONSENT: Final = (
    "この事業の説明を受けました。利用を申し込みます。",
    "わたしのことを、支援に関わる機関が、支援のために必要なことだけ、おたがいに伝え合うことに同意します。",
    "受け入れ先に名前や事情を伝えるときは、その前にもう一度、伝える内容を聞いてもらいます。",
    "同意は、いつでも取りやめられます。取りやめても、相談は続けられます。",
)
GROUNDS: Final = {
    "life": "本人や家族の、命・体・財産を守るため（個人情報保護法）",
    "meeting": "支援会議で扱うため（社会福祉法第106条の6）",
    "abuse": "虐待の通告・通報のため（各虐待防止法）",
    "outreach": "まだ同意を聞ける時期でなく、関わりを続けるため",
}
WHY_NOT: Final = {
    "refused": "断られた",
    "unreachable": "会えない・連絡がつかない",
    "not_yet": "いま聞くと、関わりが切れる",
    "other": "その他",
}
TITLE, NO_CONSENT_TITLE = "申込票兼同意書", "相談受付票（同意なし）"


def application_paper(known: Known, head: Letterhead) -> Document:
    """What a person reads and signs."""
    blocks: tuple[Block, ...] = (
        *_fields(known, large=True),
        Signatures(
            tuple(with_readings(line) for line in ("日付", "本人の署名", "代わりの方（続柄）", "説明した人", "立ち会った人")),
            with_readings(f"同意（{DOCUMENT_VERSION}）"), tuple(with_readings(text) for text in CONSENT),
        ),
    )  # fmt: skip
    return Document(head, blocks, size="large", title=with_readings(TITLE))


def no_consent_paper(known: Known, head: Letterhead, why: str) -> Document:
    """The same fields without a signature: why there is no consent, and on which grounds it is written down all the same."""
    reasons = tuple(Check(label) for label in WHY_NOT.values())
    grounds = tuple(Check(label) for label in GROUNDS.values())
    blocks: tuple[Block, ...] = (
        *_fields(known, large=False),
        Checks(reasons, "同意のないわけ", 2),
        Facts((Fact("くわしく", why, wide=True, must=True, lines=4),)),
        Checks(grounds, "同意がないまま記録し、共有する根拠"),
        Facts(
            (Fact("判断した人", must=True), Fact("判断した日", must=True), Fact("次に同意を聞く時期", wide=True, lines=2))
        ),
    )
    return Document(head, blocks, "本人の署名のない用紙です。照合・打診・受け入れ先への紹介には使えません。")


def _fields(known: Known, *, large: bool) -> tuple[Block, ...]:
    say = with_readings if large else str
    person = (
        Fact(say("番号"), known.text("case.number")), Fact(say("受けた日"), known.text("case.opened_on")),
        Fact(say("受けた人"), known.text("case.assigned"), wide=True),
        Fact(say("名前"), known.text("person.name"), wide=True, must=True, reading=known.text("person.kana") if large else ""),
        *(() if large else (Fact("かな", known.text("person.kana"), wide=True, must=True),)),
        Fact(say("生まれた日"), known.text("person.born"), must=True), Fact(say("性別"), known.text("person.gender")),
        Fact(say("住所"), known.text("person.address"), wide=True, must=True),
        Fact(say("電話"), known.text("person.phone")), Fact("メール"),
        Fact(say("連絡のしかた"), known.text("person.contact_note"), wide=True),
    )  # fmt: skip
    visitor = (Fact(say("名前")), Fact(say("本人との関係")), Fact(say("電話"), wide=True))
    ticked, most = known.ticks.get("sheet.troubles", ()), known.text("sheet.pressing")
    troubles = tuple(Check(f"{'◎ ' if key == most else ''}{say(label)}", key in ticked) for key, label in TROUBLES.items())
    return (
        Facts(person), Facts(visitor, say("本人でない方が来たとき")),
        Checks(troubles, say("困っていること（いちばん困っていることに◎）"), 2 if large else 4),
        Facts((Fact(say("くわしく"), known.text("sheet.story"), wide=True, lines=3),
               Fact(say("希望"), known.text("need.interests"), wide=True, lines=2))),
    )  # fmt: skip
