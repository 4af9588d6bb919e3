"""Whatever a host or a colleague types is text: on every page, in every table, on paper, and in a real browser."""

import csv
import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from service.cases.models import Placement
from service.followup.placements.models import Sounding
from service.resources.models import Host, Opening
from tests.cast import Visitor, World
from tests.host_face.conftest import agree, kitchen
from tests.host_face.test_what_a_host_may_know import elements, pages_of
from tests.security.payloads import PAYLOADS

__all__ = ["kitchen"]


def typed_by_host(host: Visitor, world: World, text: str) -> None:
    """One text in every field of the host's pages; what a form refuses is shown again by it."""
    opening_id, sounding_id = world.ids["枠"], world.ids["打診"]
    opening, host_id = f"/host/openings/{opening_id}", world.ids["海の台所"]
    with world.writing() as session:
        sounding = session.get_one(Sounding, sounding_id)
        sounding.state, sounding.answer = "open", ""
    with world.reading() as session:
        card, place = session.get_one(Host, host_id).version, session.get_one(Opening, opening_id).version
        asked = session.get_one(Sounding, sounding_id).version
    form = dict.fromkeys(("contact_person", "phone", "fax", "email", "url", "description", f"activity-{opening_id}"), text)
    shown = [host.submit("/host/card", form | {"_version": str(card), f"v-{opening_id}": str(place)})]
    with world.reading() as session:
        place = session.get_one(Opening, opening_id).version
    shown += [
        host.submit(opening, {"times_note": text, "free": "2", "capacity": text, "_version": str(place)}),
        host.submit(f"{opening}/pause", {"reason": text, "until": "date", "date": text, "_version": str(place)}),
        host.submit(f"/host/people/{world.ids['見学']}/report", {"kind": "worry", "text": text}),
        host.submit("/host/report", {"text": text}),
        host.submit(f"/host/soundings/{sounding_id}",
                    {"answer": "conditional", "conditions": text, "reason": text, "_version": str(asked)}),
    ]  # fmt: skip
    assert [each.status_code for each in shown if each.status_code not in (303, 409, 422)] == [], text
    assert [each for page in shown for each in wild(elements(page.text))] == [], text


def typed_by_staff(aoki: Visitor, world: World, text: str) -> None:
    """One text in every field of the new pages of the staff."""
    person, host, placement = world.ids["佐倉"], world.ids["海の台所"], f"/placements/{world.ids['見学']}"

    def version() -> str:
        with world.reading() as session:
            return str(session.get_one(Placement, world.ids["見学"]).version)

    shown = [
        aoki.submit(f"{placement}/hold", {"why": "other", "note": text, "_version": version()}),
        aoki.submit(f"{placement}/resume", {"note": text, "_version": version()}),
        aoki.submit(f"/people/{person}/placements/stages",
                    {"days_per_week": "1", "minutes": "60", "from_on": text, "note": text}),
        aoki.submit(f"/people/{person}/share/{host}",
                    {"items": ["name", "agreed"], "method": "paper", "given_by": text, "decided_on": "R8.11.1", "reason": text}),
        aoki.submit("/placements/search", {"q": text}),
        aoki.submit("/followup/search", {"q": text, "who": text, "kind": text, "state": text}),
        aoki.submit(f"/hosts/{host}/fax", {"told_by": text}),
    ]  # fmt: skip
    assert [each.status_code for each in shown if each.status_code >= 500] == [], text
    assert [each for page in shown for each in wild(elements(page.text))] == [], text


def wild(found: list[tuple[str, tuple[tuple[str, str], ...]]]) -> list[Any]:
    """Elements and attributes that no page of ours has."""
    return [each for each in found if each[0] in STRANGE or any(_is_wild(*pair) for pair in each[1])]


STRANGE = {"img", "iframe", "object", "embed", "base", "style", "math", "video", "source", "u", "s"}


