"""Random towns, each with rows of one matter only, so that a thousand of them can be tried."""

import random
from datetime import date, timedelta

from service.cases.referrals.troubles import TROUBLES
from service.reports.counting import Count, count
from service.reports.facts import DatedFact, Ground, PersonFact, ScreeningFact
from service.reports.figures import FIGURES
from service.reports.periods import Period
from tests.reports.hand import TODAY, CaseFact, place, sheet, walk

YEAR = Period(2026)
SIZES = (3, 8, 15, 30, 60, 120)


def random_ground(rng: random.Random) -> Ground:
    """Sheets and decisions, unmet needs, ways to a host, or people."""
    matter, size = rng.choice((_sheets, _gaps, _ways, _people)), rng.choice(SIZES)
    return matter(rng, size)


def random_periods(rng: random.Random) -> list[Period]:
    """One to four periods of the year in the order they leave, one inside the other as it comes."""
    quarters = [Period(2026, at, 3) for at in (0, 3, 6, 9)]
    found = rng.sample([YEAR, *quarters, *YEAR.months_of()[:4]], rng.choice((1, 2, 2, 3, 4)))
    return [*quarters, YEAR] if rng.random() < 0.15 else found


def counts_of(ground: Ground, period: Period) -> dict[str, Count]:
    return {figure.key: count(figure, ground, period, TODAY) for figure in FIGURES}


def _day(rng: random.Random) -> date:
    return YEAR.first + timedelta(days=rng.randrange(365))


def _sheets(rng: random.Random, size: int) -> Ground:
    troubles, sources = list(TROUBLES), ("aged_center", "school", "council", "other")
    sheets = [
        sheet(str(at), _day(rng), rng.choice(troubles[: rng.choice((2, 6))]), source=sources[min(int(rng.expovariate(1)), 3)],
              urgent=rng.random() < 0.2)
        for at in range(size)
    ]  # fmt: skip
    results = [ScreeningFact(each.case_id, min(each.received_on + timedelta(days=rng.randrange(25)), YEAR.last),
                             rng.choice(("juso", "juso", "ordinary", "advice_only"))) for each in sheets]  # fmt: skip
    return Ground(
        sheets=sheets,
        screenings=results,
        cases=[CaseFact(each.case_id, each.case_id, each.received_on, "", None) for each in sheets],
    )


def _gaps(rng: random.Random, size: int) -> Ground:
    return Ground(gaps=[
        DatedFact(_day(rng), {"code": rng.choice("時音距"), "district": "岡玉腰"[min(int(rng.expovariate(1)), 2)],
                              "age": rng.choice(("20〜39歳", "40〜59歳"))}) for _ in range(size)
    ])  # fmt: skip


def _ways(rng: random.Random, size: int) -> Ground:
    places, moves = [], []
    for at in range(size):
        days = sorted(_day(rng) for _ in range(5))
        ending = rng.choice((("started", days[4]), ("declined", days[3]), ("ended", days[4])))
        steps = [("candidate", days[0]), ("sounded", days[1]), ("trial", days[2]), ending][: rng.choice((1, 2, 4, 4))]
        over = steps[-1][0] in ("declined", "ended")
        places.append(
            place(str(at), f"p{at}", None, steps[-1][0], "x" if over else "", rng.choice(("ibasho", "farm", "shop")))
        )
        moves += walk(str(at), *steps)
    return Ground(places=places, steps=moves)


def _people(rng: random.Random, size: int) -> Ground:
    cases, people, places, moves = [], [], [], []
    for at in range(size):
        opened, one = _day(rng), str(at)
        closed = opened + timedelta(days=rng.randrange(300)) if rng.random() < 0.5 else None
        cases.append(CaseFact(one, f"home-{one}", opened, "supporting", closed))
        born = date(1950 + 10 * rng.choice((0, 1, 4, 5, 5)), 1, 1)
        people.append(PersonFact(f"p{one}", f"home-{one}", True, born, rng.choice("FFFM"), "本人"))
        if rng.random() < 0.5:
            places.append(place(one, f"p{one}", opened, "started"))
            moves += walk(one, ("candidate", opened), ("started", opened))
    return Ground(cases=cases, people=people, places=places, steps=moves)
