"""A place as a card: what fits, what to ask, what does not, its week, and how to get there."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.kernel.kana import fold_text
from service.kernel.vocab import Kind, say_value
from service.matching.bands import Band
from service.matching.explain import FindingText, OpeningVerdict, Point, explain
from service.matching.gather import LoadedCatalogue
from service.matching.scoring.points import TEXT_LABEL
from service.matching.service import Ask
from service.matching.verdict import Verdicts
from service.matching.week import WeekRows, week_rows
from service.resources.facts import OpeningRecord
from service.resources.words import freshness_of, kind_label, say_confirmed

Mark = tuple[str, str, str | None]
SHOWN_EARNED, SHOWN_ASKED, SHOWN_LINES = 4, 4, 2
PER_LINE = 5
SHARED_WORDS = 3
# The week grid and the line of facts say these already.
SHOWN_ELSEWHERE = (Kind.TIME, Kind.TRAVEL)
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
    ask: Ask,
    verdicts: Verdicts,
    place: int,
    number: int,
    windows: Sequence[Sequence[int]],
    days: Sequence[int],
) -> Card:
    """The card of the opening at a position; `number` is its place in the list."""
    loaded, today = ask.loaded, ask.today
    said, record = explain(verdicts, place), loaded.record(place)
    marks, more = card_marks(said, shared_words(ask, place))
    return Card(
        id=record.id,
        host_id=record.host_id,
        number=number,
        band=said.band.label,
        name=record.name,
        title=own_title(record),
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


def card_marks(said: OpeningVerdict, shared: tuple[str, ...]) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """What stands on the card, and what is folded: reasons first, then questions, concerns and good points.

    What moves no points shares a line, so that a card can be taken in at a glance.
    """
    asked = [_question(found) for found in said.questions]
    earned = [_good(point, shared) for point in said.good if point.points]
    elsewhere = {found.text for found in said.findings if found.attribute.kind in SHOWN_ELSEWHERE}
    plain = [point.text for point in said.good if not point.points and point.text not in elsewhere]
    unmet: list[Mark] = [("w", point.text, _unmet(point)) for point in said.concerns if point.points]
    worth_knowing = _joined("w", [point.text for point in said.concerns if not point.points])
    fits = _joined("o", plain)
    shown = [_reason(found) for found in said.reasons] + asked[:SHOWN_ASKED]
    shown += unmet + worth_knowing + earned[:SHOWN_EARNED] + fits[:SHOWN_LINES]
    return tuple(shown), tuple(asked[SHOWN_ASKED:] + earned[SHOWN_EARNED:] + fits[SHOWN_LINES:])


def own_title(record: OpeningRecord) -> str:
    """What the opening is called, where that says more than the host's name."""
    return "" if fold_text(record.title) == fold_text(record.name) else record.title


def shared_words(ask: Ask, place: int) -> tuple[str, ...]:
    """What the wishes and the activity have in common, each word once."""
    words: list[str] = []
    for word in ask.loaded.index.why(ask.wishes, place):
        if not any(word in earlier for earlier in words):
            words.append(word)
    return tuple(words[:SHARED_WORDS])


def _joined(mark: str, texts: list[str]) -> list[Mark]:
    return [(mark, "・".join(texts[at : at + PER_LINE]), None) for at in range(0, len(texts), PER_LINE)]


def _reason(found: FindingText) -> Mark:
    return ("x", found.text, "受け入れ先に相談できます" if found.is_negotiable else None)


def _question(found: FindingText) -> Mark:
    return ("q", found.text, "本人に聞く" if found.asks_person else None)


def _good(point: Point, shared: tuple[str, ...]) -> Mark:
    text = f"{TEXT_LABEL}（{'・'.join(shared)}）" if point.text == TEXT_LABEL and shared else point.text
    return ("o", text, f"＋{say_number(point.points)}点")


def _unmet(point: Point) -> str:
    return f"希望は満たさない（−{say_number(-point.points)}点）"


def say_travel(said: OpeningVerdict) -> str:
    """徒歩 7分・電車・バス 17分; what is not known says so."""
    return (
        "・".join(w.label if w.mode in ("remote", "pickup") else f"{w.label} {w.minutes}分" for w in said.ways)
        or TRAVEL_UNKNOWN
    )


def say_facts(loaded: LoadedCatalogue, record: OpeningRecord) -> str:
    """Fee, reward and free places in one line; unknown stays unknown."""
    fee = _say_host_value(loaded, record, "cost", "参加費 {}")
    reward = _say_host_value(loaded, record, "pay", "{}")
    if reward in ("なし", "未確認"):
        reward = f"謝礼 {reward}"
    free = "空き 未確認" if record.free is None else f"空き {record.free}"
    return "・".join(part for part in (fee, reward, free) if part)


def _say_host_value(loaded: LoadedCatalogue, record: OpeningRecord, key: str, words: str) -> str:
    attribute = loaded.vocabulary.get(key)
    return words.format(say_value(attribute.host, record.values.get(key))) if attribute is not None else ""


def say_points(said: OpeningVerdict) -> str:
    """「合う点 7 ／ 気になる点 1」: points earned, and how many concerns there are."""
    return f"合う点 {say_number(sum(p.points for p in said.good))} ／ 気になる点 {len(said.concerns)}"


def say_number(points: float) -> str:
    """Points with one decimal at most."""
    return f"{round(points, 1):g}"


def say_near(said: OpeningVerdict) -> str:
    """How far the place is from 適合, in words that lead on."""
    if said.band is Band.NEEDS_CHECK:
        return f"あと{len(said.questions)}つ確かめれば決まります"
    if said.band is Band.EXCLUDED and len(said.reasons) == 1:
        return "合わないのは一つだけ"
    return ""
