"""Typst behind one verb: a layout's name and plain data go in, the bytes of a PDF come out."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from service.web.print.glyphs import MISSING, make_printable

HERE = Path(__file__).parent
LAYOUTS = ("agencies", "document", "fax", "joint", "match", "phone_script", "sounding")


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Print `data` (see sheets.py) with one of LAYOUTS as a tagged PDF (PDF/UA-1).

    Texts travel as JSON and are never read as Typst code. ValueError for an unknown layout.
    """
    if template not in LAYOUTS:
        raise ValueError(f"印刷の型がありません：{template}")
    lost: set[str] = set()
    texts = _print_ready(data, lost)
    payload = json.dumps(texts | {"missing": _explain(lost)}, ensure_ascii=False)
    pdf = typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=_load_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": payload},
        pdf_standards=["ua-1"],
        format="pdf",
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _load_fonts() -> typst.Fonts:
    """The shipped fonts alone, so that a sheet looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])


def _print_ready(value: Any, lost: set[str]) -> Any:
    """The same nested data with every text fit for the font; what had to be replaced is added to `lost`."""
    if isinstance(value, str):
        text, missing = make_printable(value)
        lost |= missing
        return text
    if isinstance(value, Mapping):
        return {str(key): _print_ready(item, lost) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_print_ready(item, lost) for item in value]
    return value


def _explain(lost: set[str]) -> str:
    """A line for the foot of the sheet when a character could not be printed."""
    codes = "・".join(f"U+{ord(character):04X}" for character in sorted(lost)[:8])
    return f"{MISSING} は印刷できない文字です（{codes}）。画面で確かめてください。" if lost else ""
