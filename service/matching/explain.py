"""One opening's verdict in plain Japanese; made only for the openings that are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.kernel.vocab import AGE, GENDER, Attribute, Kind, Strength, say_need
from service.matching.bands import Band
from service.matching.facts import OpeningFacts
from service.matching.rules import MET, UNKNOWN, VIOLATED, Asked
from service.matching.scoring.points import HUNDREDTHS, TEXT_LABEL, matched_keys, points_by_matches, text_points
from service.matching.verdict import Verdicts
from service.matching.wording import Pair, Way, say_fit, say_question, say_reason, value_key, ways

MARKS: Final = ("○", "？", "×")
STATUTORY: Final = "statutory"
STATUTORY_FIRST: Final = "既存制度の利用を先に検討"


@dataclass(frozen=True, slots=True)
class FindingText:
    """One condition of one opening: its mark, what was needed, and the sentence that goes with the mark.

    `text` is the reason where violated, the question where unknown, the good point where met (may be empty).
    """

    attribute: Attribute
    finding: int
    strength: Strength
    need: str
    text: str
    asks_person: bool = False
    is_negotiable: bool = False

    @property
    def mark(self) -> str:
        return MARKS[self.finding]


@dataclass(frozen=True, slots=True)
class Point:
    """合っている点 or 気になる点 with its points; 0 for what is worth knowing but earns nothing."""

    text: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class OpeningVerdict:
    """Everything a card says about one opening. `score` is the sum of the points in `good` and `concerns`."""

    place: int
    opening: OpeningFacts
    band: Band
    findings: tuple[FindingText, ...]
    good: tuple[Point, ...]
    concerns: tuple[Point, ...]
    usable_days: str
    ways: tuple[Way, ...]
    km: float | None
    score: float
    statutory: str

    @property
    def reasons(self) -> tuple[FindingText, ...]:
        """All that excludes the place."""
        return tuple(found for found in self.findings if found.finding == VIOLATED and found.strength.decides)

    @property
    def questions(self) -> tuple[FindingText, ...]:
        """What has to be asked before the place can be offered."""
        return tuple(found for found in self.findings if found.finding == UNKNOWN and found.strength.decides)


def explain(verdicts: Verdicts, place: int) -> OpeningVerdict:
    """The verdict of one opening in words."""
    pair = Pair(verdicts, place)
    findings = tuple(_finding_text(pair, need, finding) for need, finding in verdicts.of(place))
    km = float(verdicts.km[place])
    return OpeningVerdict(
        place,
        pair.opening,
        Band(int(verdicts.bands[place])),
        findings,
        tuple(sorted(_good_points(pair, findings), key=lambda point: -point.points)),
        tuple(sorted(_concerns(pair, findings), key=lambda point: point.points)),
        pair.days,
        ways(pair),
        km if km == km else None,
        int(verdicts.score[place]) / HUNDREDTHS,
        STATUTORY_FIRST if pair.opening.values.get(STATUTORY) is True else "",
    )


def _finding_text(pair: Pair, need: Asked, finding: int) -> FindingText:
    attribute, asks_person = need.attribute, False
    if finding == MET:
        text = say_fit(pair, need)
    elif finding == VIOLATED:
        text = say_reason(pair, need)
    else:
        text, asks_person = say_question(pair, need)
    wanted = need.value if attribute.person.is_asked else None
    is_negotiable = attribute.key in pair.opening.negotiable and not attribute.locked
    return FindingText(attribute, finding, need.strength, say_need(attribute, wanted), text, asks_person, is_negotiable)


def _good_points(pair: Pair, findings: tuple[FindingText, ...]) -> Iterator[Point]:
    for found in findings:
        is_told = found.strength is not Strength.GATE and found.attribute.key not in (AGE, GENDER)
        is_about_place = pair.is_remote and found.attribute.remote_satisfies and found.attribute.kind is not Kind.TRAVEL
        # What a place is like is no merit of an activity at home, though it does earn the points of a wish.
        if found.finding == MET and found.text and is_told and not (is_about_place and not found.strength.points):
            yield Point(
                f"{found.attribute.label}は問わない（在宅）" if is_about_place else found.text, found.strength.points
            )
    yield from _activity_points(pair)


def _activity_points(pair: Pair) -> Iterator[Point]:
    verdicts = pair.verdicts
    for attribute in verdicts.catalogue.vocabulary.of_kind(Kind.TEXT):
        need = verdicts.situation.person.need(attribute.key)
        tags = (need.value.get("tags") if need is not None else None) or ()
        keys = matched_keys(verdicts.catalogue, attribute, tags, pair.place)
        if need is not None and keys:
            table = points_by_matches(need.strength.points or 1)
            words = attribute.fit_text.format(h="・".join(attribute.host.label(key) for key in keys))
            yield Point(words, int(table[min(len(keys), len(table) - 1)]) / HUNDREDTHS)
    if verdicts.similarity is not None:
        earned = int(text_points(verdicts.similarity[pair.place : pair.place + 1])[0])
        if earned:
            yield Point(TEXT_LABEL, earned / HUNDREDTHS)


def _concerns(pair: Pair, findings: tuple[FindingText, ...]) -> Iterator[Point]:
    for found in findings:
        if found.finding == VIOLATED and not found.strength.decides:
            yield Point(found.text, -found.strength.points)
    asked = {found.attribute.key for found in findings}
    for attribute in pair.verdicts.catalogue.vocabulary:
        skipped = attribute.key in asked or attribute.key == STATUTORY or (pair.is_remote and attribute.remote_satisfies)
        value = pair.value(attribute)
        words = "" if value is None else attribute.mention.get(value_key(attribute, value), "")
        if words and not skipped and not _is_liked(pair, attribute, value):
            yield Point(words)


def _is_liked(pair: Pair, attribute: Attribute, value: object) -> bool:
    """A dog is no concern to somebody who wishes for animals."""
    wishes = pair.verdicts.situation.person.need("interests")
    liked = set(wishes.value.get("tags") or ()) if wishes is not None else set()
    return any(choice.key == value and choice.implies in liked for choice in attribute.host.choices)
