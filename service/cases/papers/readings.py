"""Readings above the words of our own papers: a small list of terms, longest first; nothing that somebody typed is read."""

import re
import tomllib
from functools import cache
from typing import Final

from service.kernel.vocab import SEED_FOLDER

UNREAD: Final = re.compile(r"[\u3400-\u9fff々]")


def with_readings(text: str) -> str:
    """A fixed text with ｜漢字《かんじ》 wherever the list knows the word."""
    return _terms().sub(lambda found: f"｜{found.group()}《{read_terms()[found.group()]}》", text)


@cache
def read_terms() -> dict[str, str]:
    """The list: word and reading."""
    return dict(tomllib.loads((SEED_FOLDER / "readings.toml").read_text("utf-8"))["readings"])


@cache
def _terms() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, read_terms()), key=len, reverse=True)))
