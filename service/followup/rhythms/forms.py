"""The rhythm as it is typed on 設定: offsets in words (7日, 1か月), windows and minutes in numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from service.followup.rhythms.rule import Offset, Rhythm, Rule, rhythm_of
from service.kernel.calendar import Roll
from service.kernel.digits import whole
from service.kernel.errors import DomainError
from service.web.forms import Posted
from service.web.params import typed_text

PIECE: Final = re.compile(r"\+?(\d{1,3})(日|か月|ヶ月|カ月|ケ月|週|年|d|m)")
UNITS: Final = {"日": (0, 1), "d": (0, 1), "週": (0, 7), "年": (12, 0)}
MONTH: Final = (1, 0)
EXAMPLE: Final = "「7日」「1か月・2か月・3か月」のように入れてください。"


def read_offsets(text: str) -> tuple[Offset, ...]:
    """The spans a text says; DomainError when a part of it cannot be read."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = []
    for part in filter(None, re.split(r"[・、,;]", plain)):
        piece = PIECE.fullmatch(part)
        if piece is None:
            raise DomainError(f"「{part}」を間隔として読めません。", EXAMPLE, "offset", 422)
        months, days = UNITS.get(piece[2], MONTH)
        found.append(Offset(int(piece[1]) * months, int(piece[1]) * days))
    return tuple(found)


def say_offsets(offsets: tuple[Offset, ...]) -> str:
    """1か月・2か月・3か月, which `read_offsets` reads back."""
    return "・".join(each.said.removeprefix("+") for each in offsets)


def read_rhythm(posted: Posted, now: Rhythm) -> Rhythm:
    """The rhythm a form says; DomainError with every rule that is not whole, nothing lost."""
    rules, problems = [], []
    for rule in now.rules:
        try:
            rules.append(_rule(posted, rule))
        except DomainError as problem:
            problems.append(f"{rule.label}：{problem.message}{problem.remedy}")
    if problems:
        raise DomainError("　".join(problems), "", "rhythm", 422)
    made = Rhythm(
        now.version, posted.text("name").strip()[:40] or now.name, tuple(rules), posted.text("on_attendance_day") == "yes",
        _number(posted, "pause_days", 1, 90),
    )  # fmt: skip
    try:
        return rhythm_of(made.version, made.to_json())
    except ValueError:
        raise DomainError(
            "リズムとして合わないところがあります。", "間隔は短い順に、幅と分は0以上で入れてください。", "rhythm", 422
        ) from None


def _rule(posted: Posted, rule: Rule) -> Rule:
    offsets, every = read_offsets(posted.text(f"offsets-{rule.key}")), read_offsets(posted.text(f"every-{rule.key}"))
    if not offsets or len(every) > 1:
        raise DomainError("間隔が入っていないか、くり返しが二つ以上あります。", EXAMPLE, "offset", 422)
    if list(offsets) != sorted(offsets, key=lambda each: each.months * 31 + each.days):
        raise DomainError("間隔が短い順になっていません。", EXAMPLE, "offset", 422)
    return replace(
        rule, offsets=offsets, every=every[0] if every else None, before=_number(posted, f"before-{rule.key}", 0, 60),
        after=_number(posted, f"after-{rule.key}", 0, 60), minutes=_number(posted, f"minutes-{rule.key}", 5, 480),
        priority=_number(posted, f"priority-{rule.key}", 1, 3),
        roll=Roll.PRECEDING if posted.text(f"roll-{rule.key}") == Roll.PRECEDING else Roll.FOLLOWING,
        is_used=posted.text(f"used-{rule.key}") == "yes",
    )  # fmt: skip


def _number(posted: Posted, name: str, least: int, most: int) -> int:
    number = whole(posted.text(name), most, least)
    if number is None:
        raise DomainError(
            f"「{typed_text(posted.text(name), 20)}」は使えません。",
            f"{least}から{most}までの数を入れてください。",
            "number",
            422,
        )
    return number
