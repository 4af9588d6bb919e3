"""The card of a host in its own hands: words, access, and the conditions of the vocabulary."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from service.accounts.roles import HOST_FACE
from service.host_face.card import own_host, save_card
from service.host_face.forms import CardForm
from service.host_face.own import Own, own_of
from service.kernel.db import new_id
from service.kernel.errors import Conflict
from service.resources.condition_sheet import Sheet
from service.resources.conditions import HOST_LEVEL, Told
from service.resources.edit_pages import ConditionSection
from service.resources.forms import differences
from service.resources.models import Host
from service.resources.sending import done, last_change, sent_before
from service.resources.vocabulary import current_vocabulary
from service.web.call import Call
from service.web.forms import FormBody, Posted
from service.web.page import render
from service.web.params import typed_text, version_of

Rows = tuple[tuple[str, str, str], ...]
LONGEST = 2000


@dataclass(frozen=True)
class Line:
    """One text of the card beside the form: of an opening, or of a place."""

    id: str
    label: str
    text: str
    version: str


@dataclass(frozen=True)
class CardView:
    """What the host says of itself."""

    host_name: str
    form: CardForm
    activities: tuple[Line, ...]
    places: tuple[Line, ...]
    version: str
    once: str
    conflict: Rows
    changed_by: tuple[str, str]


@dataclass(frozen=True)
class ConditionsView:
    """Every question of the vocabulary to a host, with its answer."""

    host_name: str
    sections: tuple[ConditionSection, ...]
    once: str
    problems: tuple[str, ...]
    conflict: Rows
    changed_by: tuple[str, str]


class Card(Controller):
    """The host's own card."""

    path = "/host/card"

    @get(perm=HOST_FACE, sync_to_thread=True)
    def show(self, call: NamedDependency[Call]) -> Response[str]:
        """The card as a form."""
        own = own_of(call)
        return _page(call, own, own_host(call.session, own.host_id))

    @post(perm=HOST_FACE, sync_to_thread=True)
    def save(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Keep the host's words about itself."""
        posted, own = Posted.read(data), own_of(call)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        host, form = own_host(call.session, own.host_id), CardForm(posted)
        if not form.validate():
            return _page(call, own, host, 422, form, posted)
        activities = {
            each.id: _line(posted, "activity", each.id) for each in host.openings if f"activity-{each.id}" in posted
        }
        buildings = {each.id: _line(posted, "place", each.id) for each in host.sites if f"place-{each.id}" in posted}
        choices = current_vocabulary(call.session).activities
        try:
            save_card(host, version_of(posted.text("_version")), form.data, activities, buildings, choices)
        except Conflict:
            return _page(call, own, host, 409, form, posted, conflict=_differences(form, host, posted))
        return done(call.session, call.actor, posted, call.now, "/host", "host-saved")

    @get("/conditions", perm=HOST_FACE, sync_to_thread=True)
    def conditions(self, call: NamedDependency[Call]) -> Response[str]:
        """The conditions as a form."""
        own = own_of(call)
        return _conditions_page(call, own, _sheet(call, own))

    @post("/conditions", perm=HOST_FACE, sync_to_thread=True)
    def save_conditions(self, call: NamedDependency[Call], data: FormBody) -> Response[Any]:
        """Write only the answers that were changed."""
        posted, own = Posted.read(data), own_of(call)
        if earlier := sent_before(call.session, call.actor, posted):
            return earlier
        sheet = _sheet(call, own)
        sheet.read(posted)
        if sheet.errors or sheet.conflicts:
            return _conditions_page(call, own, sheet, 422 if sheet.errors else 409, posted)
        written = sheet.write(call.session, Told(own.actor.label, own.actor.label, own.today))
        return done(call.session, call.actor, posted, call.now, "/host", "host-saved" if written else "nothing-to-save")


def _line(posted: Posted, name: str, row_id: str) -> tuple[int, str]:
    return version_of(posted.text(f"v-{row_id}")), typed_text(posted.text(f"{name}-{row_id}"), LONGEST)


def _sheet(call: Call, own: Own) -> Sheet:
    return Sheet(own_host(call.session, own.host_id), HOST_LEVEL, current_vocabulary(call.session))


def _page(
    call: Call, own: Own, host: Host, status: int = 200, form: CardForm | None = None, posted: Posted | None = None,
    conflict: Rows = (),
) -> Response[str]:  # fmt: skip
    # After a conflict the versions are those of what is shown beside, so that saving again is a choice.
    typed = posted if posted is not None and not conflict else None
    view = CardView(
        host_name=own.host_name,
        form=form or CardForm.of(host),
        activities=tuple(
            _shown("activity", each.id, each.title, each.activity, each.version, posted, typed) for each in host.openings
        ),
        places=tuple(
            _shown("place", each.id, each.address or "場所", each.building, each.version, posted, typed)
            for each in host.sites
        ),
        version=typed.text("_version") if typed is not None else str(host.version),
        once=new_id(),
        conflict=conflict,
        changed_by=last_change(call.session, host.id) if conflict else ("", ""),
    )
    return render(call.request, "host_face/card.html", "うちの紹介を直す", view, status)


def _shown(
    name: str, row_id: str, label: str, stored: str, version: int, posted: Posted | None, typed: Posted | None
) -> Line:
    text = posted.text(f"{name}-{row_id}") if posted is not None and f"{name}-{row_id}" in posted else stored
    return Line(row_id, label, text, typed.text(f"v-{row_id}") if typed is not None else str(version))


def _differences(form: CardForm, host: Host, posted: Posted) -> Rows:
    found = differences(form, CardForm.of(host))
    texts = [(each.id, each.title, each.activity, "activity") for each in host.openings]
    texts += [(each.id, each.address, each.building, "place") for each in host.sites]
    found += [
        (label, stored, posted.text(f"{name}-{row_id}"))
        for row_id, label, stored, name in texts
        if f"{name}-{row_id}" in posted and posted.text(f"{name}-{row_id}") != stored
    ]
    return tuple(found) or (("この紹介", "表示のあとで保存されています", "同じ内容です"),)


def _conditions_page(call: Call, own: Own, sheet: Sheet, status: int = 200, posted: Posted | None = None) -> Response[str]:
    shown = sheet.view(posted)
    by = last_change(call.session, sheet.known[sheet.first_conflict].id) if sheet.first_conflict in sheet.known else ("", "")
    view = ConditionsView(own.host_name, shown.sections, shown.once, shown.problems, shown.conflict, by)
    return render(call.request, "host_face/conditions.html", "条件を直す", view, status)
