"""What the page of a match shows: the needs, one band in cards, and what would open more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from service.accounts.roles import RECORD_MATCHES
from service.cases.access import may_change
from service.cases.consent import has_guardian, needs_guardian
from service.cases.pages import Heading, heading_of
from service.matching.bands import Band
from service.matching.candidate_map import BAND_KEYS, draw_candidates
from service.matching.cards import Card, make_card
from service.matching.pages_openings import NextQuestion, Opened, next_questions, opened_by_asking, opened_by_relaxing
from service.matching.pages_switches import Switch, switches_of
from service.matching.service import Ask
from service.matching.verdict import Verdicts
from service.matching.week import day_labels, shown_days
from service.matching.whatif import address_of
from service.resources.places import Places
from service.web.actor import Actor
from service.web.params import page_number

PAGE_SIZE = 12
FEW = 3
WHY_EMPTY = {
    Band.FITS: "すべての必須条件に合うと確かめられた所は、まだありません。「要確認」は電話一本で変わります。",
    Band.NEEDS_CHECK: "聞けば決まる所はありません。",
    Band.EXCLUDED: "合わない所はありません。",
}


Link = Callable[..., str]
"""An address under the same imagined needs, with the band and what is compared."""


@dataclass(frozen=True)
class BandTab:
    """A band with its count, as kit.band_tabs shows it."""

    key: str
    label: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True)
class Shelf:
    """One band of the match: its places in cards, so many at a time, and the map of those shown."""

    tabs: tuple[BandTab, ...]
    band: str
    label: str
    cards: tuple[Card, ...]
    days: tuple[str, ...]
    more_href: str
    more_label: str
    why_empty: str
    map: Markup


@dataclass(frozen=True)
class Openers:
    """What would open more places, and whether that is shown at once."""

    relaxations: tuple[Opened, ...]
    negotiations: tuple[Opened, ...]
    is_open: bool
    questions: tuple[NextQuestion, ...]
    asks: int


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
    shelf: Shelf
    openers: Openers
    may_record: bool
    may_change: bool
    compare: tuple[str, ...]
    links: Mapping[str, str]
    resting: Mapping[str, str]
    once: str


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
    here, band = f"/people/{ask.person.id}/match", choose_band(verdicts, query.get("band", ""))
    link = _linker(ask, band, compare)
    return MatchView(
        heading=heading_of(ask.case, ask.person, ask.today),
        switches=switches_of(ask),
        problems=ask.what_if.problems,
        guardian_missing=needs_guardian(ask.person, ask.today) and not has_guardian(ask.person.consents, ask.today),
        changed=bool(ask.what_if),
        here=here,
        hidden=tuple(ask.what_if.to_pairs(ask.vocabulary)),
        shelf=_shelf(ask, verdicts, places, band, page_number(query.get("page", "")), link),
        openers=_openers(ask, verdicts),
        may_record=RECORD_MATCHES.allows(actor),
        may_change=may_change(actor, ask.case),
        compare=compare,
        links=_links(here, link),
        resting=ask.resting,
        once=once,
    )


def _linker(ask: Ask, band: Band, compare: tuple[str, ...]) -> Link:
    extra = {"band": BAND_KEYS[band], "compare": ",".join(compare)}

    def link(path: str, **more: str) -> str:
        return address_of(path, ask.what_if, ask.vocabulary, **{**extra, **more})

    return link


def _links(here: str, link: Link) -> Mapping[str, str]:
    return {
        "compare": link(f"{here}/compare"),
        "phone": link(f"{here}/phone"),
        "print": link(f"{here}/print.pdf"),
        "sounding": link(f"{here}/sounding"),
        "plain": here,
        "toggle": link(here, compare=""),
    }


def _shelf(ask: Ask, verdicts: Verdicts, places: Places, band: Band, page: int, link: Link) -> Shelf:
    here, first = f"/people/{ask.person.id}/match", PAGE_SIZE * (page - 1)
    inside = verdicts.in_band(band).tolist()
    shown = inside[first : first + PAGE_SIZE]
    left = len(inside) - first - len(shown)
    windows = verdicts.situation.windows or ()
    days = shown_days(windows, [ask.loaded.catalogue.openings[p] for p in shown])
    return Shelf(
        tabs=tuple(
            BandTab(BAND_KEYS[b], b.label, verdicts.counts[b], link(here, band=BAND_KEYS[b]), b is band) for b in Band
        ),
        band=BAND_KEYS[band],
        label=band.label,
        cards=tuple(make_card(ask, verdicts, place, first + i + 1, windows, days) for i, place in enumerate(shown)),
        days=day_labels(days),
        more_href=link(here, page=str(page + 1)) if left > 0 else "",
        more_label=f"次の{min(left, PAGE_SIZE)}か所",
        why_empty=WHY_EMPTY[band],
        map=draw_candidates(ask, verdicts, places, shown, first),
    )


def _openers(ask: Ask, verdicts: Verdicts) -> Openers:
    return Openers(
        relaxations=opened_by_relaxing(ask, verdicts),
        negotiations=opened_by_asking(ask, verdicts),
        is_open=verdicts.counts[Band.FITS] < FEW,
        questions=next_questions(ask, verdicts),
        asks=verdicts.counts[Band.NEEDS_CHECK],
    )
