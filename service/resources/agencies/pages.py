"""The directory as its pages show it: the list, the card, the form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from service.accounts.roles import EDIT_CATALOGUE, EXPORT_CATALOGUE, IMPORT_CATALOGUE, READ_PROCESS
from service.kernel.dates import format_wareki
from service.kernel.db import new_id
from service.resources.agencies.catalogue import STATES, Search, is_stale
from service.resources.agencies.forms import AgencyForm, Rows
from service.resources.agencies.kinds import FIELDS, KINDS, say_fields, say_kind
from service.resources.agencies.models import Agency
from service.web.actor import Actor

Options = tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class AgencyLine:
    """One agency in the list."""

    id: str
    name: str
    kind: str
    section: str
    is_municipal: bool
    fields: str
    handles: str
    phone: str
    fax: str
    hours: str
    confirmed: str
    is_stale: bool
    active: bool


@dataclass(frozen=True)
class AgencyListView:
    """The whole list, narrowed."""

    q: str
    kinds: Options
    sections: Options
    fields: Options
    states: Options
    lines: tuple[AgencyLine, ...]
    filters: tuple[tuple[str, str], ...]
    query: str
    why_empty: str
    next_step: tuple[str, str] | None
    too_short: bool
    may_edit: bool
    may_import: bool
    may_export: bool
    may_follow: bool


@dataclass(frozen=True)
class AgencyView:
    """The card of one agency."""

    id: str
    name: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    confirmed: str
    is_stale: bool
    confirmed_today: bool
    active: bool
    version: int
    once: str
    may_edit: bool


@dataclass(frozen=True)
class AgencyFormView:
    """An agency as a form; `back` is where giving up leads."""

    form: AgencyForm
    action: str
    back: str
    title: str
    version: str
    once: str
    conflict: Rows
    changed_by: tuple[str, str]


def list_view(found: Sequence[Agency], search: Search, sections: Sequence[str], actor: Actor, today: date) -> AgencyListView:
    """Everything the list shows."""
    may_edit, is_narrowed = EDIT_CATALOGUE.allows(actor), search != Search()
    start = ("相談機関を登録する", "/agencies/new") if may_edit else None
    return AgencyListView(
        q=search.q, kinds=_options(KINDS, search.kind), fields=_options(FIELDS, search.field),
        sections=_options({each: each for each in sections}, search.section), states=_options(STATES, search.state),
        lines=tuple(_line(agency, today) for agency in found), filters=tuple(_filters(search)),
        query=urlencode(search.pairs()), why_empty=_why_empty(search),
        next_step=("しぼり込みをすべて外す", "/agencies") if is_narrowed else start,
        too_short=search.is_too_short, may_edit=may_edit, may_import=IMPORT_CATALOGUE.allows(actor),
        may_export=EXPORT_CATALOGUE.allows(actor), may_follow=READ_PROCESS.allows(actor),
    )  # fmt: skip


def agency_view(agency: Agency, actor: Actor, today: date) -> AgencyView:
    """The card."""
    return AgencyView(
        id=agency.id, name=agency.name, kind=say_kind(agency.kind), facts=_facts(agency), confirmed=say_day(agency.confirmed_on),
        is_stale=is_stale(agency, today), confirmed_today=agency.confirmed_on == today, active=agency.active,
        version=agency.version, once=new_id(), may_edit=EDIT_CATALOGUE.allows(actor),
    )  # fmt: skip


def say_day(confirmed_on: date | None) -> str:
    """The day of the last confirmation; never is said."""
    return format_wareki(confirmed_on) if confirmed_on else "確認の記録なし"


def _facts(agency: Agency) -> tuple[tuple[str, str], ...]:
    return (
        ("よみ", agency.kana), ("担当課", agency.section), ("市の窓口", "直営" if agency.is_municipal else "直営ではない"),
        ("分野", say_fields(agency.fields)), ("受けること", agency.handles), ("電話", agency.phone), ("FAX", agency.fax),
        ("メール", agency.email), ("受付時間", agency.hours), ("窓口の方", agency.contact), ("住所", agency.address),
        ("備考", agency.note or "—"),
    )  # fmt: skip


def _line(agency: Agency, today: date) -> AgencyLine:
    return AgencyLine(
        id=agency.id, name=agency.name, kind=say_kind(agency.kind), section=agency.section, is_municipal=agency.is_municipal,
        fields=say_fields(agency.fields), handles=agency.handles, phone=agency.phone, fax=agency.fax, hours=agency.hours,
        confirmed=say_day(agency.confirmed_on), is_stale=is_stale(agency, today), active=agency.active,
    )  # fmt: skip


def _options(choices: Mapping[str, str], chosen: str) -> Options:
    return tuple((value, label, value == chosen) for value, label in choices.items())


def _filters(search: Search) -> Iterable[tuple[str, str]]:
    """Each condition in force with the address that leaves it out."""
    labels = {
        "q": f"「{search.q}」", "kind": KINDS.get(search.kind, ""), "section": search.section,
        "field": FIELDS.get(search.field, ""), "state": STATES.get(search.state, ""),
    }  # fmt: skip
    for name, _ in search.pairs():
        rest = urlencode(replace(search, **{name: ""}).pairs())
        yield labels[name], f"/agencies{'?' if rest else ''}{rest}"


def _why_empty(search: Search) -> str:
    if search == Search():
        return "まだ一つも登録されていません。登録するか、いまお使いの一覧を取り込んでください。"
    if search.q and len(search.pairs()) == 1:
        return "名称・よみ・担当課・受けること・電話のどれにも、このことばがありません。短いことばや、別の書き方でさがしてください。"
    return "しぼり込みのすべてに当てはまる機関がありません。使わないことにした機関は「使わない」でさがせます。"
