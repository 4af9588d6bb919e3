"""A match on paper: the result on A4, the telephone questions, the anonymous sounding."""

from datetime import datetime, timedelta

from service.cases.pages import heading_of
from service.kernel.clock import day_in_japan
from service.kernel.dates import format_wareki, say_instant
from service.matching.bands import Band
from service.matching.cards import Card, make_card
from service.matching.pages import FEW, WHY_EMPTY
from service.matching.pages_openings import next_questions, opened_by_asking, opened_by_relaxing
from service.matching.pages_switches import say_needs
from service.matching.phone import HostCall
from service.matching.service import Ask
from service.matching.sounding import Sounding
from service.matching.verdict import Verdicts
from service.matching.week import day_labels, shown_days
from service.web.actor import Actor, Town
from service.web.print.sheets import (
    BandBlock,
    Finding,
    HostBlock,
    Letterhead,
    MatchSheet,
    NeedLine,
    Pair,
    PhoneCall,
    PhoneSheet,
    Question,
    SoundingSheet,
    WeekRow,
)

SIGN = {Band.FITS: "o", Band.NEEDS_CHECK: "q", Band.EXCLUDED: "x"}
# Six places with their reasons fill one A4 beside the needs.
PRINTED = 6
ANSWER_WITHIN = timedelta(days=7)
OFFICE = "参加支援"


def letterhead(title: str, town: Town, actor: Actor, now: datetime, mark: str = "取扱注意") -> Letterhead:
    """Whose paper it is, and who printed it when."""
    return Letterhead(title, town.name, OFFICE, mark, actor.label, say_instant(now))


def match_sheet(ask: Ask, verdicts: Verdicts, town: Town, actor: Actor, now: datetime) -> MatchSheet:
    """The bands with their best places, what was asked for, and what opens if one thing changes."""
    heading = heading_of(ask.case, ask.person, ask.today)
    windows = verdicts.situation.windows or ()
    places = _printed(verdicts)
    days = shown_days(windows, [ask.loaded.catalogue.openings[p] for found in places.values() for p in found])
    blocks = []
    for band in Band:
        cards = [make_card(ask, verdicts, p, i + 1, windows, days) for i, p in enumerate(places[band])]
        left = verdicts.counts[band] - len(cards)
        note = WHY_EMPTY[band] if not verdicts.counts[band] else f"ほか{left}か所は画面で見られます。" if left else ""
        blocks.append(BandBlock(SIGN[band], band.label, str(verdicts.counts[band]), tuple(_block(c) for c in cards), note))  # type: ignore[arg-type]
    opened = [Pair(f"{o.label}を外すと", _names(o.places, o.more)) for o in opened_by_relaxing(ask, verdicts)]
    opened += [Pair(f"{o.label}を受け入れ先に相談すれば", _names(o.places, o.more)) for o in opened_by_asking(ask, verdicts)]
    question = next((f"{q.side}「{q.text}」 {q.note}" for q in next_questions(ask, verdicts)), "")
    return MatchSheet(
        head=letterhead("照合の結果", town, actor, now),
        person_line=f"{heading.number}　{heading.name}　{heading.said}",
        needs=tuple(NeedLine(*line) for line in say_needs(ask)),
        days=day_labels(days),
        bands=tuple(blocks),
        relaxations=tuple(opened) if verdicts.counts[Band.FITS] < FEW else (),
        next_question=question,
        note="条件を一時的に変えた結果です。記録された条件とは違います。" if ask.what_if else "",
    )


def _printed(verdicts: Verdicts) -> dict[Band, list[int]]:
    """The places of each band that go on paper: what fits, then what a call would settle."""
    fits = verdicts.in_band(Band.FITS, PRINTED).tolist()
    return {
        Band.FITS: fits,
        Band.NEEDS_CHECK: verdicts.in_band(Band.NEEDS_CHECK, PRINTED - len(fits)).tolist(),
        Band.EXCLUDED: [],
    }


def phone_sheet(calls: tuple[HostCall, ...], town: Town, actor: Actor, now: datetime) -> PhoneSheet:
    """A call per host with blanks for the answers; nothing about the person."""
    printed = tuple(
        PhoneCall(
            name=call.name,
            kind=call.kind,
            phone=call.phone,
            contact=call.contact,
            opening_words=call.opening_words,
            questions=tuple(Question(q.text, tuple(label for _, label in q.options)) for q in call.questions),
        )
        for call in calls
    )
    return PhoneSheet(letterhead("電話で確かめること", town, actor, now), printed)


def sounding_sheet(sounding: Sounding, town: Town, actor: Actor, now: datetime) -> SoundingSheet:
    """The anonymous text in large type, with a place to answer."""
    return SoundingSheet(
        head=letterhead("受け入れのご相談", town, actor, now, mark="匿名"),
        addressee="受け入れ先のみなさま",
        greeting="次のような方の受け入れについて、ご相談します。",
        paragraphs=sounding.sentences,
        points=(),
        replies=("受け入れできる", "条件があればできる", "今回はむずかしい"),
        reply_by=format_wareki(day_in_japan(now + ANSWER_WITHIN)),
        reply_to=f"{town.name} {OFFICE}",
    )


def _block(card: Card) -> HostBlock:
    return HostBlock(
        number=str(card.number),
        name=card.name + (f"（{card.title}）" if card.title else ""),
        kind=card.kind,
        facts=f"{card.travel}・{card.facts}・{card.fresh[1]}",
        findings=tuple(Finding(mark, text, note or "") for mark, text, note in (*card.marks, *card.more_marks)),  # type: ignore[arg-type]
        week=tuple(WeekRow(label, cells) for label, cells in card.week),  # type: ignore[arg-type]
        points=card.points,
    )


def _names(places: tuple[tuple[str, str, str], ...], more: int) -> str:
    said = "、".join(f"{name} {band}" for _, name, band in places)
    return f"{said} ほか{more}か所" if more else said
