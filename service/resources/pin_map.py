"""A map to point at: every town is a link, so that a place can be set by hand without a script."""

from markupsafe import Markup

from service.kernel.geo.coordinates import check_coordinates
from service.resources.edit_pages import PinChoice
from service.resources.places import Places
from service.resources.spots import svg_head
from service.web.map_ground import base_svg, draw_names, frame_clip, frame_line, write_number

MOST_TOWNS = 24
_CHOSEN = "#0017c1"


def read_spot(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of an address like 35.3197,139.5467; None for anything that cannot be in Japan."""
    lat, comma, lon = text[:60].partition(",")
    try:
        spot = round(float(lat), 6), round(float(lon), 6)
    except ValueError:
        return None
    return spot if comma and check_coordinates(*spot) is None else None


def name_of_spot(places: Places, spot: tuple[float, float]) -> str:
    """The town a point lies in, in words."""
    town = places.geocoder.reverse(spot)
    return "" if town is None else str(town.address)


def town_choices(places: Places, q: str) -> tuple[PinChoice, ...]:
    """The towns whose name holds what was typed."""
    found = places.geocoder.suggest(q, MOST_TOWNS)
    return tuple(PinChoice(f"{town.latitude:.6f},{town.longitude:.6f}", str(town.address)) for town in found)


def draw_pin_map(places: Places, href: str, chosen: tuple[float, float] | None) -> Markup | None:
    """The municipality with each town as a link to itself, and a mark where the place is; None without a map."""
    town_map = places.town_map(large=True)
    if town_map is None:
        return None
    cells = (
        Markup(
            '<a href="{}?at={:.6f},{:.6f}" aria-label="{}"><title>{}</title>'
            '<polygon points="{}" fill="#ffffff" fill-opacity="0"/></a>'
        ).format(
            href, cell.town.lat, cell.town.lon, cell.town.town, cell.town.town,
            " ".join(f"{write_number(x)},{write_number(y)}" for x, y in cell.polygon),
        )
        for cell in town_map.cells
    )  # fmt: skip
    mark = Markup()
    if chosen is not None and town_map.projection.shows(*chosen):
        x, y = town_map.project(*chosen)
        mark = Markup('<circle cx="{}" cy="{}" r="9" fill="{}" stroke="#ffffff" stroke-width="2"/>').format(
            write_number(x), write_number(y), _CHOSEN
        )
    parts = [
        svg_head(town_map, "pin", "場所を示す地図", "町を選ぶと、その町の中心に印が付きます。"),
        frame_clip(town_map, "pin"),
        Markup('<g clip-path="url(#pin-frame)">'),
        base_svg(town_map),
        draw_names(town_map, []),
        mark,
        *cells,
        Markup("</g>"),
        frame_line(town_map),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)
