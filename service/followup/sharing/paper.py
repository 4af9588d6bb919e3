"""The consent form of one host on paper: which items, what the host does with them, and how to take it back."""

from datetime import datetime

from service.cases.models import Person
from service.cases.sharing import ITEMS, share_with
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki
from service.matching.paper import letterhead
from service.resources.models import Host
from service.web.actor import Actor, Town
from service.web.print.sheets import ConsentItem, ConsentSheet

NOT_TOLD = "ここに印のないこと（診断、家族のこと、お金のこと、相談の内容など）は、伝えません。"
WITHDRAWING = (
    "いつでも取りやめられます。わけを言う必要はありません。電話一本で、その時から受け入れ先には見えなくなります。"
    "取りやめても、支援が受けられなくなることはありません。"
)


def consent_sheet(person: Person, host: Host, town: Town, actor: Actor, now: datetime) -> ConsentSheet:
    """The form with a box for each item, ticked where it is agreed already."""
    today = day_in_japan(now)
    share = share_with(person.consents, host.id, today)
    agreed = share.items if share else frozenset()
    until = f"{format_wareki(share.until)} まで" if share and share.until else ""
    return ConsentSheet(
        head=letterhead("受け入れ先にお伝えすることの同意書", town, actor, now),
        person=f"{person.name} さん",
        host=host.name,
        items=tuple(ConsentItem(label, item in agreed) for item, label in ITEMS.items()),
        until=until,
        notes=(NOT_TOLD, WITHDRAWING),
    )
