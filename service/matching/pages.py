"""What the pages of a match show."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from service.accounts.roles import RECORD_MATCHES
from service.cases.access import may_change
from service.cases.consent import needs_guardian, state_of
from service.cases.pages import Heading, heading_of
from service.kernel.vocab import Attribute, SideType, Strength, say_need, say_value
from service.matching.bands import Band
from service.matching.candidate_map import BAND_KEYS, draw_candidates
from service.matching.cards import Card, make_card
from service.matching.questions import HostQuestion, PersonQuestion, host_questions, person_questions
from service.matching.relax import negotiations, relaxations
from service.matching.service import Ask
from service.matching.verdict import Verdicts
from service.matching.week import day_labels, shown_days
from service.matching.whatif import OFF, STRENGTHS, address_of, say_typed
from service.resources.places import Places
from service.web.actor import Actor
from service.web.params import page_number

PAGE_SIZE = 12
FEW = 3
NAMED_AT_MOST = 6
WHY_EMPTY = {
    Band.FITS: "すべての必須条件に合うと確かめられた所は、まだありません。「要確認」は電話一本で変わります。",
    Band.NEEDS_CHECK: "聞けば決まる所はありません。",
    Band.EXCLUDED: "合わない所はありません。",
}


@dataclass(frozen=True)
class BandTab:
    """A band with its count, as kit.band_tabs shows it."""

    key: str
    label: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True)
class Switch:
    """One need that may be looked at otherwise."""

    key: str
    label: str
    detail: str
    value: str
    options: tuple[tuple[str, str], ...]
    locked: bool
    type: str
    typed: str
    unit: str
    choices: tuple[tuple[str, str], ...]
    changed: bool


@dataclass(frozen=True)
class Opened:
    """What opens if one need is dropped, or if a host is asked."""

    code: str
    label: str
    places: tuple[tuple[str, str, str], ...]
    more: int


@dataclass(frozen=True)
class NextQuestion:
    """A question worth asking next, its effect in words, and where to go to answer it."""

    side: str
    text: str
    note: str
    href: str


@dataclass(frozen=True)
class MatchView:
    """照合."""

    heading: Heading
    switches: tuple[Switch, ...]
    problems: tuple[str, ...]
    guardian_missing: bool
    changed: bool
    here: str
    hidden: tuple[tuple[str, str], ...]
    tabs: tuple[BandTab, ...]
    band: str
    band_label: str
    cards: tuple[Card, ...]
    days: tuple[str, ...]
    more_href: str
    more_label: str
    why_empty: str
    map: Markup
    relaxations: tuple[Opened, ...]
    negotiations: tuple[Opened, ...]
    open_relaxations: bool
    questions: tuple[NextQuestion, ...]
    asks: int
    may_record: bool
    may_change: bool
    compare: tuple[str, ...]
    links: Mapping[str, str]
    resting: Mapping[str, str]
    once: str


@dataclass(frozen=True)
class CountsView:
    """The live counts beside the assessment."""

    here: str
    counts: tuple[tuple[str, str, int], ...]
    questions: tuple[NextQuestion, ...]


def choose_band(verdicts: Verdicts, typed: str) -> Band:
    """The band asked for, or the first that has places."""
    named = {key: band for band, key in BAND_KEYS.items()}
    if typed in named:
        return named[typed]
    return next((band for band in Band if verdicts.counts[band]), Band.FITS)


def match_view(
    ask: Ask, verdicts: Verdicts, actor: Actor, places: Places, query: Mapping[str, str], compare: tuple[str, ...], once: str
) -> MatchView:
    """The page for one person, one band of it in cards."""
    here = f"/people/{ask.person.id}/match"
    band, first = choose_band(verdicts, query.get("band", "")), PAGE_SIZE * (page_number(query.get("page", "")) - 1)
    inside = verdicts.in_band(band).tolist()
    shown = inside[first : first + PAGE_SIZE]
    windows = verdicts.situation.windows or ()
    days = shown_days(windows, [ask.loaded.catalogue.openings[p] for p in shown])
    cards = tuple(make_card(ask, verdicts, place, first + i + 1, windows, days) for i, place in enumerate(shown))
    change = may_change(actor, ask.case)
    joined = ",".join(compare)
    extra = {"band": BAND_KEYS[band], "compare": joined}

    def link(path: str, **more: str) -> str:
        return address_of(path, ask.what_if, ask.vocabulary, **{**extra, **more})

    left = len(inside) - first - len(shown)
    return MatchView(
        heading=heading_of(ask.case, ask.person, ask.today),
        switches=switches_of(ask),
        problems=ask.what_if.problems,
        guardian_missing=needs_guardian(ask.person, ask.today) and state_of(ask.person.consents, "guardian") != "given",
        changed=bool(ask.what_if),
        here=here,
        hidden=tuple(ask.what_if.to_pairs(ask.vocabulary)),
        tabs=tuple(
            BandTab(BAND_KEYS[b], b.label, verdicts.counts[b], link(here, band=BAND_KEYS[b]), b is band) for b in Band
        ),
        band=BAND_KEYS[band],
        band_label=band.label,
        cards=cards,
        days=day_labels(days),
        more_href=link(here, page=str(first // PAGE_SIZE + 2)) if left > 0 else "",
        more_label=f"次の{min(left, PAGE_SIZE)}か所",
        why_empty=WHY_EMPTY[band],
        map=draw_candidates(ask, verdicts, places, shown, first),
        relaxations=opened_by_relaxing(ask, verdicts),
        negotiations=opened_by_asking(ask, verdicts),
        open_relaxations=verdicts.counts[Band.FITS] < FEW,
        questions=next_questions(ask, verdicts),
        asks=verdicts.counts[Band.NEEDS_CHECK],
        may_record=RECORD_MATCHES.allows(actor),
        may_change=change,
        compare=compare,
        links={
            "compare": link(f"{here}/compare"),
            "phone": link(f"{here}/phone"),
            "print": link(f"{here}/print.pdf"),
            "sounding": link(f"{here}/sounding"),
            "plain": here,
            "toggle": link(here, compare=""),
        },
        resting=ask.resting,
        once=once,
    )


def switches_of(ask: Ask) -> tuple[Switch, ...]:
    """The person's needs as switches, as recorded or as imagined."""
    whys = {need.attribute: need.why for need in ask.person.needs}
    keys = [a for a in ask.vocabulary.asked_of_person if ask.stored.need(a.key) or ask.facts.need(a.key)]
    return tuple(_switch(ask, attribute, whys.get(attribute.key, "")) for attribute in keys)


