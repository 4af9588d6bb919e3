"""Runs too large to prove: prices region by region, a plan by them, then block after block decided anew."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from service.matching.engine.model import LinearModel
from service.matching.engine.problem import NONE, Floats, Ints
from service.matching.engine.search.bidding import Bidders
from service.matching.engine.search.index import Index
from service.matching.engine.search.lifted import Lifted, together
from service.matching.engine.search.pricing import Growing, Shares
from service.matching.engine.search.program import NEAR, Found
from service.matching.engine.search.regions import Region, positions, split
from service.matching.engine.search.relaxation import rounded_down, whole_step
from service.matching.engine.search.rounding import Better, improve_block, round_up
from service.matching.engine.solution import Step, Watch

REGION = 5_500
BLOCKS = (200, 450)
"""People in a block, pass after pass: small ones gain much at once, larger ones what crosses their borders."""
ROUNDS = 5
PASSES = 4
CLOSE = 0.0005
"""Prices are good enough when the bound they prove lies within this share of what they were found by."""
AT_ONCE = 2
CUTS = (0.5, 0.36, 0.62, 0.43, 0.57)
"""Where blocks are divided, pass after pass, so that nobody stays on the border of one."""
SHARES = (0.2, 0.25)
"""Of all columns, so many come near enough to their price to be looked at, pass after pass."""
SEARCH_SECONDS = 20.0


def improve(model: LinearModel, start: Floats, *, seconds: float, seed: int, watch: Watch) -> Found:
    """The best plan found in time, beginning with one that keeps the rules, and a bound that no plan passes.

    Value and bound are without the level's constant, those of the steps told with it. As long as no time limit is met,
    a seed gives the same plan.
    """
    run = _Run(model, start, seconds, watch)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        run.price(workers)
        run.improve_blocks(workers, seed)
    return run.found()


class _Run:
    """The plan so far, its bound, and the prices both were found by."""

    def __init__(self, model: LinearModel, start: Floats, seconds: float, watch: Watch) -> None:
        self.began, self.watch = time.monotonic(), watch
        self.until = self.began + seconds
        self.index = Index.build(model)
        self.program = self.index.program
        self.values, self.used = start.copy(), self.program.rows @ start
        self.where, self.people = positions(self.index), np.unique(model.variables.columns.person)
        self.bidders = Bidders.build(self.index)
        self.bids = self.bidders.bid(np.zeros(len(self.program.most)))
        self.guess: Floats | None = None
        self._tell("すぐの案")

    @property
    def left(self) -> float:
        return self.until - time.monotonic()

    def found(self) -> Found:
        """What there is now."""
        value = float(self.program.worth @ self.values)
        return rounded_down(Found(self.values, value, max(self.bids.bound, value), False), whole_step(self.program.worth))

    def price(self, workers: ThreadPoolExecutor) -> None:
        """Prices, a bound and a first plan by them: region by region, the far ones at the same time."""
        if len(self.people) <= REGION:
            self._price_whole(self.people)
            return
        known = _Known(self.index)
        for turn, cut in enumerate(CUTS[:PASSES]):
            began = time.monotonic()
            self._price_regions(workers, split(self.where, self.people, REGION, cut), known)
            self._bid(known)
            self._tell("上限")
            if turn and 4 * (time.monotonic() - began) > self.left:
                break

    def _price_regions(self, workers: ThreadPoolExecutor, regions: list[Ints], known: _Known) -> None:
        for wave in _far_apart(regions, AT_ONCE):
            if self.left <= 0:
                break
            for found in list(workers.map(self._price_region, wave)):
                if found is not None:
                    known.learn(*found[:2])
                    self._apply(found[2])
            self._tell("地域ごとの案")

    def _price_region(self, people: Ints) -> tuple[Region, Shares, Better | None] | None:
        region = Region.of(self.index, people, self.values, self.used)
        growing = Growing(self.index, region, self.values, self.guess)
        growing.round(self.until, self.values)
        shares = growing.round(self.until, self.values)
        if shares is None:
            return None
        before = self.values[region.free]
        return region, shares, round_up(self.index, region, shares.values, before, min(SEARCH_SECONDS, self.left))

    def _price_whole(self, people: Ints) -> None:
        region = Region.of(self.index, people, self.values, self.used)
        growing = Growing(self.index, region, self.values)
        for _ in range(ROUNDS):
            began = time.monotonic()
            shares = growing.round(self.until, self.values)
            if shares is None:
                break
            known = _Known(self.index)
            known.learn(region, shares)
            self._bid(known)
            self._tell("上限")
            worth = float(region.program.worth @ shares.values)
            if self.bids.bound - worth < CLOSE * abs(self.bids.bound) or 2 * (time.monotonic() - began) > self.left:
                break
        if shares is not None:
            before = self.values[region.free]
            self._apply(round_up(self.index, region, shares.values, before, min(SEARCH_SECONDS, self.left)))
            self._tell("端数の整理")

    def _bid(self, known: _Known) -> None:
        bids = self.bidders.bid(known.prices, together(known.cuts, len(self.program)))
        self.guess = bids.beyond
        self.bids = bids if bids.bound < self.bids.bound else self.bids

    def improve_blocks(self, workers: ThreadPoolExecutor, seed: int) -> None:
        """Block after block, those that may gain most first, until nothing changes or time is up."""
        idle = 0
        for turn in range(100):
            share, people = SHARES[min(turn, len(SHARES) - 1)], BLOCKS[min(turn, len(BLOCKS) - 1)]
            columns = self.index.model.columns
            margin = float(np.quantile(-self.bids.beyond[:columns], share)) if columns else 0.0
            before = float(self.program.worth @ self.values)
            self._pass(workers, split(self.where, self.people, people, CUTS[(turn + seed) % len(CUTS)]), margin)
            idle = idle + 1 if float(self.program.worth @ self.values) <= before + NEAR else 0
            if idle == len(CUTS) or self.left <= 0 or self.found().is_proven:
                break

    def _pass(self, workers: ThreadPoolExecutor, blocks: list[Ints], margin: float) -> None:
        open_gain = self._open_gain()
        gains = np.array([open_gain[block].sum() for block in blocks])
        waiting = [blocks[at] for at in np.argsort(-gains, kind="stable").tolist() if gains[at] > NEAR]
        while waiting and self.left > 0:
            wave, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            found = list(workers.map(lambda block: self._improve_block(block, margin), wave))
            again = [block for block, better in zip(wave, found, strict=True) if not self._apply(better)]
            waiting = again + waiting
            self._tell("区画ごとの改善")

    def _improve_block(self, people: Ints, margin: float) -> Better | None:
        seconds = min(SEARCH_SECONDS, self.left)
        return improve_block(self.index, people, self.values, self.used, self.bids.beyond, margin, seconds)

    def _open_gain(self) -> Floats:
        """float64[people]: what each could gain at most, beyond what the plan gives them at today's prices."""
        owner = self.index.owner
        mine = owner != NONE
        return self.bids.most - np.bincount(owner[mine], (self.bids.gain * self.values)[mine], len(self.bids.most))

    def _apply(self, better: Better | None) -> bool:
        """Takes it over unless others have taken the room meanwhile."""
        if better is None:
            return True
        change = better.values - self.values[better.free]
        used = self.used + self.program.rows[:, better.free] @ change
        if (used > self.program.most + NEAR).any():
            return False
        self.values[better.free], self.used = better.values, used
        return True

    def _tell(self, name: str) -> None:
        value, before = float(self.program.worth @ self.values), float(self.index.model.constant[0])
        bound = max(self.bids.bound, value)
        plan = self.index.model.plan(self.values)
        self.watch(Step(name, time.monotonic() - self.began, before + value, before + bound, plan))


class _Known:
    """Prices of rows, each from the region that has most of the row's people, and of all cuts found."""

    def __init__(self, index: Index) -> None:
        self.size = np.maximum(np.diff(index.model.rows.indptr), 1)
        self.prices, self.share = np.zeros(len(self.size)), np.zeros(len(self.size))
        self.cuts: list[Lifted] = []

    def learn(self, region: Region, shares: Shares) -> None:
        """What one region says."""
        mine = np.bincount(region.program.rows.indices, minlength=len(region.rows)) / self.size[region.rows]
        better = mine >= self.share[region.rows]
        rows = region.rows[better]
        self.prices[rows], self.share[rows] = shares.prices[better], mine[better]
        replaced = np.zeros(len(self.size), np.bool_)
        replaced[rows] = True
        self.cuts = [cuts.only(~replaced[cuts.source]) for cuts in self.cuts]
        self.cuts += [] if shares.cuts is None else [shares.cuts.only(replaced[shares.cuts.source])]


def _far_apart(regions: list[Ints], at_once: int) -> list[list[Ints]]:
    """Waves of regions that do not lie side by side."""
    step = -(-len(regions) // at_once)
    return [regions[first::step] for first in range(step)]
