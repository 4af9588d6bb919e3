"""汐見市 in which everybody has typed hostile texts: into every free field, a handful in each, so that no one is left out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import JSON, select
from sqlalchemy.orm import Session

from seed.load_demo import demo_id
from service.kernel.db import Base
from service.kernel.outbox.posting import post
from service.resources.links import JOIN, OPENINGS, REPORT, SOUNDING, VISIT, make_link
from service.setup import signature
from tests.browser.demo_town import DemoTown
from tests.browser.hostile_fields import FREE, models
from tests.browser.hostile_rows import KITCHEN, VISITOR, add_rows
from tests.security.payloads import PAYLOADS

ASKED = demo_id("sounding", "F02")
HANDFUL = 9
"""Texts in one field; it shares no divisor with how many there are, so every text comes first somewhere."""
UMI, AOKI, HOJO = "umi", "aoki", "hojo"


def hostile_texts() -> Iterator[str]:
    """A handful for each field, for ever."""
    for start in count(0, HANDFUL):
        texts = [PAYLOADS[(start + at) % len(PAYLOADS)] for at in range(HANDFUL)]
        yield " ".join(texts).replace("\x00", "")


def make_hostile(town: DemoTown) -> list[tuple[str | None, str]]:
    """Fill every free field of the town; answers who looks at which address beside the pages of the demo."""
    now = datetime.now(UTC)
    with town.town.database.write(signature=signature(town.town, now)) as session:
        ids = add_rows(session, now)
        post(session, key="hostile", kind="fresh", to_type="host", to_id=KITCHEN, subject="-", body="-", by="-", now=now)
        session.flush()
        texts = hostile_texts()
        for table, names in FREE.items():
            _fill(session, models()[table], names, texts)
        about = {OPENINGS: "", SOUNDING: ASKED, REPORT: VISITOR, JOIN: "", VISIT: ids["asked"]}
        links = [
            make_link(session, town.town.key, KITCHEN, purpose, "青木", now, about_id=id_) for purpose, id_ in about.items()
        ]
    return [*((None, f"/l/{link}") for link in links), (UMI, f"/host/visits/{ids['asked']}"), *_staff_places(ids)]


def _fill(session: Session, table: type[Base], names: str, texts: Iterator[str]) -> None:
    """Every row's free fields; what is a table inside a field keeps its keys."""
    rows = session.scalars(select(table)).all()
    assert rows, table
    for row in rows:
        for name in names.split():
            within = isinstance(table.__table__.columns[name].type, JSON)
            setattr(row, name, _within(getattr(row, name), texts) if within else next(texts))


def _within(said: Any, texts: Iterator[str]) -> Any:
    """The texts of a value that holds some: facts of a host, the words of a wish."""
    if not isinstance(said, dict):
        return said
    typed = {"text"} if "text" in said else {key for key, value in said.items() if isinstance(value, str)}
    return {key: next(texts) if key in typed else value for key, value in said.items()}


def _staff_places(ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The pages on which the rows that were added stand."""
    person = f"/people/{ids['person']}"
    yield from ((AOKI, f"{person}{page}") for page in (
        "", "/edit", "/followups", "/visits", "/closing", "/stability", "/placements", "/course", "/plans", "/week", "/share",
    ))  # fmt: skip
    yield from ((AOKI, f"/followup/{ids[key]}") for key in ("planned", "asked", "done"))
    yield from ((AOKI, f"/followup/{ids[key]}/record") for key in ("planned", "asked"))
    yield from ((AOKI, path) for path in (
        f"/visits/{ids['record']}/correct", f"/followup/plan/{ids['plan']}", f"/hosts/{ids['host']}/visits", "/followup/after",
        "/followup/week?who=all", "/followup/day", "/followup/plan", "/followup/times", "/followup/offline",
        f"/referrals/{ids['sheet']}", "/referrals", "/feedback", "/meetings", f"/meetings/{ids['meeting']}",
    ))  # fmt: skip
    yield from (
        (HOJO, path)
        for path in (
            "/followup/after",
            f"{person}/stability",
            f"{person}/members",
            f"{person}/seen",
            "/followup?who=all",
            "/",
            "/audit",
            "/break-glass",
        )
    )
