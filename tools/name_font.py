"""The letters of names that BIZ UDPGothic lacks, cut out of Noto Sans CJK JP: one small font beside the shipped two.

Which letters: the kanji of JIS X 0212 and 0213, of code page 932, the compatibility ideographs and CJK Extension B, as far
as Noto Sans CJK JP draws them and BIZ UDPGothic does not. The same input makes the same bytes; `tools/vendor.py` calls it.
Needs fonttools (in requirements/dev.lock) and the Debian package fonts-noto-cjk.
"""

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "service" / "web" / "print" / "fonts" / "BIZUDPGothic-Regular.ttf"
FAMILY = "Tsunagi Names"
JAPANESE = "Noto Sans CJK JP"
KEPT_NAMES = {0, 7, 8, 9, 11, 13, 14}
"""Copyright, trademark, makers and licence stay as their makers wrote them; the font itself takes another name."""
BLOCKS = ((0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2F800, 0x2FA1F))


def make_font(collection: Path) -> bytes:
    """The bytes of the font, out of the collection that Debian installs."""
    font = next(each for each in TTCollection(collection).fonts if each["name"].getDebugName(1) == JAPANESE)
    wanted = {code for code in wanted_codes() if code in font.getBestCmap()} - set(TTFont(SHIPPED).getBestCmap())
    font.recalcTimestamp = False
    cutter = Subsetter(_options())
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    _rename(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def wanted_codes() -> Iterator[int]:
    """Kanji that a Japanese name may be written with."""
    two = [bytes([first, second]) for first in range(0x81, 0xFF) for second in range(0x40, 0xFF)]
    for codec, prefixes in (("euc_jis_2004", (b"", b"\x8f")), ("euc_jp", (b"\x8f",)), ("cp932", (b"",))):
        for letter in (_decode(prefix + pair, codec) for prefix in prefixes for pair in two):
            if len(letter) == 1 and unicodedata.name(letter, "").startswith("CJK "):
                yield ord(letter)
    for first, last in BLOCKS:
        yield from range(first, last + 1)


def _decode(code: bytes, codec: str) -> str:
    try:
        return code.decode(codec)
    except UnicodeDecodeError:
        return ""


def _options() -> Options:
    options = Options()
    options.layout_features, options.hinting, options.glyph_names, options.notdef_outline = [], False, False, True
    options.desubroutinize, options.name_IDs, options.drop_tables = (
        True,
        ["*"],
        ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx"],
    )
    return options


def _rename(font: TTFont) -> None:
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in KEPT_NAMES]
    for number, text in (
        (1, FAMILY),
        (2, "Regular"),
        (3, f"{FAMILY} 1"),
        (4, FAMILY),
        (5, "Version 1"),
        (6, "TsunagiNames-Regular"),
    ):
        names.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames[0] = "TsunagiNames-Regular"
    top.topDictIndex[0].FullName = top.topDictIndex[0].FamilyName = FAMILY
