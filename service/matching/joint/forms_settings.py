"""The sizes of a town for its joint runs, as a form sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.kernel.dates import WEEKDAYS
from service.kernel.digits import whole
from service.kernel.errors import DomainError
from service.matching.joint.declining import OTHER
from service.matching.joint.sizes import HALF_DAYS, OverrideReason
from service.web.forms import Posted
from service.web.params import typed_text

MOST: Final = 999
MOST_PAGE: Final[Mapping[str, int]] = {"page_people": 5_000, "page_openings": 20_000, "page_pairs": 1_000_000}
PAGE_LABELS: Final[Mapping[str, str]] = {
    "page_people": "画面で計算できる人数",
    "page_openings": "画面で計算できる枠の数",
    "page_pairs": "画面で計算できる組み合わせの数",
}
MOST_REASONS: Final = 30
LABEL_LIMIT: Final = 40


@dataclass(frozen=True)
class SizesForm:
    """What was typed, ready to be kept: half-days, coordinators, reasons, what a page takes.

    A half-day or a coordinator without a number is not limited; a page without one has the seed's.
    """

    accompany: Mapping[str, int]
    coordinators: Mapping[str, int]
    overrides: tuple[dict[str, Any], ...]
    page: Mapping[str, int]


def half_day_keys() -> tuple[str, ...]:
    """月AM … 日PM."""
    return tuple(f"{day}{half}" for day in WEEKDAYS for half in HALF_DAYS)


def read_sizes(posted: Posted, logins: Sequence[str], reasons: Sequence[OverrideReason]) -> SizesForm:
    """Read the form; DomainError names the field that cannot be read."""
    return SizesForm(
        {
            key: number
            for key in half_day_keys()
            if (number := _number(posted, f"h-{key}", f"同行の枠「{key}」")) is not None
        },
        {login: n for login in logins if (n := _number(posted, f"c-{login}", "担当ごとの新しい紹介")) is not None},
        tuple(_reasons(posted, reasons)),
        {key: n for key, most in MOST_PAGE.items() if (n := _number(posted, key, PAGE_LABELS[key], 1, most)) is not None},
    )


def _number(posted: Posted, name: str, words: str, least: int = 0, most: int = MOST) -> int | None:
    text = typed_text(posted.text(name), 20)
    if not text:
        return None
    if (number := whole(text, most, least)) is not None:
        return number
    raise DomainError(f"{words}を読めませんでした。", f"{least}〜{most}の数字か、空にしてください。", "joint-size", 422)


def _reasons(posted: Posted, known: Sequence[OverrideReason]) -> Iterable[dict[str, Any]]:
    offered = set(posted.getlist("offer"))
    for reason in known:
        label = typed_text(posted.text(f"w-{reason.key}"), LABEL_LIMIT) or reason.label
        # Somebody must always be able to say it in their own words.
        yield {"key": reason.key, "label": label, "is_offered": reason.key in offered or reason.key == OTHER}
    if new := typed_text(posted.text("new"), LABEL_LIMIT):
        if len(known) >= MOST_REASONS:
            raise DomainError(
                "理由が多すぎます。", f"{MOST_REASONS}個までです。使わない理由を言いかえてください。", "reasons", 422
            )
        yield {"key": f"town_{len(known) + 1}", "label": new, "is_offered": True}