def _switch(ask: Ask, attribute: Attribute, why: str) -> Switch:
    need = ask.facts.need(attribute.key) or ask.stored.needs[attribute.key]
    said = ask.what_if.strengths.get(attribute.key) or str(need.strength)
    key, words = attribute.key, say_need(attribute, need.value)
    # A need that reads as a sentence of its own (接客なし) is its own heading; a bare value needs its label above.
    stands_alone = attribute.need_text not in ("", "{p}")
    label, value = (words, "") if stands_alone else (attribute.label, words)
    return Switch(
        key=key,
        label=label,
        detail="　".join(part for part in (value, f"「{why}」" if why else "") if part),
        value=said,
        options=(*((str(s), s.label) for s in STRENGTHS), (OFF, "外してみる")),
        locked=attribute.locked or need.strength is Strength.GATE,
        type=str(attribute.person.type),
        typed=say_typed(attribute, need.value),
        unit="分まで" if attribute.person.type is SideType.TRAVEL else attribute.person.unit,
        choices=tuple((choice.key, choice.label) for choice in attribute.person.choices),
        changed=key in ask.what_if.strengths or key in ask.what_if.values,
    )


def opened_by_relaxing(ask: Ask, verdicts: Verdicts) -> tuple[Opened, ...]:
    """「〜を外すと」 with the places that open, per single need."""
    found = []
    for relaxation in relaxations(verdicts):
        places = [_place(ask, verdicts, place, band) for place, band in relaxation.opens]
        label = "・".join(dict.fromkeys(a.label for a in relaxation.attributes))
        found.append(Opened(relaxation.code, label, tuple(places[:NAMED_AT_MOST]), max(0, len(places) - NAMED_AT_MOST)))
    return tuple(found)


def opened_by_asking(ask: Ask, verdicts: Verdicts) -> tuple[Opened, ...]:
    """「受け入れ先に相談すれば」: places that fail only on what their host calls negotiable."""
    found = negotiations(verdicts)[:NAMED_AT_MOST]
    return tuple(
        Opened("", "・".join(a.label for a in one.attributes), (_place(ask, verdicts, one.place, one.band),), 0)
        for one in found
    )


def _place(ask: Ask, verdicts: Verdicts, place: int, band: Band) -> tuple[str, str, str]:
    record, bits = ask.loaded.record(place), int(verdicts.usable_days[place])
    days = "".join(label for day, label in enumerate(day_labels(range(7))) if bits >> day & 1)
    return record.host_id, record.name + (f"（{days}）" if days else ""), band.label


def next_questions(ask: Ask, verdicts: Verdicts) -> tuple[NextQuestion, ...]:
    """The best question of each side, the more telling one first."""
    here = f"/people/{ask.person.id}"
    found: list[PersonQuestion | HostQuestion] = [*person_questions(verdicts)[:1], *host_questions(verdicts)[:1]]
    return tuple(_next(question, here) for question in sorted(found, key=lambda question: -question.effect))


def _next(question: PersonQuestion | HostQuestion, here: str) -> NextQuestion:
    if isinstance(question, PersonQuestion):
        return NextQuestion("本人に", question.text, question.note, f"{here}/assessment#n-{question.attribute.key}")
    return NextQuestion("受け入れ先に", question.text, question.note, f"{here}/match/phone")


def counts_view(ask: Ask, verdicts: Verdicts) -> CountsView:
    """適合 n・要確認 n・不適合 n, and what to ask next."""
    counts = tuple((BAND_KEYS[band], band.label, verdicts.counts[band]) for band in Band)
    return CountsView(f"/people/{ask.person.id}/match", counts, next_questions(ask, verdicts))


def say_needs(ask: Ask) -> tuple[tuple[str, str, str, str], ...]:
    """The needs in force as (strength, label, value, why), for paper."""
    whys = {need.attribute: need.why for need in ask.person.needs}
    told = [(a, need) for a in ask.vocabulary.asked_of_person if (need := ask.facts.need(a.key))]
    return tuple((need.strength.label, a.label, say_value(a.person, need.value), whys.get(a.key, "")) for a, need in told)
