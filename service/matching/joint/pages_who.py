"""One person of a joint run: why there, why not elsewhere, and holding them to another place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from service.accounts.roles import RECORD_MATCHES
from service.cases.access import may_change
from service.cases.pages import Heading, heading_of
from service.kernel.errors import NotFound
from service.matching.bands import Band
from service.matching.cards import Card, own_title
from service.matching.joint.models import JointLeft, JointLine
from service.matching.joint.pages import Choice
from service.matching.joint.pages_elsewhere import Elsewhere, elsewhere
from service.matching.joint.pages_left import left_view
from service.matching.joint.pages_rows import LineRow, Reader, line_row
from service.matching.joint.pages_run import PinRow, pin_row
from service.matching.joint.service import RunView
from service.matching.verdict import Verdicts
from service.matching.week import day_labels, shown_days

MOST_OFFERED: Final = 200


@dataclass(frozen=True)
class WhoPage:
    """One person in one run."""

    run_id: str
    row_id: str
    heading: Heading
    said: str
    line: LineRow | None
    card: Card | None
    days: tuple[str, ...]
    why: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]
    openings: tuple[Choice, ...]
    answer: Elsewhere | None
    pins: tuple[PinRow, ...]
    may_record: bool
    once: str


def who_page(view: RunView, reader: Reader, row_id: str, opening_id: str, once: str) -> WhoPage:
    """The person of a row; NotFound for a row that is none, or of a case the reader may not read."""
    row = _row(view, row_id)
    case, person = reader.people[row.person_id]
    line = row if isinstance(row, JointLine) else None
    card = reader.card(line) if line else None
    _, verdicts = reader.match(row.person_id)
    place = reader.loaded.catalogue.place_of.get(line.opening_id) if line else None
    days = shown_days(verdicts.situation.windows or (), () if place is None else (reader.loaded.catalogue.openings[place],))
    return WhoPage(
        run_id=view.run.id,
        row_id=row.id,
        heading=heading_of(case, person, reader.today),
        said=f"{reader.said(row.person_id)}・{reader.waited(row.person_id)}",
        line=line_row(reader, line) if line else None,
        card=card,
        days=day_labels(days),
        why=left_view(reader, [row]).rows[0].reasons if isinstance(row, JointLeft) else (),
        reasons=tuple(reader.reasons.items()),
        openings=tuple(_openings(reader, verdicts, opening_id)),
        answer=elsewhere(reader, verdicts, row.person_id, opening_id) if opening_id else None,
        pins=tuple(pin_row(reader, pin) for pin in view.ask.pins),
        may_record=RECORD_MATCHES.allows(reader.actor) and may_change(reader.actor, case),
        once=once,
    )


def _row(view: RunView, row_id: str) -> JointLine | JointLeft:
    rows: list[JointLine | JointLeft] = [*view.lines, *view.left]
    for row in rows:
        if row.id == row_id:
            return row
    raise NotFound()


def _openings(reader: Reader, verdicts: Verdicts, chosen: str) -> Iterable[Choice]:
    """Every opening to ask about: what fits first, then what a call would settle, then the others."""
    for band in Band:
        for place in verdicts.in_band(band, MOST_OFFERED).tolist():
            record = reader.loaded.record(place)
            title = own_title(record)
            name = f"{record.name}（{title}）" if title else record.name
            yield Choice(record.id, f"{MARK[band]} {name}", record.id == chosen)


MARK: Final = {Band.FITS: "○", Band.NEEDS_CHECK: "？", Band.EXCLUDED: "×"}
