"""Up to three places side by side, condition by condition."""

from dataclasses import dataclass

from service.cases.pages import Heading, heading_of
from service.kernel.vocab import say_need, say_value
from service.matching.cards import Card, make_card
from service.matching.explain import explain
from service.matching.rules import VIOLATED
from service.matching.service import Ask
from service.matching.verdict import Verdicts
from service.matching.week import day_labels, shown_days
from service.matching.whatif import address_of

SIGNS = ("o", "q", "x")


@dataclass(frozen=True)
class Row:
    """One condition: what is needed, and each place's sign and words."""

    need: str
    strength: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CompareView:
    """くらべる."""

    heading: Heading
    back: str
    cards: tuple[Card, ...]
    days: tuple[str, ...]
    rows: tuple[Row, ...]
    drops: tuple[str, ...]


def compare_view(ask: Ask, verdicts: Verdicts, chosen: tuple[str, ...]) -> CompareView:
    """The chosen openings as columns; ids that are not in the catalogue are left out."""
    at = {opening.id: place for place, opening in enumerate(ask.loaded.catalogue.openings) if opening.id in chosen}
    places = [at[id] for id in chosen if id in at]
    windows = verdicts.situation.windows or ()
    days = shown_days(windows, [ask.loaded.catalogue.openings[p] for p in places])
    cards = tuple(make_card(ask, verdicts, p, i + 1, windows, days) for i, p in enumerate(places))
    here, joined = f"/people/{ask.person.id}/match", ",".join(chosen)
    return CompareView(
        heading=heading_of(ask.case, ask.person, ask.today),
        back=address_of(here, ask.what_if, ask.vocabulary, compare=joined),
        cards=cards,
        days=day_labels(days),
        rows=_rows(ask, verdicts, places),
        drops=tuple(address_of(f"{here}/compare", ask.what_if, ask.vocabulary, compare=joined, drop=c.id) for c in cards),
    )


def _rows(ask: Ask, verdicts: Verdicts, places: list[int]) -> tuple[Row, ...]:
    said = [explain(verdicts, place) for place in places]
    rows = []
    for k, need in enumerate(verdicts.asked):
        attribute, found = need.attribute, [one.findings[k] for one in said]
        told = [
            say_value(attribute.host, one.opening.values.get(attribute.key))
            if attribute.kind.is_generic and attribute.host.is_asked and f.finding != VIOLATED
            else f.text
            for one, f in zip(said, found, strict=True)
        ]
        label = say_need(attribute, need.value) if attribute.person.is_asked else attribute.label
        rows.append(Row(label, str(need.strength), tuple((SIGNS[f.finding], t) for f, t in zip(found, told, strict=True))))
    return tuple(rows)
