"""相談支援機関等一覧 on paper: one table for each kind of agency."""

from collections.abc import Sequence
from datetime import datetime

from service.kernel.dates import say_instant
from service.resources.agencies.kinds import KINDS, say_fields
from service.resources.agencies.models import Agency
from service.resources.agencies.pages import say_day
from service.resources.fax import OFFICE
from service.web.actor import Actor, Town
from service.web.print.directory import AgencyEntry, AgencyGroup, AgencySheet
from service.web.print.sheets import Letterhead


def agency_sheet(found: Sequence[Agency], town: Town, actor: Actor, now: datetime) -> AgencySheet:
    """The agencies by kind, each with what it handles and how it is reached."""
    head = Letterhead("相談支援機関等一覧", town.name, OFFICE, "", actor.label, say_instant(now))
    known = [(label, [each for each in found if each.kind == kind]) for kind, label in KINDS.items()]
    known.append(("その他の種類", [each for each in found if each.kind not in KINDS]))
    groups = tuple(AgencyGroup(label, tuple(_entry(each) for each in some)) for label, some in known if some)
    note = f"{len(found)}件" if found else "当てはまる相談機関はありません。"
    return AgencySheet(head, note, groups)


def _entry(agency: Agency) -> AgencyEntry:
    return AgencyEntry(
        name=agency.name, section=f"{agency.section}{'（直営）' if agency.is_municipal else ''}",
        handles="　".join(filter(None, (say_fields(agency.fields), agency.handles))), phone=agency.phone, fax=agency.fax,
        hours=agency.hours, address=agency.address, confirmed=say_day(agency.confirmed_on),
    )  # fmt: skip
