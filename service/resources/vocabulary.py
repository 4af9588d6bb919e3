"""The vocabulary a town works with: the seed's rows, then every edit as a new version of its row."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.kernel.vocab import (
    Attribute,
    Vocabulary,
    attribute_from_row,
    attribute_to_row,
    load_vocabulary,
)
from service.resources.models import VocabularyEntry

SEED_AUTHOR = "（初期値）"


def current_vocabulary(session: Session) -> Vocabulary:
    """The rows in force, with the seed's sections and activities."""
    seed = load_vocabulary()
    rows = [attribute_from_row(entry.body, seed.activities) for entry in entries_in_force(session)]
    return Vocabulary(tuple(sorted(rows, key=lambda a: a.order)), seed.sections, seed.activities)


def entries_in_force(session: Session) -> Sequence[VocabularyEntry]:
    """The newest entry of every key."""
    newest = select(func.max(VocabularyEntry.seq)).group_by(VocabularyEntry.key)
    return session.scalars(select(VocabularyEntry).where(VocabularyEntry.seq.in_(newest))).all()


def history_of(session: Session, key: str) -> Sequence[VocabularyEntry]:
    """Every version of one attribute, newest first."""
    query = select(VocabularyEntry).where(VocabularyEntry.key == key).order_by(VocabularyEntry.seq.desc())
    return session.scalars(query).all()


def store_seed_vocabulary(session: Session, now: datetime) -> None:
    """Store the seed's attributes that this town has never had; what a town edited stays as it is."""
    known = set(session.scalars(select(VocabularyEntry.key).distinct()))
    for attribute in load_vocabulary():
        if attribute.key not in known:
            save_attribute(session, attribute, SEED_AUTHOR, now)


def save_attribute(session: Session, attribute: Attribute, author: str, now: datetime) -> VocabularyEntry:
    """Add a version of an attribute; nothing earlier is changed."""
    last = session.scalar(select(func.max(VocabularyEntry.seq))) or 0
    entry = VocabularyEntry(seq=last + 1, key=attribute.key, body=attribute_to_row(attribute), at=now, author=author)
    session.add(entry)
    session.flush()
    return entry
