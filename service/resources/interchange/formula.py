"""Texts that a spreadsheet would take for a formula."""

import re
import unicodedata
from typing import Final

_TRIGGER: Final = re.compile(r"[=+\-@|%＝＋－＠\t\r]")
_BLANK_CATEGORIES: Final = ("Cc", "Cf", "Zs", "Zl", "Zp")


def guard_formula(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would start calculating."""
    return f"'{text}" if _looks_like_formula(text) else text


def unguard_formula(text: str) -> str:
    """The text as it was before `guard_formula`."""
    return text[1:] if text.startswith("'") and _looks_like_formula(text[1:]) else text


def _looks_like_formula(text: str) -> bool:
    blanks = "".join(char for char in set(text) if unicodedata.category(char) in _BLANK_CATEGORIES)
    return _TRIGGER.match(text.lstrip(blanks)) is not None
