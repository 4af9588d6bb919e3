"""What a joint run is asked, as an address or a form says it: forgiving, and every problem said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.kernel.digits import whole
from service.kernel.errors import DomainError
from service.matching.engine.settings import IN_ORDER
from service.matching.joint.asking import OLDEST, JointAsk, OpeningFilter, PeopleFilter, Pin, PinKind, RunSettings
from service.web.forms import Posted
from service.web.params import typed_text

Values = Callable[[str], Sequence[str]]
AIMS: Final[Mapping[str, str]] = {str(next(iter(level.weights))): level.name for level in IN_ORDER}
"""Term → its words, in the order they come in unless somebody decides otherwise."""
MOST_IN_A_LIST: Final = 500
NUMBERS: Final[Mapping[str, tuple[str, int, int, int]]] = {
    "wait": ("待っている日数", 0, 36_500, 0),
    "age_from": ("年齢（から）", 0, OLDEST, 0),
    "age_to": ("年齢（まで）", 0, OLDEST, OLDEST),
    "load": ("1週間の回数", 1, 7, 1),
    "hosts": ("1人の行き先の数", 1, 7, 1),
}
"""Field → its words, least, most, and what an empty one means."""
ID_LISTS: Final = ("c", "p")
WORD_LISTS: Final = ("d", "k", "t", "o")


@dataclass(frozen=True)
class AskDraft:
    """A question as typed: what could be read of it, and what could not."""

    ask: JointAsk
    typed: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...]

    def text(self, name: str) -> str:
        """What stands in a field of one line."""
        return next(iter(self.typed.get(name, ())), "")

    def has(self, name: str, value: str) -> bool:
        """Whether a choice is ticked."""
        return value in self.typed.get(name, ())

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Everything typed as (name, value), to travel in an address or in hidden fields."""
        return tuple((name, value) for name, values in self.typed.items() for value in values)


def read_ask(values: Values) -> AskDraft:
    """Read a question from whatever holds lists of values by name."""
    typed = {name: kept for name in _NAMES if (kept := _clean(values(name)))}
    problems: list[str] = []
    number = {name: _number(name, typed.get(name, ()), problems) for name in NUMBERS}
    # What is chosen comes first, once each; what nobody chose follows in the usual order.
    aims = tuple(dict.fromkeys([*(aim for aim in typed.get("aim", ()) if aim in AIMS), *AIMS]))
    try:
        settings = RunSettings(aims=aims, include_ask="ask" in typed, load=number["load"], most_hosts=number["hosts"])
    except DomainError as problem:
        problems.append(f"{problem.message}{problem.remedy}")
        settings = RunSettings()
    people = PeopleFilter(
        coordinator_ids=_ids(typed.get("c", ())),
        districts=typed.get("d", ()),
        waiting_least=number["wait"],
        age_from=number["age_from"],
        age_to=number["age_to"],
        without_place="placed" not in typed,
        people=_ids(typed.get("p", ())),
    )
    openings = OpeningFilter(themes=typed.get("t", ()), kinds=typed.get("k", ()), districts=typed.get("o", ()))
    return AskDraft(JointAsk(people, openings, settings), typed, tuple(problems))


_NAMES: Final = (*ID_LISTS, *WORD_LISTS, "placed", "ask", "aim", *NUMBERS)


def _clean(values: Iterable[Any]) -> tuple[str, ...]:
    texts = (typed_text(str(value), 60) for value in values)
    return tuple(dict.fromkeys(text for text in texts if text))[:MOST_IN_A_LIST]


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value in values if len(value) == 32 and set(value) <= set("0123456789abcdef"))


def _number(name: str, values: Sequence[str], problems: list[str]) -> int:
    label, least, most, empty = NUMBERS[name]
    text = next(iter(values), "")
    if not text:
        return empty
    if (number := whole(text, most, least)) is not None:
        return number
    problems.append(f"「{label}」は、{least}〜{most}の数字で入れてください（今は使っていません）。")
    return empty


def read_ids(values: Iterable[str]) -> frozenset[str]:
    """Ids that were ticked; what could not be one is left out."""
    return frozenset(_ids(list(values)[:MOST_IN_A_LIST]))


def read_pins(posted: Posted) -> tuple[Pin, ...]:
    """Decisions a form sends: those to keep, and one pair to hold or to leave out."""
    texts = [typed_text(text, 120) for text in posted.getlist("pin")[:MOST_IN_A_LIST]]
    kept = [pin for pin in map(_read_pin, texts) if pin is not None]
    pair = _ids([posted.text("person"), posted.text("opening")])
    return (*kept, Pin(PinKind.FORCED, *pair)) if len(pair) == 2 else tuple(kept)


def _read_pin(text: str) -> Pin | None:
    """forced:person:opening:weekday:start, the last two empty where no time was decided."""
    parts = text.split(":")
    if len(parts) != 5 or parts[0] not in set(PinKind) or len(_ids(parts[1:3])) != 2:
        return None
    weekday, start = (int(part) if part.isascii() and part.isdigit() and len(part) < 5 else None for part in parts[3:])
    return Pin(parts[0], parts[1], parts[2], weekday if weekday is not None and weekday < 7 else None, start)