def _is_wild(name: str, value: str) -> bool:
    leads_away = value.replace("\t", "").lower().startswith(("javascript:", "data:", "vbscript:", "//"))
    return name.startswith("on") or (leads_away and not value.startswith("data:image"))


def kinds(text: str) -> set[tuple[str, tuple[str, ...]]]:
    """Which elements there are, each with the names of its attributes."""
    return {(tag, tuple(name for name, _ in attributes)) for tag, attributes in elements(text)}


def staff_pages(aoki: Visitor, world: World) -> dict[str, str]:
    """Every page of the staff on which words of a host, or the new words of staff, stand."""
    host, person = world.ids["海の台所"], world.ids["佐倉"]
    paths = ("/", "/placements", f"/placements/{world.ids['見学']}", "/hosts", f"/hosts/{host}", f"/hosts/{host}/edit",
             f"/hosts/{host}/fax", f"/openings/{world.ids['枠']}/edit", "/hosts/monthly", "/outbox", f"/people/{person}",
             f"/people/{person}/placements", f"/people/{person}/share", f"/people/{person}/share/{host}")  # fmt: skip
    return {path: aoki.get(path).text for path in paths}


def all_pages(world: World, host: Visitor, aoki: Visitor) -> dict[str, str]:
    return pages_of(host, world) | staff_pages(aoki, world)


@pytest.fixture
def both(kitchen: World) -> tuple[Visitor, Visitor]:
    agree(kitchen, items=("name", "kana", "days", "conditions", "agreed"))
    return kitchen.visit("店主"), kitchen.visit("青木")


@pytest.mark.parametrize(
    "payloads", [(*PAYLOADS[::4], *PAYLOADS[-6:]), pytest.param(PAYLOADS, marks=pytest.mark.deep)], ids=["some", "all"]
)
def test_every_hostile_text_stays_text(kitchen: World, both: tuple[Visitor, Visitor], payloads: tuple[str, ...]) -> None:
    host, aoki = both
    for plain in ("ふつうの文", "https://example.jp/", "ふつうの文"):
        typed_by_host(host, kitchen, plain)
        typed_by_staff(aoki, kitchen, plain)
    known: dict[str, set[Any]] = {path: kinds(text) for path, text in all_pages(kitchen, host, aoki).items()}
    for payload in payloads:
        typed_by_host(host, kitchen, payload)
        typed_by_staff(aoki, kitchen, payload)
        for path, text in all_pages(kitchen, host, aoki).items():
            assert wild(elements(text)) == [], (path, payload)
            assert kinds(text) - known[path] - LINKS == set(), (path, payload)


LINKS = {("a", ("href", "rel")), ("a", ("href",))}
"""An address of a host that is one becomes a link."""


def test_no_table_begins_a_formula(kitchen: World, both: tuple[Visitor, Visitor]) -> None:
    host, aoki = both
    for payload in PAYLOADS:
        with kitchen.writing() as session:
            for row in (session.get_one(Host, kitchen.ids["海の台所"]), session.get_one(Opening, kitchen.ids["枠"])):
                for name in ("contact_person", "phone", "description", "url", "activity", "times_note", "pause_reason"):
                    if hasattr(row, name):
                        setattr(row, name, payload.replace("\x00", ""))
        if kitchen.on_postgresql and payload not in PAYLOADS[::8]:
            continue
        rows = list(csv.reader(io.StringIO(aoki.get("/hosts/export.csv").content.decode("utf-8-sig"))))
        assert [cell for row in rows for cell in row if re.match(r"\s*[=+\-@＝＋－＠\t\r]", cell)] == [], payload
        book = load_workbook(io.BytesIO(aoki.get("/hosts/export.xlsx").content))
        assert [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == [], payload
    sheet = aoki.get(f"/hosts/{kitchen.ids['海の台所']}/fax.pdf")
    assert sheet.status_code == host.get("/host/fax").status_code == 200
