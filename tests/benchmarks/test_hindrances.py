"""The conditions behind a made-up town say of two that they fit exactly where the town lists them as a pair."""

import numpy as np

from benchmarks.hindrances import CODES, blocks_of, conditions
from benchmarks.instances import make_town


def test_nothing_stands_between_two_exactly_where_they_are_a_pair() -> None:
    town = make_town(300, 200, 4)
    found = conditions(town.crowd, town.offers, np.arange(300))
    pairs = np.zeros(found.shape, bool)
    pairs[town.problem.pairs.person, town.problem.pairs.opening] = True
    np.testing.assert_array_equal(found == 0, pairs)


def test_every_condition_stands_between_somebody_and_something() -> None:
    town = make_town(300, 200, 4)
    everything = np.bitwise_or.reduce(conditions(town.crowd, town.offers, np.arange(300)).ravel())
    assert everything == (1 << CODES.index("full")) - 1


def test_an_opening_without_a_free_place_is_full_for_everybody() -> None:
    town = make_town(60, 40, 1)
    free = np.arange(40) % 2 == 0
    blocks = blocks_of(town, np.array([3, 5]), free)
    full = blocks.violated & blocks.bits(blocks.full)
    assert not full[:, ::2].any()
    assert full[:, 1::2].all()
