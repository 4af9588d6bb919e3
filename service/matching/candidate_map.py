"""The map of a match: the places spoken of, the person's home unless locked, and nothing that is avoided."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from service.kernel.geo.travel import reach_km
from service.matching.bands import Band
from service.matching.rules import VIOLATED
from service.matching.service import Ask
from service.matching.verdict import Verdicts
from service.matching.whatif import address_of
from service.resources.places import Places
from service.web.map import MarkerKind, MarkerView, PersonView, draw_map

KINDS: Final = {Band.FITS: MarkerKind.FIT, Band.NEEDS_CHECK: MarkerKind.ASK, Band.EXCLUDED: MarkerKind.UNFIT}
BAND_KEYS: Final[Mapping[Band, str]] = {Band.FITS: "ok", Band.NEEDS_CHECK: "ask", Band.EXCLUDED: "no"}
NEVER_DRAWN: Final = frozenset({"R-AVOID", "R-AVOID-ZONE"})
DRAWN_OF_A_BAND: Final = 12


def draw_candidates(ask: Ask, verdicts: Verdicts, places: Places, shown: Sequence[int], first: int) -> Markup:
    """The map in step with the cards: the shown ones, then what fits or may fit; what is avoided is never drawn."""
    numbers = {place: first + i + 1 for i, place in enumerate(shown)}
    near = [place for band in (Band.FITS, Band.NEEDS_CHECK) for place in verdicts.in_band(band, DRAWN_OF_A_BAND).tolist()]
    found = [_marker(ask, verdicts, place, numbers) for place in dict.fromkeys([*shown, *near])]
    # Several openings of one site stand on one spot; the best of them speaks for it.
    spots: dict[tuple[float, float], MarkerView] = {}
    for marker in found:
        if marker is not None:
            spots.setdefault((marker.lat, marker.lon), marker)
    # A locked home is not drawn, and must not even decide where the picture is centred.
    home = None if ask.case.locked else _home(ask)
    points = [*spots, *([(home.lat, home.lon)] if home else [])]
    town_map = places.town_map(points)
    if town_map is None:
        return Markup("")
    return draw_map(town_map, list(spots.values()), person=home, person_shown=home is not None, title="候補の地図")


def _marker(ask: Ask, verdicts: Verdicts, place: int, numbers: Mapping[int, int]) -> MarkerView | None:
    opening = ask.loaded.catalogue.openings[place]
    if opening.lat is None or opening.lon is None or _is_avoided(verdicts, place):
        return None
    band = Band(int(verdicts.bands[place]))
    number = numbers.get(place) if band is Band.FITS else None
    here = f"/people/{ask.person.id}/match"
    page = "" if place in numbers else address_of(here, ask.what_if, ask.vocabulary, band=BAND_KEYS[band])
    return MarkerView(opening.lat, opening.lon, KINDS[band], opening.name, f"o-{opening.id}", number, page)


def _is_avoided(verdicts: Verdicts, place: int) -> bool:
    return any(need.attribute.code in NEVER_DRAWN and finding == VIOLATED for need, finding in verdicts.of(place))


def _home(ask: Ask) -> PersonView | None:
    if ask.facts.lat is None or ask.facts.lon is None:
        return None
    travel: Any = ask.facts.need("travel")
    walks = travel is not None and "walk" in travel.value["modes"]
    limit = travel.value["max_min"] if walks else None
    return PersonView(
        ask.facts.lat, ask.facts.lon, reach_km("walk", limit) if limit else None, f"徒歩{limit}分" if limit else ""
    )
