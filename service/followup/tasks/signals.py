"""Signs in what was seen and heard, and what they suggest: an insertion, an easing, 定着, letters alone. Pure; people decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from service.followup.tasks.models import EASE, INSERT, LETTERS_ONLY, REOPEN, SETTLE


@dataclass(frozen=True)
class Heard:
    """One record of a tie: when, and what each side said."""

    id: str
    on: date
    person_says: str = ""
    host_says: str = ""
    has_problem: bool = False
    connected: str = ""

    @property
    def is_good(self) -> bool:
        """Both go on and nothing is open."""
        return self.person_says == "want" and self.host_says == "can" and not self.has_problem


@dataclass(frozen=True)
class Signs:
    """All that is looked at, the oldest first; ids make the same sign suggest once."""

    tie_id: str
    step: str
    heard: Sequence[Heard] = ()
    absences: Sequence[tuple[str, date]] = ()
    worries: Sequence[tuple[str, date]] = ()
    refusals: Sequence[tuple[str, date]] = ()


@dataclass(frozen=True)
class Sign:
    """What would help, why, and the key of the sign it answers. `days` counts open days from today."""

    key: str
    kind: str
    why: str
    what: str = ""
    days: int = 0
    priority: int = 2


@dataclass(frozen=True)
class Thresholds:
    """When a sign is one; a town's numbers."""

    absences: int = 2
    absence_days: int = 14
    good_in_a_row: int = 3
    settle_apart_days: int = 28
    worry_open_days: int = 3
    recent_days: int = 30


BAD_TIES: Final = {"thin": "つながりが細くなっています", "no": "つながっていません", "lost": "連絡がとれません"}


def signs_of(seen: Signs, today: date, limits: Thresholds | None = None) -> tuple[Sign, ...]:
    """Everything that asks for something, the most pressing first. A refusal never leads to the door."""
    limits = limits or Thresholds()
    found = [*_refusals(seen), *_worries(seen, today, limits), *_absences(seen, today, limits), *_after_closing(seen)]
    if seen.refusals:
        found = [sign for sign in found if sign.kind != INSERT or sign.what in ("phone", "letter")]
    return (*found, *_good_news(seen, limits))


def _refusals(seen: Signs) -> list[Sign]:
    return [
        Sign(
            f"{seen.tie_id}:refusal:{id_}",
            LETTERS_ONLY,
            f"{_say(on)}に「今は会いたくない」とのこと。しばらく手紙か文字だけにします",
            "letter",
        )
        for id_, on in seen.refusals[-1:]
    ]


def _worries(seen: Signs, today: date, limits: Thresholds) -> list[Sign]:
    return [
        Sign(
            f"{seen.tie_id}:worry:{id_}",
            INSERT,
            f"{_say(on)}に受け入れ先から困りごと。{limits.worry_open_days}開庁日のうちに訪ねます",
            "host_visit",
            limits.worry_open_days,
            3,
        )
        for id_, on in seen.worries
        if (today - on).days <= limits.recent_days
    ]


def _absences(seen: Signs, today: date, limits: Thresholds) -> list[Sign]:
    since = today - timedelta(days=limits.absence_days)
    lately = [(id_, on) for id_, on in seen.absences if since <= on <= today]
    if len(lately) < limits.absences:
        return []
    why = f"{limits.absence_days}日のうちに{len(lately)}回お休みがありました"
    key = f"{seen.tie_id}:absence:{lately[-1][0]}"
    return [
        Sign(f"{key}:phone", INSERT, f"{why}。3日のうちに電話します", "phone", 3),
        Sign(f"{key}:visit", INSERT, f"{why}。一週間のうちに訪ねます", "visit_and_interview", 5),
    ]


def _after_closing(seen: Signs) -> list[Sign]:
    last = next((each for each in reversed(seen.heard) if each.connected), None)
    if last is None or last.connected not in BAD_TIES:
        return []
    return [
        Sign(
            f"{seen.tie_id}:reopen:{last.id}",
            REOPEN,
            f"{_say(last.on)}の連絡で、{BAD_TIES[last.connected]}。もう一度受け付けますか",
        )
    ]


def _good_news(seen: Signs, limits: Thresholds) -> list[Sign]:
    run = []
    for each in reversed(seen.heard):
        if not each.is_good:
            break
        run.append(each)
    found = []
    if len(run) >= 2 and seen.step == "settling" and (run[0].on - run[1].on).days >= limits.settle_apart_days:
        why = f"{_say(run[1].on)}と{_say(run[0].on)}の二回とも、本人は「続けたい」、受け入れ先は「続けられる」。定着といえそうです"
        found.append(Sign(f"{seen.tie_id}:settle:{run[0].id}", SETTLE, why))
    if len(run) >= limits.good_in_a_row and seen.step in ("settling", "stable"):
        why = f"よい記録が{len(run)}回続いています。次の一回を間引けそうです"
        found.append(Sign(f"{seen.tie_id}:ease:{run[0].id}", EASE, why))
    return found


def _say(day: date) -> str:
    return f"{day.month}/{day.day}"
