"""A small town whose figures are worked out by hand: rows of `service/reports/facts.py`, no database."""

from datetime import date, timedelta

from service.reports.facts import (
    AnswerFact,
    CareFact,
    CaseFact,
    CaseMove,
    DatedFact,
    DueFact,
    Ground,
    MeetingFact,
    OpeningFact,
    PersonFact,
    PlaceFact,
    PlaceMove,
    ScreeningFact,
    SheetFact,
    TieFact,
)

APRIL, MARCH = date(2026, 4, 1), date(2027, 3, 31)
TODAY = date(2027, 4, 10)


def case(one: str, opened_on: date, status: str = "supporting", closed_on: date | None = None) -> CaseFact:
    return CaseFact(one, f"home-{one}", opened_on, status, closed_on)


def person(
    one: str, home: str, birth_on: date | None = date(2002, 5, 8), relation: str = "", gender: str = "F"
) -> PersonFact:
    return PersonFact(one, f"home-{home}", not relation, birth_on, gender, relation or "本人")


def sheet(
    one: str, on: date, *troubles: str, source: str = "aged_center", pressing: str = "", urgent: bool = False
) -> SheetFact:
    return SheetFact(one, on, on + timedelta(days=14), source, troubles, pressing, urgent)


def place(
    one: str, who: str, started_on: date | None, step: str = "settling", closing: str = "", kind: str = "ibasho"
) -> PlaceFact:
    since = started_on or APRIL
    return PlaceFact(one, who, f"host-{one}", kind, step, since, started_on, closing, "本人の都合" if closing else "")


def walk(one: str, *steps: tuple[str, date]) -> list[PlaceMove]:
    """Steps one after the other."""
    befores = ["", *(step for step, _ in steps)]
    return [PlaceMove(one, on, before, step) for before, (step, on) in zip(befores, steps, strict=False)]


__all__ = [
    "APRIL", "MARCH", "TODAY", "AnswerFact", "CareFact", "CaseFact", "CaseMove", "DatedFact", "DueFact", "Ground",
    "MeetingFact", "OpeningFact", "PersonFact", "PlaceFact", "PlaceMove", "ScreeningFact", "SheetFact", "TieFact", "case",
    "person", "place", "sheet", "walk",
]  # fmt: skip
