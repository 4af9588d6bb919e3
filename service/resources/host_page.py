"""The card of one host as its page shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlalchemy.orm import Session

from service.accounts.roles import EDIT_CATALOGUE, READ_REMARKS
from service.kernel.dates import format_wareki, say_instant
from service.kernel.db import new_id
from service.kernel.timetable import SlotText, format_slots, format_time
from service.kernel.vocab import Attribute, Vocabulary, say_value
from service.resources.conditions import HOST_LEVEL, INTERESTS, Level
from service.resources.history import Entry, read_history
from service.resources.list_page import OpeningLine, opening_line
from service.resources.models import Condition, Host, Opening
from service.resources.places import Places
from service.resources.spots import MapSpot, draw_spots
from service.resources.words import ASSESSED, HOST_STATUS, STATUS_LOOK, kind_label, say_place, slot_text, theme_labels
from service.web.actor import Actor

WeekRow = tuple[str, list[str]]


@dataclass(frozen=True)
class ConditionLine:
    """One condition: its value, whether it can be talked about, by whom and when it was answered, and exceptions."""

    label: str
    value: str
    negotiable: bool
    told: str
    exceptions: tuple[str, ...]


@dataclass(frozen=True)
class SectionView:
    """The conditions under one heading: those known, and the names of those nobody has asked yet."""

    label: str
    lines: tuple[ConditionLine, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class OpeningView:
    """One opening on the card."""

    line: OpeningLine
    heading: str
    activity: str
    tags: tuple[str, ...]
    note: str
    place: str
    capacity: int | None
    waiting: int
    paused_until: date | None
    pause_reason: str
    confirmed_by: str
    week: tuple[WeekRow, ...]
    ended: bool


@dataclass(frozen=True)
class SiteView:
    """One place of the host."""

    id: str
    name: str
    address: str
    building: str
    precision: str
    placed: bool


@dataclass(frozen=True)
class AssessmentView:
    """What was found on a day."""

    on: str
    author: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HostView:
    """The whole card; remarks and people are empty for those who may not read them."""

    id: str
    name: str
    kana: str
    kind: str
    organisation: str
    themes: str
    status: str
    look: str
    paused_until: date | None
    pause_reason: str
    contact: tuple[tuple[str, str], ...]
    url: str
    description: str
    note: str
    source: str
    sites: tuple[SiteView, ...]
    openings: tuple[OpeningView, ...]
    sections: tuple[SectionView, ...]
    known: int
    asked: int
    assessments: tuple[AssessmentView, ...]
    remarks: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    history: tuple[Entry, ...]
    map: Markup | None
    may_edit: bool
    may_read_remarks: bool
    assessed: tuple[tuple[str, str], ...]
    once: str
    today: str


def host_view(session: Session, host: Host, actor: Actor, today: date, places: Places, vocabulary: Vocabulary) -> HostView:
    """Everything the card shows to this person."""
    remarks_shown = READ_REMARKS.allows(actor)
    sections = tuple(section_views(host, vocabulary))
    known = sum(len(section.lines) for section in sections)
    return HostView(
        id=host.id, name=host.name, kana=host.kana, kind=kind_label(host.kind), organisation=host.organisation,
        themes="・".join(theme_labels(host.themes)),
        status=HOST_STATUS.get(host.status, host.status), look=STATUS_LOOK.get(host.status, ""),
        paused_until=host.paused_until, pause_reason=host.pause_reason,
        contact=tuple(_contact(host)),
        url=host.url if host.url.startswith(("http://", "https://")) else "",
        description=host.description, note=host.note, source=host.source,
        sites=tuple(SiteView(s.id, s.name, s.address, s.building, say_place(s), s.lat is not None) for s in host.sites),
        openings=tuple(_opening_view(opening, host, today, vocabulary) for opening in host.openings),
        sections=sections, known=known, asked=known + sum(len(section.unknown) for section in sections),
        assessments=tuple(_assessments(host)),
        remarks=tuple((say_instant(r.at), r.author, r.text) for r in host.remarks) if remarks_shown else (),
        people=tuple((p.name, p.role) for p in host.people) if remarks_shown else (),
        history=tuple(read_history(session, host.id, vocabulary, host.conditions)),
        map=_map(host, places), may_edit=EDIT_CATALOGUE.allows(actor), may_read_remarks=remarks_shown,
        assessed=tuple(ASSESSED.items()), once=new_id(), today=format_wareki(today),
    )  # fmt: skip


def _opening_view(opening: Opening, host: Host, today: date, vocabulary: Vocabulary) -> OpeningView:
    labels = {choice.key: choice.label for choice in vocabulary.activities}
    site = next(site for site in host.sites if site.id == opening.site_id)
    return OpeningView(
        line=opening_line(opening, host, today),
        heading=opening.title,
        activity=opening.activity,
        tags=tuple(labels.get(tag, tag) for tag in opening.activity_tags),
        note=opening.times_note,
        place=(site.name or site.address) if len(host.sites) > 1 else "",
        capacity=opening.capacity,
        waiting=opening.waiting,
        paused_until=opening.paused_until,
        pause_reason=opening.pause_reason,
        confirmed_by=opening.confirmed_by,
        week=tuple(week_rows(slot_text(slot) for slot in opening.slots)),
        ended=opening.status == "ended",
    )


def week_rows(slots: Iterable[SlotText]) -> list[WeekRow]:
    """The week as rows of hours: a cell for each weekday on which the place is open then."""
    rows: dict[str, list[str]] = {}
    for slot in sorted(slots, key=lambda slot: (slot.start_min is None, slot.start_min or 0, slot.nth)):
        rows.setdefault(_say_hours(slot), [""] * 7)[slot.weekday] = "host"
    return list(rows.items())


def _say_hours(slot: SlotText) -> str:
    weeks = format_slots([SlotText(slot.weekday, nth=slot.nth)])[:-1] if slot.nth else ""
    hours = "–".join("" if at is None else format_time(at).removesuffix(":00") for at in (slot.start_min, slot.end_min))
    return " ".join(part for part in (weeks, hours if hours != "–" else "時間未確認") if part)


def section_views(host: Host, vocabulary: Vocabulary) -> Iterable[SectionView]:
    """The conditions by section; an attribute counts as known when any level knows it."""
    names = _level_names(host)
    # The activity tags of the openings answer what can be done here.
    shown_above = {INTERESTS} if any(opening.activity_tags for opening in host.openings) else set()
    answers: dict[str, list[Condition]] = {}
    for condition in host.conditions:
        answers.setdefault(condition.attribute, []).append(condition)
    for section in vocabulary.sections:
        asked = [a for a in vocabulary.in_section(section.key) if a.host.is_asked and a.key not in shown_above]
        lines = {a.key: line for a in asked if (line := _line(a, answers.get(a.key, ()), names))}
        if asked:
            unknown = tuple(attribute.label for attribute in asked if attribute.key not in lines)
            yield SectionView(section.label, tuple(lines.values()), unknown)


def _level_names(host: Host) -> Mapping[Level, str]:
    names = {Level(site_id=site.id): f"場所「{site.name or site.address}」" for site in host.sites}
    return names | {Level(opening_id=opening.id): f"枠「{opening.title}」" for opening in host.openings}


def _line(attribute: Attribute, answers: Sequence[Condition], names: Mapping[Level, str]) -> ConditionLine | None:
    own = next((answer for answer in answers if HOST_LEVEL.holds(answer)), None)
    nearer = [answer for answer in answers if answer is not own]
    if not any(answer.value is not None or answer.negotiable for answer in answers):
        return None
    exceptions = tuple(
        f"{names.get(Level(a.site_id, a.opening_id), 'ほかの枠')}では {_say(attribute, a)}{'（相談可）' if a.negotiable else ''}"
        for a in nearer
    )
    value = say_value(attribute.host, own.value) if own else "未確認"
    return ConditionLine(attribute.label, value, bool(own and own.negotiable), _told(own or nearer[0]), exceptions)


def _say(attribute: Attribute, answer: Condition) -> str:
    return say_value(attribute.host, answer.value)


def _told(answer: Condition) -> str:
    day = f"{answer.answered_on.month}月{answer.answered_on.day}日" if answer.answered_on else ""
    return " ".join(part for part in (day, answer.answered_by) if part)


def _contact(host: Host) -> Iterable[tuple[str, str]]:
    lines = (("窓口", host.contact_person), ("電話", host.phone), ("FAX", host.fax), ("メール", host.email))
    return (line for line in lines if line[1])


def _assessments(host: Host) -> Iterable[AssessmentView]:
    for found in host.assessments:
        facts = tuple((label, found.facts[key]) for key, label in ASSESSED.items() if found.facts.get(key))
        yield AssessmentView(format_wareki(found.assessed_on), found.author, facts)


def _map(host: Host, places: Places) -> Markup | None:
    spots = [
        MapSpot(site.lat, site.lon, str(at), site.name or host.name, site.id, "#places")
        for at, site in enumerate(host.sites, start=1)
        if site.lat is not None and site.lon is not None
    ]
    return draw_spots(places, spots, f"{host.name}の場所") if spots else None
