"""Figures of people as they are, of meetings, of what was due, and of the catalogue: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from service.cases.course.flow import OVER
from service.kernel.dates import age_on
from service.reports.counting_cases import Values, dated, is_in, moves_by_case, status_on, trouble_of
from service.reports.counting_places import live_places
from service.reports.facts import DueFact, Ground, OpeningFact, PersonFact
from service.reports.figures import UNKNOWN
from service.reports.periods import Period
from service.resources.words import STALE_DAYS

PARENTS: Final = frozenset({"父", "母", "祖父", "祖母", "義父", "義母", "養父", "養母"})
CHILDREN: Final = frozenset({"子", "息子", "娘", "長男", "次男", "三男", "長女", "次女", "三女", "孫"})
PARTNERS: Final = frozenset({"夫", "妻", "配偶者", "パートナー"})


def people(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Those the support was about, and whoever of the household was at a host."""
    homes, placed = _open_homes(ground, period, as_of), _placed(ground, period, as_of)
    known = _Known(ground, period, as_of)
    for person in ground.people:
        if (person.principal and person.household_id in homes) or person.id in placed:
            yield known.describe(person)


def participants(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Whoever was on the way to a host, or at one."""
    placed, known = _placed(ground, period, as_of), _Known(ground, period, as_of)
    return (known.describe(person) for person in ground.people if person.id in placed)


class _Known:
    """What is known of people at the end of a period, looked up once."""

    def __init__(self, ground: Ground, period: Period, as_of: date) -> None:
        self.last = period.last
        self.homes: dict[str, list[PersonFact]] = defaultdict(list)
        for person in ground.people:
            self.homes[person.household_id].append(person)
        of_case = {case.id: case.household_id for case in ground.cases}
        came = (sheet for sheet in ground.sheets if sheet.received_on <= as_of)
        self.troubles = {of_case.get(sheet.case_id, ""): trouble_of(sheet) for sheet in came}

    def describe(self, person: PersonFact) -> Values:
        """年代・性別・世帯類型・主訴 of one person."""
        return {
            "age": age_band(person.birth_on, self.last), "gender": person.gender or UNKNOWN,
            "household": household_type(self.homes[person.household_id]),
            "trouble": self.troubles.get(person.household_id, UNKNOWN),
        }  # fmt: skip


def age_band(birth_on: date | None, day: date) -> str:
    """The ten years an age lies in."""
    if birth_on is None or birth_on > day:
        return UNKNOWN
    return str(min(age_on(birth_on, day) // 10 * 10, 80))


def household_type(home: Sequence[PersonFact]) -> str:
    """世帯類型, from how its members are related to the person."""
    relations = {person.relation for person in home if not person.principal}
    if not relations:
        return "single"
    up, down = bool(relations & PARENTS), bool(relations & CHILDREN)
    if up or down:
        return "three" if up and down else "parents" if up else "children"
    return "couple" if relations <= PARTNERS else "other"


def meetings(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Meetings held."""
    return ({"kind": row.kind} for row in ground.meetings if is_in(row.on, period, as_of))


def sections(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Sections at meetings, each once a meeting."""
    return ({"section": name} for row in ground.meetings if is_in(row.on, period, as_of) for name in row.sections)


def due(name: str, rows: Callable[[Ground], Sequence[DueFact]]) -> Callable[[Ground, Period, date], Iterator[Values]]:
    """A figure of what was due in the period, the whole of it, as it stood at its end."""

    def found(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
        return ({"in_time": in_time(row, as_of), name: row.kind} for row in rows(ground) if row.due_on in period)

    return found


def in_time(row: DueFact, as_of: date) -> str:
    """Done in time, done late, still to be done, or called off."""
    if row.is_off:
        return "off"
    if row.done_on is not None and row.done_on <= as_of:
        return "on_time" if row.done_on <= row.late_on else "late"
    return "open" if row.late_on < as_of else "coming"


def active_hosts(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Hosts that take people on the day of counting."""
    return ({"kind": kind} for kind in ground.hosts)


def themes(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """What these hosts help with; one that helps with two things counts for both."""
    return ({"theme": theme} for theme in ground.themes)


def openings(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Openings on the day of counting, by their places and by how fresh they are."""
    for row in ground.openings:
        free = "unknown" if row.free is None else "free" if row.free > 0 else "full"
        yield {"free": free, "fresh": _fresh(row, ground.counted_on or as_of)}


def places(ground: Ground, period: Period, as_of: date) -> Iterator[Values]:
    """Places at those openings, one by one."""
    for row in ground.openings:
        yield from [{"use": "free"}] * (row.free or 0)
        yield from [{"use": "used"}] * row.used


def _fresh(row: OpeningFact, day: date) -> str:
    if row.confirmed_on is None:
        return "never"
    return "stale" if day - row.confirmed_on > timedelta(days=STALE_DAYS) else "fresh"


def _placed(ground: Ground, period: Period, as_of: date) -> set[str]:
    return {place.person_id for place in live_places(ground, period, as_of)}


def _open_homes(ground: Ground, period: Period, as_of: date) -> set[str]:
    """Households with a case that was open on some day of the period."""
    moves, homes = moves_by_case(ground), set()
    for case in ground.cases:
        taken = moves.get(case.id, [])
        was_open = case.closed_on is None or case.closed_on >= period.first
        came_open = any(is_in(move.on, period, as_of) for move in taken)
        if case.opened_on <= as_of and was_open and (came_open or status_on(case, taken, period.first) not in OVER):
            homes.add(case.household_id)
    return homes


COUNTERS: Final[Mapping[str, Callable[[Ground, Period, date], Iterable[Values]]]] = {
    "people": people,
    "participants": participants,
    "meetings": meetings,
    "sections": sections,
    "feedback": due("about", lambda ground: ground.feedback),
    "followups": due("kind", lambda ground: ground.followups),
    "new_hosts": dated(lambda ground: ground.new_hosts),
    "active_hosts": active_hosts,
    "themes": themes,
    "openings": openings,
    "places": places,
    "gaps": dated(lambda ground: ground.gaps),
}
