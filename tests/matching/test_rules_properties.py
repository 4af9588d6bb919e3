"""The vectorised rules say what plain Python says, whoever asks and in whatever order the openings come."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plain import judge as judge_plainly
from benchmarks.town import TODAY, make_openings, make_person
from service.kernel.vocab import Kind, Strength
from service.matching.facts import Need
from service.matching.instance import Catalogue
from service.matching.relax import relaxations
from service.matching.verdict import evaluate
from tests.matching.cast import vocabulary

seeds = st.integers(0, 2**32)
few = settings(max_examples=25, deadline=None)


@few
@given(seeds, seeds, st.sampled_from((0.05, 0.15, 0.4)), st.sampled_from((0.0, 0.15, 0.6)))
def test_every_finding_band_weekday_and_point_equals_plain_python(
    town: int, who: int, need_share: float, unknown_share: float
) -> None:
    catalogue = Catalogue.build(make_openings(25, vocabulary(), town, unknown_share), vocabulary())
    person = make_person(vocabulary(), who, need_share)
    verdicts = evaluate(catalogue, person, today=TODAY)
    for place, opening in enumerate(catalogue.openings):
        plain = judge_plainly(person, opening, vocabulary(), TODAY)
        assert {asked.attribute.key: value for asked, value in verdicts.of(place)} == plain.findings
        assert int(verdicts.bands[place]) == plain.band
        assert {day for day in range(7) if verdicts.usable_days[place] >> day & 1} == plain.days
        assert int(verdicts.score[place]) == round(plain.points * 100)


def test_every_kind_of_rule_is_met_unknown_and_violated_by_somebody() -> None:
    catalogue = Catalogue.build(make_openings(150, vocabulary(), 5, 0.2), vocabulary())
    seen: dict[Kind, set[int]] = {}
    for who in range(40):
        verdicts = evaluate(catalogue, make_person(vocabulary(), who, 0.5), today=TODAY)
        for need, row in zip(verdicts.asked, verdicts.findings, strict=True):
            seen.setdefault(need.attribute.kind, set()).update(np.unique(row).tolist())
    never_unknown = {Kind.OPEN, Kind.AVOID, Kind.REMOTE, Kind.FREQUENCY}
    assert {kind for kind in seen if not kind.has_rule} == set()
    assert {
        kind: values for kind, values in seen.items() if values != ({0, 2} if kind in never_unknown else {0, 1, 2})
    } == {}


@few
@given(seeds, seeds)
def test_the_order_in_which_openings_are_given_changes_nothing(town: int, who: int) -> None:
    openings = make_openings(30, vocabulary(), town)
    shuffled = random.Random(town).sample(openings, len(openings))
    person = make_person(vocabulary(), who, 0.2)
    one, other = (evaluate(Catalogue.build(given, vocabulary()), person, today=TODAY) for given in (openings, shuffled))
    assert one.catalogue.ids == other.catalogue.ids
    assert np.array_equal(one.findings, other.findings)
    assert np.array_equal(one.order, other.order)


@few
@given(seeds, seeds)
def test_dropping_a_need_never_worsens_a_band_and_opens_exactly_what_was_promised(town: int, who: int) -> None:
    catalogue = Catalogue.build(make_openings(30, vocabulary(), town, 0.1), vocabulary())
    person = make_person(vocabulary(), who, 0.15)
    before = evaluate(catalogue, person, today=TODAY)
    promised = {relaxation.code: dict(relaxation.opens) for relaxation in relaxations(before)}
    for code in {need.attribute.code for need in before.asked}:
        after = evaluate(catalogue, person, today=TODAY, without=frozenset({code}))
        assert np.all(after.bands <= before.bands)
        if code in vocabulary().suggestable_codes:
            left = np.flatnonzero((before.bands == 2) & (after.bands < 2))
            assert {int(place): int(after.bands[place]) for place in left} == promised.get(code, {})


@few
@given(seeds, seeds)
def test_soft_needs_and_text_never_change_a_band(town: int, who: int) -> None:
    catalogue = Catalogue.build(make_openings(30, vocabulary(), town), vocabulary())
    person = make_person(vocabulary(), who, 0.3)
    hard = {key: need for key, need in person.needs.items() if need.strength is Strength.HARD}
    similarity = np.random.default_rng(town % 2**32).random(30, np.float32)
    soft = {key: Need(need.value, Strength.WISH) for key, need in person.needs.items() if key not in hard}
    # How often somebody comes is asked along with the windows, whatever the strength of the wish for few days.
    bands = [
        evaluate(catalogue, replace(person, needs=needs), today=TODAY, similarity=similarity).bands
        for needs in (
            {k: n for k, n in hard.items() if k not in ("time", "frequency")},
            {k: n for k, n in (hard | soft).items() if k not in ("time", "frequency")},
        )
    ]
    assert np.array_equal(*bands)


@few
@given(seeds, seeds)
def test_the_order_is_by_band_then_by_what_is_nearest_to_fitting(town: int, who: int) -> None:
    catalogue = Catalogue.build(make_openings(40, vocabulary(), town), vocabulary())
    verdicts = evaluate(catalogue, make_person(vocabulary(), who, 0.15), today=TODAY)
    keys = [
        (
            int(verdicts.bands[place]),
            int(verdicts.violated[place]),
            int(verdicts.unknown[place]),
            -int(verdicts.score[place]),
            int(verdicts.minutes[place]) if verdicts.minutes[place] >= 0 else 10**6,
            catalogue.ids[place],
        )
        for place in verdicts.order
    ]
    assert keys == sorted(keys)
    assert sum(verdicts.counts.values()) == len(catalogue)
