"""Made-up openings and people for measuring and for property tests: the same seed gives the same town."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from service.kernel.vocab import Attribute, Kind, SideType, Strength, Vocabulary
from service.matching.facts import UNKNOWN, Area, Need, OpeningFacts, PersonFacts, Slot

TODAY = date(2026, 11, 24)
DIFFERENT_CARDS = 3_000
# Indexing a text takes longer than a hundred searches; the quick run has a minute for all.
DIFFERENT_TEXTS = 25_000
STATUSES = ("open",) * 9 + ("limited", "paused", "full", "ended")
WORDS = (
    "静かな部屋で本を読む", "畑で野菜を育てる", "お茶を飲みながら手芸", "木工の手伝い", "子どもと料理", "封入の作業", "犬の散歩",
    "古い道具を直す", "花壇の手入れ", "将棋を指す", "駅前の清掃", "パソコンで入力", "絵を描く", "楽器を鳴らす", "弁当を配る",
    "品物を並べる", "猫の世話", "祭りの準備", "広報紙を折る", "体操をする", "浜辺の散歩", "漬物を漬ける", "写真を整理する",
)  # fmt: skip


def make_openings(count: int, vocabulary: Vocabulary, seed: int, unknown_share: float = 0.15) -> list[OpeningFacts]:
    """`count` openings spread over some 25 km, each value unknown with the given probability."""
    dice = random.Random(seed)
    # Making up values is the slow part; the columns are no denser for having more than these different cards.
    cards = [_values(dice, vocabulary, unknown_share) for _ in range(min(count, DIFFERENT_CARDS))]
    texts = ["。".join(dice.sample(WORDS, 4)) for _ in range(min(count, DIFFERENT_TEXTS))]
    return [
        replace(_opening(dice, number, cards[number % len(cards)], unknown_share), text=texts[number % len(texts)])
        for number in range(count)
    ]


def _values(dice: random.Random, vocabulary: Vocabulary, unknown_share: float) -> dict[str, Any]:
    known = [attribute for attribute in vocabulary.asked_of_host if dice.random() >= unknown_share]
    return {attribute.key: host_value(dice, attribute) for attribute in known}


def _opening(dice: random.Random, number: int, values: dict[str, Any], unknown_share: float) -> OpeningFacts:
    def known() -> bool:
        return dice.random() >= unknown_share

    status = dice.choice(STATUSES)
    located = known()
    return OpeningFacts(
        id=f"O{number:06d}",
        host_id=f"H{number // 2:06d}",
        site_id=f"S{number // 2:06d}",
        values=values,
        slots=tuple(_slot(dice) for _ in range(dice.randint(0, 4))) if known() else None,
        lat=35.33 + dice.gauss(0, 0.07) if located else None,
        lon=139.55 + dice.gauss(0, 0.07) if located else None,
        free=dice.randint(0, 4) if known() else None,
        status=status,  # type: ignore[arg-type]
        paused_until=TODAY + timedelta(dice.randint(-3, 3)) if status == "paused" and known() else None,
        confirmed_on=TODAY - timedelta(dice.choice((0, 30, 90, 91, 200))) if known() else None,
        linked=frozenset({f"X{dice.randint(0, 30)}"} if dice.random() < 0.2 else ()),
        negotiable=frozenset(dice.sample(("time", "noise", "crowd", "session"), dice.randint(0, 2))),
    )


def _slot(dice: random.Random) -> Slot:
    start = dice.randrange(6 * 60, 22 * 60, 30)
    hours = (start, start + dice.randrange(30, 360, 30)) if dice.random() < 0.9 else (None, None)
    return Slot(dice.randint(0, 6), *hours)


def host_value(dice: random.Random, attribute: Attribute) -> Any:
    """Some value the host may give."""
    side = attribute.host
    if attribute.kind is Kind.TRAVEL:
        return dice.choice((0, 0, 2.5, 5))
    if side.type is SideType.FLAG:
        return dice.random() < (0.1 if attribute.kind in (Kind.REMOTE, Kind.LEGAL_AGE) else 0.6)
    if side.type is SideType.CHOICE:
        return dice.choice(side.choices).key
    if side.type is SideType.TAGS:
        return tuple(choice.key for choice in side.choices if dice.random() < 0.3)
    if side.type is SideType.RANGE:
        return dice.choice(((15, 200), (18, 64), (None, 25), (40, None), (0, 150)))
    return _number(dice, attribute)


def _number(dice: random.Random, attribute: Attribute) -> int:
    usual = {Kind.SESSION: (30, 60, 90, 120), Kind.FREQUENCY: (1, 1, 2, 3)}
    return dice.choice(usual.get(attribute.kind, (0, 1, 3, 8, 15, 30, 100)))


def make_person(vocabulary: Vocabulary, seed: int, need_share: float = 0.4) -> PersonFacts:
    """A person who has each need with the given probability, of any strength."""
    dice = random.Random(seed)
    needs = {
        attribute.key: Need(person_value(dice, attribute), dice.choice((Strength.HARD, Strength.WISH, Strength.NICE)))
        for attribute in vocabulary.asked_of_person
        if dice.random() < need_share
    }
    located = dice.random() < 0.9
    return PersonFacts(
        consented=True,
        age=dice.choice((13, 14, 15, 16, 17, 24, 44, 67, UNKNOWN, None)),
        birth_on=date(2026 - dice.randint(12, 80), dice.randint(1, 12), dice.randint(1, 28))
        if dice.random() < 0.5
        else None,
        gender=dice.choice(("F", "M", "X", UNKNOWN, None)),
        lat=35.33 + dice.gauss(0, 0.03) if located else None,
        lon=139.55 + dice.gauss(0, 0.03) if located else None,
        needs=needs,
        avoid_persons=frozenset({f"X{dice.randint(0, 30)}"} if dice.random() < 0.5 else ()),
        avoid_hosts=frozenset({f"H{dice.randint(0, 9):06d}"} if dice.random() < 0.5 else ()),
        avoid_areas=(Area(35.33, 139.55, dice.uniform(0.5, 5)),) if dice.random() < 0.5 else (),
        travel_minutes={f"S{dice.randint(0, 9):06d}": dice.randint(5, 60)} if dice.random() < 0.5 else {},
    )


def person_value(dice: random.Random, attribute: Attribute) -> Any:
    """Some value the person may give."""
    side = attribute.person
    if side.type is SideType.FLAG:
        return dice.random() < 0.9
    if side.type is SideType.CHOICE:
        return dice.choice(side.choices).key
    if side.type is SideType.TAGS:
        return tuple(choice.key for choice in side.choices if dice.random() < 0.4)
    if side.type is SideType.WINDOWS:
        return tuple(_window(dice) for _ in range(dice.randint(1, 6)))
    if side.type is SideType.TRAVEL:
        return {
            "modes": dice.sample(("walk", "bicycle", "transit", "car", "pickup"), 2),
            "max_min": dice.choice((15, 30, 45)),
        }
    if side.type is SideType.WISHES:
        return {"tags": [choice.key for choice in side.choices if dice.random() < 0.15], "text": "本を読む、動物が好き"}
    return dice.choice({Kind.SESSION: (60, 90, 120), Kind.FREQUENCY: (0, 1, 2, 3)}.get(attribute.kind, (0, 1, 5, 10)))


def _window(dice: random.Random) -> tuple[int, int, int]:
    start = dice.randrange(6 * 60, 22 * 60, 30)
    return dice.randint(0, 6), start, start + dice.randrange(60, 480, 30)
