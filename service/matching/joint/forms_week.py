"""A person's week as an address asks for it, and as the button of a step sends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from service.kernel.digits import whole
from service.kernel.errors import DomainError
from service.matching.gather import LoadedCatalogue
from service.matching.joint.asking import OpeningFilter
from service.matching.joint.forms import read_ids
from service.matching.joint.pages_week import WeekDraft
from service.matching.joint.week import WeekAsk
from service.web.params import typed_text

STEPS: Final = ("s1", "s2", "s3")
FIRST: Final = {"s1": "1", "s2": "2", "s3": "", "hosts": "3"}
MOST_TIMES: Final = 14
Times = dict[str, list[tuple[int | None, int | None]]]


def read_week(values: Callable[[str], Sequence[str]], loaded: LoadedCatalogue) -> tuple[WeekAsk, WeekDraft]:
    """The question; what cannot be read is said, and the usual steps are taken instead."""
    asked = any(values(name) for name in (*STEPS, "hosts"))
    typed = {name: typed_text(next(iter(values(name)), ""), 20) if asked else usual for name, usual in FIRST.items()}
    without = tuple(sorted(read_ids(values("x"))))
    include_ask, problems = bool(values("ask")), []
    openings = tuple(id_ for id_ in loaded.catalogue.ids if id_ not in without) if without else ()
    try:
        steps = tuple(_number(typed[name]) for name in STEPS if typed[name])
        ask = WeekAsk(steps, _number(typed["hosts"] or "3"), include_ask, OpeningFilter(openings=openings))
    except DomainError as problem:
        problems.append(f"{problem.message}{problem.remedy}")
        ask = WeekAsk(include_ask=include_ask, openings=OpeningFilter(openings=openings))
    return ask, WeekDraft(typed, include_ask, without, tuple(problems))


def _number(text: str) -> int:
    if (number := whole(text, 99)) is not None:
        return number
    raise DomainError("回数を読めませんでした。", "1〜7の数字で入れてください。", "steps", 422)


def read_times(texts: Iterable[str]) -> Times:
    """opening:weekday:start, grouped by opening; what is none of that is left out."""
    found: Times = {}
    for text in list(texts)[:MOST_TIMES]:
        opening, _, rest = typed_text(text, 60).partition(":")
        day, _, start = rest.partition(":")
        if read_ids([opening]) and all(_is_small(part) for part in (day, start)):
            found.setdefault(opening, []).append((int(day) if day else None, int(start) if start else None))
    return found


def _is_small(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) < 5)
