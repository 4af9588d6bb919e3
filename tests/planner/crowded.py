"""Towns that ask more than most: promises upon promises, named seconds, ways that are shorter over a third place."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from service.followup.planner.instance import Instance, Limits, Promise, Task
from tests.planner.questions import town


def crowded(seed: int, *, tasks: int = 30, staff: int = 3, days: int = 8) -> Instance:
    """A town whose promises need not fit, whose people may be named to go along, and whose limits are narrow."""
    random = Random(f"crowded {seed}")
    plain = town(seed, tasks=tasks, staff=staff, days=days)
    bends = np.random.default_rng(seed).uniform(0.4, 1.7, plain.travel.shape) if seed % 2 else 1.0
    members = tuple(replace(each, home=random.choice((0, 0, 0, 1))) for each in plain.staff)
    limits = Limits(
        most_visits=random.randint(2, 5),
        most_travel_min=random.choice((60, 100, 170)),
        lunch_min=random.choice((0, 45, 45, 60)),
    )
    rows = tuple(_asked_more_of(random, task, staff, days) for task in plain.tasks)
    return replace(plain, staff=members, tasks=rows, travel=np.ceil(plain.travel * bends).astype(np.int32), limits=limits)


def _asked_more_of(random: Random, task: Task, staff: int, days: int) -> Task:
    if random.random() < 0.15:
        task = replace(task, needs_two=True, second=random.choice((None, random.randrange(staff))))
    if random.random() < 0.15:
        who = random.choice((task.primary, random.randrange(staff)))
        task = replace(task, pin=Promise(who, random.randrange(days), random.randrange(515, 1000, 5)), current=None)
    return task
