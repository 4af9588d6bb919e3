"""Days of one member of staff as routes: an order of stops, what it travels, what it leaves idle; each is walked once."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from service.followup.planner.ground import Ground
from service.followup.planner.walk import walker

MOST_KEPT: Final = 150_000
"""Routes remembered before the memory is swept."""
Offer = tuple[int, int, tuple[int, ...]]
"""Travel minutes, idle minutes and order of a day with one more stop."""
_UNSEEN: Final = (-1, -1, ())


class Route:
    """One day in its order, with what it would become with one more task each, as far as anybody asked."""

    __slots__ = ("idle", "legs", "more", "order", "travel", "visits")

    def __init__(self, order: tuple[int, ...], travel: int, idle: int, visits: int) -> None:
        self.order, self.travel, self.idle, self.visits = order, travel, idle, visits
        self.more: dict[int, Offer | None] = {}
        self.legs: list[tuple[int, int, int]] = []
        """By the place in the order: from where, to where, minutes of the way now; filled when first asked."""


class Routes:
    """All routes seen, by cell and order."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.lunches = [False] * len(ground.begin)
        """By cell, whether a lunch is due."""
        self.shut = [end == 0 for end in ground.end]
        """By cell, whether nothing more may be put there: no shift, or fixed things that fill more than a day."""
        self.walk = walker(ground, self.lunches)
        self.seen: dict[tuple[int, tuple[int, ...]], Route | None] = {}
        self.bare = [self._bare(cell) for cell in range(len(ground.begin))]
        """By cell, the day with nothing but what is fixed."""

    def refresh(self, cell: int) -> None:
        """Take in something newly fixed."""
        self.bare[cell] = self._bare(cell)

    def route(self, cell: int, order: tuple[int, ...]) -> Route | None:
        """A day in an order, None where it cannot be done."""
        key = (cell, order)
        if key not in self.seen:
            travel = self.walk(cell, order)
            self.seen[key] = None if travel < 0 else self._route(cell, order, travel)
        return self.seen[key]

    def offer(self, cell: int, route: Route, task: int) -> Offer | None:
        """The cheapest way to take one more task into a day, None where there is none."""
        found = route.more.get(task, _UNSEEN)
        if found is _UNSEEN:
            found = route.more[task] = self._insert(cell, route, task)
        return found

    def adopt(self, cell: int, offer: Offer) -> Route:
        """The route of an offer."""
        key = (cell, offer[2])
        route = self.seen.get(key)
        if route is None:
            route = self.seen[key] = Route(offer[2], offer[0], offer[1], self.ground.visits(offer[2]))
        return route

    def sweep(self) -> None:
        """Forget what was walked, once there is too much of it."""
        if len(self.seen) > MOST_KEPT:
            self.seen.clear()

    def _insert(self, cell: int, route: Route, task: int) -> Offer | None:
        ground = self.ground
        limits, takes, there = ground.instance.limits, ground.minutes[task], ground.place[task]
        if route.visits >= limits.most_visits or route.idle < takes or self.shut[cell]:
            return None
        rows = ground.travel[there]
        ways = sorted(
            (ground.travel[before][there] + rows[after] - leg, at)
            for at, (before, after, leg) in enumerate(route.legs or self._legs(cell, route))
        )
        for extra, at in ways:
            if extra + takes > route.idle or route.travel + extra > limits.most_travel_min:
                return None
            order = (*route.order[:at], task, *route.order[at:])
            travel = self.walk(cell, order)
            if travel >= 0:
                return travel, route.idle - takes - (travel - route.travel), order
        return None

    def _legs(self, cell: int, route: Route) -> list[tuple[int, int, int]]:
        ground, home = self.ground, self.ground.home[cell]
        places = [home]
        for stop in route.order:
            there = ground.place[stop]
            places.append(there if there >= 0 else places[-1])
        afters = [home]
        for stop in reversed(route.order):
            there = ground.place[stop]
            afters.append(there if there >= 0 else afters[-1])
        afters.reverse()
        route.legs = [(a, b, ground.travel[a][b]) for a, b in zip(places, afters, strict=True)]
        return route.legs

    def _route(self, cell: int, order: tuple[int, ...], travel: int) -> Route:
        ground = self.ground
        busy = sum(ground.minutes[stop] for stop in order) + travel
        lunch = ground.instance.limits.lunch_min if self.lunches[cell] else 0
        return Route(order, travel, ground.end[cell] - ground.begin[cell] - busy - lunch, ground.visits(order))

    def _bare(self, cell: int) -> Route:
        """What is fixed; lunch is due where the day holds one beside it, and a day that is too full is shut."""
        order = tuple(self.ground.fixed[cell])
        if self.ground.end[cell] == 0:
            return Route(order, 0, 0, 0)
        for lunch in (True, False) if self.ground.instance.limits.lunch_min else (False,):
            self.lunches[cell] = lunch
            travel = self.walk(cell, order)
            if travel >= 0 and self.ground.visits(order) <= self.ground.instance.limits.most_visits:
                return self._route(cell, order, travel)
        self.shut[cell] = True
        return Route(order, ground_travel(self.ground, cell, order), 0, self.ground.visits(order))


def ground_travel(ground: Ground, cell: int, order: tuple[int, ...]) -> int:
    """The minutes of a day's ways, whether it can be done or not."""
    places = [ground.home[cell], *(ground.place[stop] for stop in order if ground.place[stop] >= 0), ground.home[cell]]
    return sum(ground.travel[a][b] for a, b in pairwise(places))
