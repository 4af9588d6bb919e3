"""A place as a card: what fits, what to ask, what does not, its week, and how to get there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.kernel.kana import fold_text
from service.kernel.vocab import say_value
from service.matching.bands import Band
from service.matching.explain import FindingText, OpeningVerdict, Point, explain
from service.matching.gather import LoadedCatalogue
from service.matching.verdict import Verdicts
from service.matching.week import WeekRows, week_rows
from service.resources.facts import OpeningRecord
from service.resources.words import freshness_of, kind_label, say_confirmed

Mark = tuple[str, str, str | None]
SHOWN_GOOD, SHOWN_ASKED = 5, 4
TRAVEL_UNKNOWN = "移動 未確認"


@dataclass(frozen=True)
class Card:
    """One opening of a band, worded for the coordinator."""

    id: str
    host_id: str
    number: int
    band: str
    name: str
    title: str
    kind: str
    facts: str
    travel: str
    fresh: tuple[str, str]
    marks: tuple[Mark, ...]
    more_marks: tuple[Mark, ...]
    points: str
    week: WeekRows
    usable_days: str
    statutory: str
    near: str
    questions: int


def make_card(
    loaded: LoadedCatalogue,
    verdicts: Verdicts,
    place: int,
    number: int,
    windows: Sequence[Sequence[int]],
    days: Sequence[int],
    today: date,
) -> Card:
    """The card of the opening at a position; `number` is its place in the list."""
    said, record = explain(verdicts, place), loaded.record(place)
    marks, more = card_marks(said)
    return Card(
        id=record.id,
        host_id=record.host_id,
        number=number,
        band=said.band.label,
        name=record.name,
        title="" if fold_text(record.title) == fold_text(record.name) else record.title,
        kind=kind_label(record.kind),
        facts=say_facts(loaded, record),
        travel=say_travel(said),
        fresh=(freshness_of(record.confirmed_on, today), say_confirmed(record.confirmed_on, today)),
        marks=marks,
        more_marks=more,
        points=say_points(said),
        week=week_rows(said.opening, windows, int(verdicts.usable_days[place]), days),
        usable_days=said.usable_days,
        statutory=said.statutory,
        near=say_near(said),
        questions=len(said.questions),
    )


def card_marks(said: OpeningVerdict) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """What stands on the card, and what is folded: reasons first, then questions, concerns and good points."""
    asked = [_question(found) for found in said.questions]
    good = [_good(point) for point in said.good]
    shown = [_reason(found) for found in said.reasons] + asked[:SHOWN_ASKED]
    shown += [("w", point.text, _soft(point)) for point in said.concerns] + good[:SHOWN_GOOD]
    return tuple(shown), tuple(asked[SHOWN_ASKED:] + good[SHOWN_GOOD:])


def _reason(found: FindingText) -> Mark:
    return ("x", found.text, "受け入れ先に相談できます" if found.is_negotiable else None)


def _question(found: FindingText) -> Mark:
    return ("q", found.text, "本人に聞く" if found.asks_person else None)


def _good(point: Point) -> Mark:
    return ("o", point.text, f"＋{point.points:g}点" if point.points else None)


def _soft(point: Point) -> str | None:
    return f"希望は満たさない（{point.points:g}点）" if point.points else None


def say_travel(said: OpeningVerdict) -> str:
    """徒歩 7分・電車・バス 17分; what is not known says so."""
    return (
        "・".join(w.label if w.mode in ("remote", "pickup") else f"{w.label} {w.minutes}分" for w in said.ways)
        or TRAVEL_UNKNOWN
    )


def say_facts(loaded: LoadedCatalogue, record: OpeningRecord) -> str:
    """Fee, reward and free places in one line; unknown stays unknown."""
    parts = []
    for key, label in (("cost", "参加費"), ("pay", "謝礼")):
        attribute, value = loaded.vocabulary.get(key), record.values.get(key)
        if attribute is not None:
            parts.append(f"{label} {say_value(attribute.host, value)}")
    parts.append("空き 未確認" if record.free is None else f"空き {record.free}")
    return "・".join(parts)


def say_points(said: OpeningVerdict) -> str:
    """「合う点 7 ／ 気になる点 1」: points earned, and how many concerns there are."""
    return f"合う点 {sum(p.points for p in said.good):g} ／ 気になる点 {len(said.concerns)}"


def say_near(said: OpeningVerdict) -> str:
    """How far the place is from 適合, in words that lead on."""
    if said.band is Band.NEEDS_CHECK:
        return f"あと{len(said.questions)}つ確かめれば決まります"
    if said.band is Band.EXCLUDED and len(said.reasons) == 1:
        return "合わないのは一つだけ"
    return ""
