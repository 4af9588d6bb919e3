"""Which characters the shipped fonts can print; the others become 〓, the printer's sign for a missing type."""

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FONTS = ("BIZUDPGothic-Regular.ttf", "TsunagiNames-Regular.otf")
"""The second has the letters of names that the first lacks: 𠮷, 𣘺 …"""
MISSING = "〓"
BREAK = "\u200b"
UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Variation selectors and direction marks: they show nothing themselves and may hide the order of a text."""
UNBROKEN = re.compile(r"[!-~]{24}")


KEPT_SHAPES = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
"""Kanji that Unicode would write as another one; a name keeps its own."""


@cache
def read_printable() -> frozenset[int]:
    """Code points of the fonts."""
    return frozenset().union(*(read_codes((FOLDER / name).read_bytes()) for name in FONTS))


def read_codes(font: bytes) -> frozenset[int]:
    """Code points of one font, from its cmap table (formats 4 and 12 of the OpenType specification)."""
    table = _table(font, b"cmap")
    count = struct.unpack_from(">H", font, table + 2)[0]
    offsets = {struct.unpack_from(">I", font, table + 8 + 8 * i)[0] for i in range(count)}
    found: set[int] = set()
    for start in (table + offset for offset in offsets):
        form = struct.unpack_from(">H", font, start)[0]
        found.update(_read_segments(font, start) if form == 4 else _read_groups(font, start) if form == 12 else ())
    return frozenset(found)


def make_printable(text: str) -> tuple[str, frozenset[str]]:
    """The text with 〓 for what the font lacks and a break inside very long words; and the characters replaced."""
    parts = KEPT_SHAPES.split(text)
    composed = "".join(part if at % 2 else unicodedata.normalize("NFC", part) for at, part in enumerate(parts))
    plain = UNSEEN.sub("", composed)
    known = read_printable()
    lost = frozenset(c for c in plain if ord(c) not in known and c not in "\n\t")
    shown = "".join(MISSING if c in lost else c for c in plain)
    return UNBROKEN.sub(lambda run: run.group() + BREAK, shown), lost


def _table(font: bytes, tag: bytes) -> int:
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * i) for i in range(count))
    return next(int(offset) for name, _sum, offset, _length in records if name == tag)


def _read_groups(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">I", font, start + 12)[0]
    for i in range(count):
        first, last, _glyph = struct.unpack_from(">III", font, start + 16 + 12 * i)
        yield from range(first, last + 1)


def _read_segments(font: bytes, start: int) -> Iterator[int]:
    doubled = struct.unpack_from(">H", font, start + 6)[0]
    size = doubled // 2
    ends = struct.unpack_from(f">{size}H", font, start + 14)
    starts = struct.unpack_from(f">{size}H", font, start + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
