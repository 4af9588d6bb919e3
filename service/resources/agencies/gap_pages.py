"""資源の不足 as its pages show it: each unmet need with what is undertaken about it, what is overdue first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.accounts.roles import EDIT_CATALOGUE
from service.kernel.dates import format_wareki, say_instant
from service.kernel.db import new_id
from service.kernel.vocab import Vocabulary
from service.resources.agencies.developments import LATEST, RESULTS, STATES, UNDER_WAY, is_overdue
from service.resources.agencies.models import ResourceDevelopment
from service.resources.gaps import ENDED, GAP_STATUS
from service.resources.models import ResourceGap
from service.web.actor import Actor
from service.web.forms import Form

RUNNING, ALL = "running", "all"
FILTERS: Mapping[str, str] = {RUNNING: "終えていないもの", **GAP_STATUS, ALL: "すべて"}


@dataclass(frozen=True)
class DevelopmentLine:
    """One undertaking; `place` is the opening that came of it and `place_href` its host."""

    id: str
    what: str
    who: str
    with_whom: str
    until: str
    state: str
    is_open: bool
    is_overdue: bool
    result: str
    ended: str
    place: str
    place_href: str


@dataclass(frozen=True)
class GapLine:
    """One unmet need, without a name."""

    id: str
    at: str
    by: str
    condition: str
    summary: str
    age_band: str
    district: str
    status: str
    is_ended: bool
    end_reason: str
    developments: tuple[DevelopmentLine, ...]


@dataclass(frozen=True)
class GapsView:
    """The whole list."""

    lines: tuple[GapLine, ...]
    chosen: str
    filters: tuple[tuple[str, str], ...]
    overdue: int
    is_unfiltered_empty: bool
    may_edit: bool


@dataclass(frozen=True)
class GapView:
    """One unmet need, what is undertaken about it, and what may be done."""

    gap: GapLine
    version: int
    form: Form
    reason: str
    problem: str
    once: str
    may_edit: bool


@dataclass(frozen=True)
class EndView:
    """Saying how an undertaking ended; the openings a word has found stand to be chosen from."""

    gap_id: str
    summary: str
    line: DevelopmentLine
    results: tuple[tuple[str, str], ...]
    state: str
    result: str
    q: str
    found: tuple[tuple[str, str], ...]
    opening: str
    searched: bool
    problem: str
    version: str
    once: str


@dataclass(frozen=True)
class Known:
    """What the lines of some needs are made of."""

    developments: Mapping[str, Sequence[ResourceDevelopment]]
    places: Mapping[str, tuple[str, str]]
    vocabulary: Vocabulary
    today: date


def gaps_view(gaps: Sequence[ResourceGap], chosen: str, known: Known, actor: Actor) -> GapsView:
    """The needs of a status, the longest overdue undertaking first."""
    chosen = chosen if chosen in FILTERS else RUNNING
    shown = sorted((gap for gap in gaps if _is_shown(gap, chosen)), key=lambda gap: _order(gap, known))
    lines = tuple(gap_line(gap, known) for gap in shown)
    overdue = sum(row.is_overdue for line in lines for row in line.developments)
    return GapsView(lines, chosen, tuple(FILTERS.items()), overdue, not gaps, EDIT_CATALOGUE.allows(actor))


def _is_shown(gap: ResourceGap, chosen: str) -> bool:
    return chosen == ALL or (gap.status not in ENDED if chosen == RUNNING else gap.status == chosen)


def _order(gap: ResourceGap, known: Known) -> tuple[bool, date]:
    """What is overdue stands first, then as the list comes: the newest first."""
    late = [row.until_on or LATEST for row in known.developments.get(gap.id, ()) if is_overdue(row, known.today)]
    return not late, min(late, default=LATEST)


def gap_line(gap: ResourceGap, known: Known) -> GapLine:
    """One unmet need in words."""
    return GapLine(
        id=gap.id, at=say_instant(gap.recorded_at), by=gap.recorded_by, condition=say_code(gap.code, known.vocabulary),
        summary=gap.summary, age_band=gap.age_band, district=gap.district, status=GAP_STATUS.get(gap.status, gap.status),
        is_ended=gap.status in ENDED, end_reason=gap.end_reason,
        developments=tuple(development_line(row, known) for row in known.developments.get(gap.id, ())),
    )  # fmt: skip


def development_line(row: ResourceDevelopment, known: Known) -> DevelopmentLine:
    """One undertaking in words."""
    host_id, place = known.places.get(row.opening_id or "", ("", ""))
    return DevelopmentLine(
        id=row.id, what=row.what, who=row.who, with_whom=row.with_whom,
        until=format_wareki(row.until_on) if row.until_on else "期日なし", state=STATES.get(row.state, row.state),
        is_open=row.state == UNDER_WAY, is_overdue=is_overdue(row, known.today), result=row.result,
        ended=format_wareki(row.ended_on) if row.ended_on else "", place=place, place_href=f"/hosts/{host_id}" if host_id else "",
    )  # fmt: skip


def gap_view(gap: ResourceGap, known: Known, actor: Actor, form: Form, reason: str = "", problem: str = "") -> GapView:
    """The page of one unmet need."""
    return GapView(gap_line(gap, known), gap.version, form, reason, problem, new_id(), EDIT_CATALOGUE.allows(actor))


def result_choices() -> tuple[tuple[str, str], ...]:
    """How an undertaking may end."""
    return tuple(RESULTS.items())


def say_code(code: str, vocabulary: Vocabulary) -> str:
    """The conditions behind a reason code, in words; a need that came from a meeting has none."""
    return "・".join(attribute.label for attribute in vocabulary.of_code(code)[:3]) or code or "—"
