"""The columns 緯度 and 経度 of a row."""

import re
import unicodedata
from typing import Final

from service.kernel.geo.coordinates import CoordinateFault, check_coordinates
from service.resources.interchange.contacts import said
from service.resources.interchange.drafts import RowFault
from service.resources.interchange.table import Row

_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{0,20})?")


def read_point(row: Row) -> tuple[float | None, float | None]:
    """Latitude and longitude, both None where the file has none (empty, - or 0); RowFault when they are wrong."""
    lat, lon = (_degrees(row, name) for name in ("緯度", "経度"))
    problem = check_coordinates(lat, lon)
    if problem is None:
        return lat, lon
    if problem.fault in (CoordinateFault.MISSING, CoordinateFault.ZERO):
        return None, None
    raise RowFault(problem.reason, problem.remedy)


def _degrees(row: Row, name: str) -> float | None:
    text = unicodedata.normalize("NFKC", said(row.text(name))[:60]).strip()
    if not text:
        return None
    if not _DEGREES.fullmatch(text):
        raise RowFault(
            f"{name}「{text[:20]}」が数字ではありません。", f"{name}を 35.123456 のような数字にするか、空にしてください。"
        )
    return float(text)
