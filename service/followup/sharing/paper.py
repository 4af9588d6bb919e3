"""The consent form of one host on paper: which items, what the host does with them, and how to take it back."""

from datetime import datetime
from typing import Final

from service.cases.models import Person
from service.cases.papers.readings import with_readings
from service.cases.sharing import ITEMS, share_with
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.matching.paper import letterhead
from service.resources.models import Host
from service.web.actor import Actor, Town
from service.web.print.document import Check, Checks, Document, Fact, Facts, Signatures

TITLE: Final = "受け入れ先にお伝えすることの同意書"
INTRO: Final = "次の受け入れ先に、印のあることだけを伝えます。"
NOT_TOLD: Final = "ここに印のないこと（診断、家族のこと、お金のこと、相談の内容など）は、伝えません。"
WITHDRAWING: Final = (
    "いつでも取りやめられます。わけを言う必要はありません。電話一本で、その時から受け入れ先には見えなくなります。"
    "取りやめても、支援が受けられなくなることはありません。"
)


def consent_paper(person: Person, host: Host, town: Town, actor: Actor, now: datetime) -> Document:
    """The form with a box for each item, ticked where it is agreed already; in large type, our words with their readings."""
    say, share = with_readings, share_with(person.consents, host.id, day_in_japan(now))
    agreed = share.items if share else frozenset()
    until = f"{format_wareki(share.until)} まで" if share and share.until else ""
    blocks = (
        Facts((Fact(say("名前"), f"{person.name} さん", wide=True, reading=person.kana),
               Fact(say("受け入れ先"), host.name, wide=True, reading=host.kana))),
        Checks(tuple(Check(say(label), item in agreed) for item, label in ITEMS.items()), say("伝えてよいこと"), 2),
        Facts((Fact(say("いつまで（空いていれば、利用が終わるまで）"), until, wide=True),)),
        Signatures(tuple(map(say, ("日付", "本人の署名", "代わりの方（続柄）", "説明した人"))), say("同意"),
                   (say(NOT_TOLD), say(WITHDRAWING))),
    )  # fmt: skip
    return Document(letterhead(TITLE, town, actor, now), blocks, say(INTRO), "large", say(TITLE))
