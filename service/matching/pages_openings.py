"""What would open more places: a need dropped, a host spoken with, a question answered."""

from dataclasses import dataclass

from service.matching.bands import Band
from service.matching.candidate_map import BAND_KEYS
from service.matching.questions import HostQuestion, PersonQuestion, host_questions, person_questions
from service.matching.relax import negotiations, relaxations
from service.matching.service import Ask
from service.matching.verdict import Verdicts
from service.matching.week import day_labels

NAMED_AT_MOST = 6


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
class CountsView:
    """The live counts beside the assessment."""

    here: str
    counts: tuple[tuple[str, str, int], ...]
    questions: tuple[NextQuestion, ...]


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
