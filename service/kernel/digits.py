"""Whole numbers as people type them: digits of any width, and nothing else that a program would take for a number."""

import unicodedata
from typing import Final

LONGEST: Final = 12
"""More digits are no number that anybody here counts."""


def whole(text: str, most: int, least: int = 0) -> int | None:
    """The number that was typed, from `least` to `most`; None for anything else, and for nothing."""
    plain = unicodedata.normalize("NFKC", text.strip()[: LONGEST + 1])
    if not (plain.isascii() and plain.isdigit() and len(plain) <= LONGEST):
        return None
    number = int(plain)
    return number if least <= number <= most else None
