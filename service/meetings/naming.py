"""What a town calls its kinds of meeting; the rules know them by their keys."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from service.meetings.rules import KINDS
from service.resources.town_words import town_settings


def town_kinds(session: Session) -> Mapping[str, str]:
    """The kinds by their key, in the words of the town."""
    said = town_settings(session)
    return {kind: said.word(kind) for kind in KINDS}
