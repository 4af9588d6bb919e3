"""The same verdicts for programs, with the same permissions."""

from dataclasses import dataclass

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.accounts.roles import READ_MATCHES
from service.matching.asking import asked
from service.matching.bands import Band
from service.matching.explain import explain
from service.matching.relax import relaxations
from service.matching.service import Ask, match
from service.matching.verdict import Verdicts
from service.web.call import Call
from service.web.params import known_id


@dataclass(frozen=True)
class FindingData:
    """One condition that excludes a place or has to be asked about."""

    code: str
    attribute: str
    text: str


@dataclass(frozen=True)
class PlaceData:
    """One opening's verdict."""

    opening: str
    host: str
    host_name: str
    band: str
    reasons: list[FindingData]
    questions: list[FindingData]
    usable_days: str
    minutes: dict[str, int]
    score: float


@dataclass(frozen=True)
class RelaxData:
    """The openings that leave 不適合 if one code is dropped, with their band then."""

    code: str
    opens: list[tuple[str, str]]


@dataclass(frozen=True)
class MatchData:
    """A whole match: counts by band, every opening best first, and the single relaxations."""

    counts: dict[str, int]
    places: list[PlaceData]
    relaxations: list[RelaxData]


class MatchApi(Controller):
    """GET /api/v1/people/{id}/match."""

    @get("/api/v1/people/{person_id:str}/match", perm=READ_MATCHES, sync_to_thread=True, tags=["match"])
    def show(self, call: NamedDependency[Call], person_id: FromPath[str]) -> MatchData:
        """Every opening's verdict for one person, under the same what-if parameters as the page."""
        ask = asked(call, known_id(person_id))
        return match_data(ask, match(ask))


def match_data(ask: Ask, verdicts: Verdicts) -> MatchData:
    """A match as plain data."""
    opened = [
        RelaxData(r.code, [(ask.loaded.record(place).id, band.label) for place, band in r.opens])
        for r in relaxations(verdicts)
    ]
    counts = {band.label: verdicts.counts[band] for band in Band}
    return MatchData(counts, [_place(ask, verdicts, place) for place in verdicts.order.tolist()], opened)


def _place(ask: Ask, verdicts: Verdicts, place: int) -> PlaceData:
    said, record = explain(verdicts, place), ask.loaded.record(place)
    return PlaceData(
        opening=record.id,
        host=record.host_id,
        host_name=record.name,
        band=said.band.label,
        reasons=[FindingData(f.attribute.code, f.attribute.key, f.text) for f in said.reasons],
        questions=[FindingData(f.attribute.code, f.attribute.key, f.text) for f in said.questions],
        usable_days=said.usable_days,
        minutes={way.mode: way.minutes for way in said.ways},
        score=said.score,
    )
