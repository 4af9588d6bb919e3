"""How a placement's days are said: since when, until when, how long over it."""

from __future__ import annotations

from datetime import date

SOON_DAYS = 3


def say_deadline(deadline: date | None, today: date) -> str:
    """期限を3日過ぎています, 期限は今日です, 期限まであと3日; nothing where there is none."""
    if deadline is None:
        return ""
    days = (deadline - today).days
    if days < 0:
        return f"期限を{-days}日過ぎています"
    return "期限は今日です" if days == 0 else f"期限まであと{days}日"


def say_reserved(until: date | None, today: date) -> str:
    """When the place held for the person goes back; only while it is near or over."""
    if until is None or (until - today).days > SOON_DAYS:
        return ""
    days = (until - today).days
    if days < 0:
        return "枠の押さえが切れています"
    return "枠の押さえは今日までです" if days == 0 else f"枠の押さえはあと{days}日です"


def say_since(since: date, today: date) -> str:
    """今日から, 5日目, 12月1日から."""
    days = (today - since).days
    if days < 0:
        return f"{since.month}月{since.day}日から"
    return "今日から" if days == 0 else f"{days}日前から"
